using SecureChannel.Messages;

namespace SecureChannel.Engine;

/// <summary>Takes the one message that a transition sends. A handler gets it, writes once and returns.</summary>
/// <typeparam name="TMessage">The transition's message: no other can be written.</typeparam>
public ref struct Flight<TMessage>
    where TMessage : ICodedMessage<TMessage>, allows ref struct
{
    internal byte[]? Bytes { get; private set; }

    /// <summary>Writes the message. It is encoded before the call returns.</summary>
    /// <param name="message">The message.</param>
    /// <exception cref="InvalidOperationException">A message was written already: a transition sends one.</exception>
    /// <exception cref="ArgumentException">A field lies outside its declared bound.</exception>
    public void Write(scoped in TMessage message)
    {
        if (Bytes is not null)
            throw new InvalidOperationException($"{typeof(TMessage).Name} was written already: a transition sends one message.");
        Bytes = HandshakeFraming.Frame(message);
    }
}

/// <summary>A handler that writes a message of a handshake.</summary>
/// <typeparam name="TMessage">The message.</typeparam>
/// <param name="flight">Takes the message.</param>
public delegate Step FlightWriter<TMessage>(ref Flight<TMessage> flight)
    where TMessage : ICodedMessage<TMessage>, allows ref struct;
