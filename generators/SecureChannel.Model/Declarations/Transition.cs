namespace SecureChannel.Model.Declarations;

/// <summary>A <c>[Client&lt;T&gt;]</c> or <c>[Server&lt;T&gt;]</c> on a state, or what an <c>[Anytime&lt;T&gt;]</c> means in it: a loop.</summary>
/// <param name="Role">Who sends.</param>
/// <param name="Message">What.</param>
/// <param name="Next">The index of the state after it.</param>
/// <param name="NextName">The name of the state after it.</param>
/// <param name="Authenticates">Whose identity the message proves.</param>
/// <param name="As">The name that the declaration gives the message here; null if none.</param>
/// <param name="IsAnytime">Whether it comes from <c>[Anytime&lt;T&gt;]</c>: it leads back to its state, and starts no deadline anew.</param>
/// <param name="CarriesEphemeralKey">Whether the message carries an ephemeral key of its sender.</param>
public sealed record Transition(
    RoleModel Role,
    MessageReference Message,
    int Next,
    string NextName,
    RoleModel? Authenticates,
    string? As,
    bool IsAnytime = false,
    bool CarriesEphemeralKey = false)
{
    /// <summary>What the message is called in the generated types of its state.</summary>
    public string Label => As ?? Message.Identifier;
}

/// <summary>An end of a session.</summary>
public enum RoleModel
{
    /// <summary>The end that opens the session.</summary>
    Client,

    /// <summary>The end that answers.</summary>
    Server,
}
