namespace SecureChannel;

/// <summary>The role of an endpoint in a session.</summary>
public enum Role
{
    /// <summary>The endpoint that opens the session.</summary>
    Client,

    /// <summary>The endpoint that accepts the session.</summary>
    Server,
}
