using System.ComponentModel;
using SecureChannel.Handshakes;

namespace SecureChannel.CompilerServices;

/// <summary>One row of a generated dispatch table after its handler ran: the message, the result of the handler, and the next state.</summary>
/// <typeparam name="TState">The enum with <see cref="HandshakeAttribute"/>.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct HandshakeTransition<TState>
    where TState : struct, Enum
{
    /// <summary>Creates a row.</summary>
    /// <param name="message">The name of the message.</param>
    /// <param name="result">The result of the handler.</param>
    /// <param name="next">The next state.</param>
    public HandshakeTransition(string message, HandshakeResult result, TState next) => (Message, Result, Next) = (message, result, next);

    /// <summary>Gets the name of the message, or null if there is no message to send.</summary>
    internal string? Message { get; }

    internal HandshakeResult Result { get; }

    internal TState Next { get; }
}
