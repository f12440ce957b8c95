namespace SecureChannel.Model.Declarations;

/// <summary>A member of a declared enum.</summary>
/// <param name="Index">Its place in the enum, which is its value.</param>
/// <param name="Name">The member's name.</param>
/// <param name="IsFinal">Whether the protocol ends here.</param>
/// <param name="IsEstablished">Whether the handshake is complete here.</param>
/// <param name="Transitions">What may be sent here, in the order of the attributes; then, unless the protocol ends here, what may be sent at any time.</param>
/// <param name="Documentation">The content of the member's summary as XML; null if it has none.</param>
/// <param name="Deadline">How many seconds the protocol may stay here; null if it may for ever.</param>
public sealed record StateModel(
    int Index,
    string Name,
    bool IsFinal,
    bool IsEstablished,
    EquatableArray<Transition> Transitions,
    string? Documentation,
    double? Deadline = null)
{
    /// <summary>Whether both roles may send here.</summary>
    public bool IsDuplex => SentBy(RoleModel.Client).Any() && SentBy(RoleModel.Server).Any();

    /// <summary>What a role may send here.</summary>
    public IEnumerable<Transition> SentBy(RoleModel role) => Transitions.Where(transition => transition.Sender == role);

    /// <summary>What may arrive at a role here.</summary>
    public IEnumerable<Transition> ReceivedBy(RoleModel role) => Transitions.Where(transition => transition.Sender != role);
}
