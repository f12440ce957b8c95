namespace SecureChannel.Model.Declarations;

/// <summary>A transition of a declaration: in one state, a role sends a message that moves both roles to the next state.</summary>
/// <param name="From">The index of the state in which the message is sent.</param>
/// <param name="Index">The transition's index in <see cref="StateModel.Transitions"/>; <see cref="NotDeclared"/> for a proposed transition.</param>
/// <param name="Sender">The role that sends the message.</param>
/// <param name="Message">The message.</param>
/// <param name="Next">The index of the next state.</param>
/// <param name="NextName">The name of the next state.</param>
/// <param name="Authenticates">The role whose identity the message proves; null if it proves none.</param>
/// <param name="As">The name that the declaration gives the message in this state; null if it gives none.</param>
/// <param name="IsAnytime">True if the transition is declared with <c>[Anytime&lt;T&gt;]</c>: it leads back to its state and does not restart a
/// deadline.</param>
/// <param name="CarriesEphemeralKey">True if the message carries an ephemeral key of its sender.</param>
public sealed record Transition(
    int From,
    int Index,
    RoleModel Sender,
    MessageReference Message,
    int Next,
    string NextName,
    RoleModel? Authenticates,
    string? As,
    bool IsAnytime = false,
    bool CarriesEphemeralKey = false)
{
    /// <summary>The <see cref="Index"/> of a transition that is not in <see cref="StateModel.Transitions"/>, such as a proposed transition.</summary>
    public const int NotDeclared = -1;

    /// <summary>Gets the role that receives the message.</summary>
    public RoleModel Receiver => Sender.Peer();

    /// <summary>Gets the name of the message in the generated types of the state.</summary>
    public string Label => As ?? Message.Identifier;

    /// <summary>
    /// Determines whether two transitions send the same message from the same role. A variant and the message that it wraps are different messages.
    /// </summary>
    /// <param name="other">The transition to compare with.</param>
    /// <returns>True if sender and message are the same; otherwise, false.</returns>
    public bool SendsSameMessage(Transition other) => Sender == other.Sender && Message.FullyQualifiedName == other.Message.FullyQualifiedName;
}
