namespace SecureChannel.Handshakes;

/// <summary>What a handshake's machine asks of the engine that drives it.</summary>
internal interface IHandshakeHost
{
    /// <summary>What will be sent under the keys in use: messages, each with its header.</summary>
    PooledBuffer Flight { get; }

    /// <summary>Sends the record that makes TLS 1.3 look like TLS 1.2.</summary>
    void SendChangeCipherSpec();

    /// <summary>Drops what cannot be read, until something can.</summary>
    void SkipEarlyData(int maxBytes);

    /// <summary>Protects what is sent from now on.</summary>
    void UseWriteKeys(TrafficKeys keys);

    /// <summary>Demands protection of what is received from now on.</summary>
    /// <returns>Why that is not possible here; null if it is.</returns>
    SessionError? UseReadKeys(TrafficKeys keys);

    /// <summary>Is told each step; null if nobody watches.</summary>
    Action<HandshakeProgress>? Observer { get; }
}
