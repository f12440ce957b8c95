namespace SecureChannel.Handshakes;

/// <summary>The kinds of control records of version 1.</summary>
internal enum ControlKind : byte
{
    /// <summary>The receiver answers with <see cref="Pong"/>.</summary>
    Ping = 1,

    /// <summary>The answer to <see cref="Ping"/>.</summary>
    Pong = 2,

    /// <summary>The negotiated idle timeout expired at the sender. The alert general_error follows.</summary>
    IdleTimeout = 3,
}

/// <summary>The content of a control record, which only endpoints that exchanged <see cref="SessionParameters"/> send.</summary>
/// <param name="Kind">The kind.</param>
[Message]
internal readonly partial record struct ControlMessage(ControlKind Kind);
