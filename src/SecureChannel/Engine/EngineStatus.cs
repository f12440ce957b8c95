namespace SecureChannel.Handshakes;

/// <summary>The status of a <see cref="ChannelEngine"/>.</summary>
public enum EngineStatus
{
    /// <summary>The handshake is not complete.</summary>
    Handshaking,

    /// <summary>The session is established. Application data can be sent and received.</summary>
    Established,

    /// <summary>The session has ended. <see cref="ChannelEngine.End"/> has the reason.</summary>
    Closed,
}
