namespace SecureChannel.Handshakes;

/// <summary>How far an engine has come.</summary>
public enum EngineStatus
{
    /// <summary>The ends have not agreed yet.</summary>
    Handshaking,

    /// <summary>Application data may be sent and received.</summary>
    Established,

    /// <summary>The session has ended: <see cref="ChannelEngine.End"/> says how.</summary>
    Closed,
}
