namespace SecureChannel.Testing;

/// <summary>The transports that tests run a session over.</summary>
public enum TransportKind
{
    /// <summary>A stream in memory.</summary>
    Stream,

    /// <summary>A pipe in memory.</summary>
    Pipe,

    /// <summary>A TCP socket on the loopback interface.</summary>
    Socket,
}
