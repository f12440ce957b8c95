using SecureChannel.Messages;

namespace SecureChannel.Handshakes;

/// <summary>The destination of the message that a transition sends. A handler writes exactly one message to its sink.</summary>
/// <typeparam name="TMessage">The message of the transition. No other message can be written.</typeparam>
public readonly ref struct MessageSink<TMessage>
    where TMessage : ICodedMessage<TMessage>, allows ref struct
{
    private readonly PooledBuffer? _flight;
    private readonly int _start;

    internal MessageSink(PooledBuffer flight) => (_flight, _start) = (flight, flight.Length);

    /// <summary>Writes the message. The message is encoded before the method returns.</summary>
    /// <param name="message">The message to send.</param>
    /// <exception cref="InvalidOperationException">A message was already written, or this is the default value.</exception>
    /// <exception cref="ArgumentException">A field is outside its declared bounds.</exception>
    public void Write(scoped in TMessage message)
    {
        if (_flight is null)
            throw new InvalidOperationException("The default value of MessageSink cannot write messages. Use the sink that the handler receives.");
        if (_flight.Length > _start)
            throw new InvalidOperationException($"'{typeof(TMessage).Name}' was already written. A transition sends one message.");
        HandshakeFraming.Frame(message, _flight);
    }
}
