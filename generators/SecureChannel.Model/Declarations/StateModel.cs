namespace SecureChannel.Model.Declarations;

/// <summary>A state of a protocol or handshake: a member of the enum that declares it.</summary>
/// <param name="Index">The index of the member in the enum, which is its value.</param>
/// <param name="Name">The member's name.</param>
/// <param name="IsFinal">True if the protocol ends in this state.</param>
/// <param name="IsEstablished">True if the handshake is complete in this state.</param>
/// <param name="Transitions">The transitions in the order of the attributes, followed, unless the state is final, by those of
/// <c>[Anytime&lt;T&gt;]</c>.</param>
/// <param name="Documentation">The content of the member's summary as XML; null if it has no summary.</param>
/// <param name="Deadline">The maximum number of seconds in this state; null if there is no limit.</param>
public sealed record StateModel(
    int Index,
    string Name,
    bool IsFinal,
    bool IsEstablished,
    EquatableArray<Transition> Transitions,
    string? Documentation,
    double? Deadline = null)
{
    /// <summary>Gets a value that indicates whether both roles can send in this state.</summary>
    public bool IsDuplex => SentBy(RoleModel.Client).Any() && SentBy(RoleModel.Server).Any();

    /// <summary>Gets the transitions whose message a role sends.</summary>
    /// <param name="role">The role.</param>
    public IEnumerable<Transition> SentBy(RoleModel role) => Transitions.Where(transition => transition.Sender == role);

    /// <summary>Gets the transitions whose message a role receives.</summary>
    /// <param name="role">The role.</param>
    public IEnumerable<Transition> ReceivedBy(RoleModel role) => Transitions.Where(transition => transition.Sender != role);
}
