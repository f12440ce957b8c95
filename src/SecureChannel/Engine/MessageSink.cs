using SecureChannel.Messages;

namespace SecureChannel.Handshakes;

/// <summary>Takes the one message that a transition sends. A handler gets it, writes once and returns.</summary>
/// <typeparam name="TMessage">The transition's message: no other can be written.</typeparam>
public ref struct MessageSink<TMessage>
    where TMessage : ICodedMessage<TMessage>, allows ref struct
{
    private readonly PooledBuffer? _output;

    internal MessageSink(PooledBuffer output)
    {
        _output = output;
        Start = output.Length;
    }

    /// <summary>Where the message begins among what waits to be sent.</summary>
    internal int Start { get; }

    internal bool IsWritten { get; private set; }

    /// <summary>Writes the message. It is encoded before the call returns.</summary>
    /// <param name="message">The message.</param>
    /// <exception cref="InvalidOperationException">A message was written already: a transition sends one. Or this is the default value, which belongs to no handshake.</exception>
    /// <exception cref="ArgumentException">A field lies outside its declared bound.</exception>
    public void Write(scoped in TMessage message)
    {
        if (_output is null)
            throw new InvalidOperationException("A default flight belongs to no handshake: a handler is given its own.");
        if (IsWritten)
            throw new InvalidOperationException($"{typeof(TMessage).Name} was written already: a transition sends one message.");
        HandshakeFraming.Frame(message, _output);
        IsWritten = true;
    }
}
