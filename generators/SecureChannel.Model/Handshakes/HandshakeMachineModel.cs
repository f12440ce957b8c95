using SecureChannel.Model.Declarations;

namespace SecureChannel.Model.Handshakes;

/// <summary>One role's side of a declared handshake, seen as its machine needs it: what it sends where, and what arrives by state and code.</summary>
/// <param name="declaration">The handshake.</param>
/// <param name="role">The role.</param>
public sealed class HandshakeMachineModel(DeclarationModel declaration, RoleModel role)
{
    /// <summary>The handshake.</summary>
    public DeclarationModel Declaration { get; } = declaration;

    /// <summary>The role.</summary>
    public RoleModel Role { get; } = role;

    /// <summary>The machine's name: the enum's name and the role.</summary>
    public string Name { get; } = declaration.Name + role;

    /// <summary>Whether a message of the declaration proves the peer's identity to this role.</summary>
    public bool RequiresPeerIdentity => Transitions.Any(IsProof);

    /// <summary>The states in which this role has to send before the session is established.</summary>
    public IEnumerable<StateModel> Turns => Declaration.States.Where(state => !state.IsEstablished && Owed(state).Any());

    /// <summary>The states in which this role has to choose what to send.</summary>
    public IEnumerable<StateModel> Choices => Turns.Where(state => Owed(state).Skip(1).Any());

    /// <summary>The states that are entered from another.</summary>
    public IEnumerable<StateModel> Entered => Declaration.States.Where(state =>
        Declaration.States.Any(from => from.Index != state.Index && Valid(from).Any(transition => transition.Next == state.Index)));

    /// <summary>What this role may send, each name once.</summary>
    public IEnumerable<Transition> Writers =>
        Declaration.States.SelectMany(Sent).GroupBy(transition => transition.Label).Select(group => group.First());

    /// <summary>What this role may send when it likes, each name once, with all states where it may: in established states, and what may be sent at any time.</summary>
    public IEnumerable<IGrouping<string, (StateModel State, Transition Transition)>> SentAtWill =>
        Declaration.States.SelectMany(state => Sent(state).Select(transition => (State: state, Transition: transition)))
            .Where(item => item.State.IsEstablished || item.Transition.IsAnytime)
            .GroupBy(item => item.Transition.Label);

    /// <summary>What may arrive, each handler once.</summary>
    public IEnumerable<Transition> Handlers =>
        Declaration.States.SelectMany(Received)
            .GroupBy(transition => (HandlerOf(transition), transition.Message.FullyQualifiedName, IsProof(transition)))
            .Select(group => group.First());

    /// <summary>The names of the declaration's messages by their codes.</summary>
    public IEnumerable<(int Code, string Name)> Codes =>
        Transitions.Select(transition => transition.Message.OnTheWire)
            .GroupBy(message => message.Code!.Value)
            .OrderBy(group => group.Key)
            .Select(group => (group.Key, group.First().Identifier));

    private IEnumerable<Transition> Transitions => Declaration.States.SelectMany(Valid);

    /// <summary>What this role may send in a state.</summary>
    public IEnumerable<Transition> Sent(StateModel state) => Valid(state).Where(transition => transition.Sender == Role);

    /// <summary>What this role has to send in a state before the handshake goes on: what may be sent at any time is not among it.</summary>
    public IEnumerable<Transition> Owed(StateModel state) => Sent(state).Where(transition => !transition.IsAnytime);

    /// <summary>What may arrive at this role in a state.</summary>
    public IEnumerable<Transition> Received(StateModel state) => Valid(state).Where(transition => transition.Sender != Role);

    /// <summary>What may arrive at this role in a state, by the message whose bytes travel: variants of one message share its code.</summary>
    public IEnumerable<IGrouping<MessageReference, Transition>> ReceivedByMessage(StateModel state) =>
        Received(state).GroupBy(transition => transition.Message.OnTheWire);

    /// <summary>
    /// All variants of a message that the declaration lets the peer send anywhere: where one is not legal, its content must not pass for the plain message.
    /// </summary>
    public IEnumerable<MessageReference> VariantsOf(MessageReference message) =>
        Transitions.Where(transition => transition.Sender != Role && message.Equals(transition.Message.VariantOf))
            .Select(transition => transition.Message)
            .Distinct();

    /// <summary>The name of the method that handles what arrives.</summary>
    public static string HandlerOf(Transition transition) => "On" + transition.As;

    /// <summary>Whether a transition proves the peer's identity to this role.</summary>
    public bool IsProof(Transition transition) => transition.Sender != Role && transition.Authenticates == transition.Sender;

    // A message without a code cannot travel: a rule reports it where it is declared.
    private static IEnumerable<Transition> Valid(StateModel state) => state.Transitions.Where(transition => transition.Message.Code is not null);
}
