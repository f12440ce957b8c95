namespace SecureChannel;

/// <summary>The reason for which a listener closes a connection before its handshake is complete, although the peer violated nothing.</summary>
internal enum ConnectionRejection
{
    /// <summary>The listener has <see cref="ServerOptions.MaxSessions"/> sessions.</summary>
    MaxSessions,

    /// <summary>The address has <see cref="ServerOptions.MaxHandshakesPerAddress"/> handshakes.</summary>
    MaxHandshakesPerAddress,

    /// <summary>The listener is at a limit, and this connection waited longest without a complete ClientHello.</summary>
    Evicted,

    /// <summary>The peer sent nothing within <see cref="ServerOptions.FirstByteTimeout"/>.</summary>
    FirstByteTimeout,

    /// <summary>The listener is overloaded, and the handshake exceeded the shortened timeout.</summary>
    ShortenedTimeout,
}

/// <summary>The errors of rejected connections.</summary>
internal static class ConnectionRejections
{
    /// <summary>Creates the error that a rejected connection reports.</summary>
    public static SessionError CreateError(this ConnectionRejection rejection, ServerOptions options) => rejection switch
    {
        ConnectionRejection.MaxSessions => Rejected(
            $"The listener has {options.MaxSessions} sessions, so it refused the connection. Increase 'MaxSessions' if the machine can serve more."),
        ConnectionRejection.MaxHandshakesPerAddress => Rejected(
            $"{options.MaxHandshakesPerAddress} handshakes of the address are in progress, so the connection was closed. Increase 'MaxHandshakesPerAddress' if "
            + "many clients share an address, such as that of a proxy."),
        ConnectionRejection.Evicted => Rejected(
            "The listener is at its limit of handshakes or sessions, and this connection waited longest without a complete ClientHello, so it was closed. "
            + "Expect this under attack; otherwise increase 'MaxPendingHandshakes'."),
        ConnectionRejection.FirstByteTimeout => TimedOut(
            $"The peer connected but sent nothing within {options.FirstByteTimeout.TotalSeconds:0.###} s. Check that the client speaks first, or increase "
            + "'FirstByteTimeout'."),
        _ => TimedOut(
            $"The handshake did not complete within {ConnectionLimits.ShortenedTimeout(options).TotalSeconds:0.###} s, a quarter of 'HandshakeTimeout'. The "
            + "listener shortens the timeout while it is at its limit of handshakes."),
    };

    private static SessionError Rejected(string message) =>
        new(SessionErrorKind.LocalError, SessionErrorCode.ConnectionRejected, AlertDescription.GeneralError, message);

    private static SessionError TimedOut(string message) =>
        new(SessionErrorKind.TimedOut, SessionErrorCode.HandshakeTimeout, AlertDescription.GeneralError, message);
}
