using System.ComponentModel;
using SecureChannel.Handshakes;

namespace SecureChannel.CompilerServices;

/// <summary>The outcome of one row of a generated dispatch table: the message, the result of its handler, and the next state.</summary>
/// <typeparam name="TState">The enum with <see cref="HandshakeAttribute"/>.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct HandshakeTransition<TState>
    where TState : struct, Enum
{
    /// <summary>Creates the outcome of a row.</summary>
    /// <param name="message">The name of the message.</param>
    /// <param name="result">The result of the handler.</param>
    /// <param name="next">The next state.</param>
    public HandshakeTransition(string message, HandshakeResult result, TState next) => (Message, Result, Next) = (message, result, next);

    /// <summary>Gets the name of the message, or null if there is no message to send.</summary>
    internal string? Message { get; }

    internal HandshakeResult Result { get; }

    internal TState Next { get; }
}
