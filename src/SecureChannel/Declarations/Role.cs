namespace SecureChannel;

/// <summary>One of the two ends of a session.</summary>
public enum Role
{
    /// <summary>The end that opens the session.</summary>
    Client,

    /// <summary>The end that answers.</summary>
    Server,
}
