namespace SecureChannel.Model.Declarations;

/// <summary>An <c>[Anytime&lt;T&gt;]</c> attribute: a message that can be sent in any state that is not final, and does not change the state.</summary>
/// <param name="Role">The role that may send the message; null if both roles may.</param>
/// <param name="Message">The message.</param>
/// <param name="As">The name that the declaration gives the message; null if it gives none.</param>
public sealed record AnytimeModel(RoleModel? Role, MessageReference Message, string? As)
{
    /// <summary>Gets the roles that may send the message.</summary>
    public IEnumerable<RoleModel> Senders => Role is { } role ? [role] : [RoleModel.Client, RoleModel.Server];

    /// <summary>Gets the transitions that the attribute adds to a state.</summary>
    /// <param name="state">The state's index.</param>
    /// <param name="name">The state's name.</param>
    /// <param name="index">The index of the first of these transitions in the state.</param>
    public IEnumerable<Transition> In(int state, string name, int index) =>
        Senders.Select((sender, place) => new Transition(state, index + place, sender, Message, state, name, null, As, IsAnytime: true));
}
