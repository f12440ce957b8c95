using SecureChannel.Model.Declarations;

namespace SecureChannel.Model.Handshakes;

/// <summary>One role of a declared handshake: the messages that it sends by state, and the messages that it receives by state and code.</summary>
/// <param name="declaration">The handshake.</param>
/// <param name="role">The role.</param>
public sealed class HandshakeMachineModel(DeclarationModel declaration, RoleModel role)
{
    /// <summary>Gets the handshake.</summary>
    public DeclarationModel Declaration { get; } = declaration;

    /// <summary>Gets the role.</summary>
    public RoleModel Role { get; } = role;

    /// <summary>Gets the name of the state machine: the name of the enum and the role.</summary>
    public string Name { get; } = declaration.Name + role;

    /// <summary>
    /// Gets the established states in which the identity of the peer must be proven. The server must be proven if any message of the handshake proves it. Whether
    /// the client must be proven is a property of the path: it must if every path to the state contains its proof.
    /// </summary>
    public IEnumerable<StateModel> RequirePeerIdentity
    {
        get
        {
            if (!Transitions.Any(IsProof))
                return [];
            var unproven = Role == RoleModel.Client ? [] : ReachableWithoutProof();
            return Declaration.States.Where(state => state.IsEstablished && !unproven.Contains(state.Index));
        }
    }

    /// <summary>Gets the states in which this role must send a message before the handshake is established.</summary>
    public IEnumerable<StateModel> Turns => Declaration.States.Where(state => !state.IsEstablished && Owed(state).Any());

    /// <summary>Gets the states in which this role must choose one of several messages to send.</summary>
    public IEnumerable<StateModel> Choices => Turns.Where(state => Owed(state).Skip(1).Any());

    /// <summary>Gets the states that a transition from another state leads to.</summary>
    public IEnumerable<StateModel> Entered => Declaration.States.Where(state =>
        Declaration.States.Any(from => from.Index != state.Index && Valid(from).Any(transition => transition.Next == state.Index)));

    /// <summary>Gets one transition for each label that this role sends. Each has a generated <c>Write</c> method.</summary>
    public IEnumerable<Transition> Writers =>
        Declaration.States.SelectMany(Sent).GroupBy(transition => transition.Label).Select(group => group.First());

    /// <summary>
    /// Gets the messages that have a generated <c>Send</c> method, grouped by label, each with the states that allow it: the messages of established states,
    /// and the messages that can be sent at any time.
    /// </summary>
    public IEnumerable<IGrouping<string, (StateModel State, Transition Transition)>> SentAtWill =>
        Declaration.States.SelectMany(state => Sent(state).Select(transition => (State: state, Transition: transition)))
            .Where(item => item.State.IsEstablished || item.Transition.IsAnytime)
            .GroupBy(item => item.Transition.Label);

    /// <summary>Gets one transition for each handler method of this role.</summary>
    public IEnumerable<Transition> Handlers =>
        Declaration.States.SelectMany(Received)
            .GroupBy(transition => (HandlerOf(transition), transition.Message.FullyQualifiedName, IsProof(transition)))
            .Select(group => group.First());

    /// <summary>Gets the code and the name of each message, ordered by code.</summary>
    public IEnumerable<(int Code, string Name)> Codes =>
        Transitions.Select(transition => transition.Message.OnTheWire)
            .GroupBy(message => message.Code!.Value)
            .OrderBy(group => group.Key)
            .Select(group => (group.Key, group.First().Identifier));

    private IEnumerable<Transition> Transitions => Declaration.States.SelectMany(Valid);

    /// <summary>Returns the messages that this role can send in a state.</summary>
    public IEnumerable<Transition> Sent(StateModel state) => Valid(state).Where(transition => transition.Sender == Role);

    /// <summary>
    /// Returns the alternatives in a state: this role must send one of these messages before the handshake continues. Messages that can be sent at any time
    /// are excluded.
    /// </summary>
    public IEnumerable<Transition> Owed(StateModel state) => Sent(state).Where(transition => !transition.IsAnytime);

    /// <summary>Returns the messages that this role can receive in a state.</summary>
    public IEnumerable<Transition> Received(StateModel state) => Valid(state).Where(transition => transition.Sender != Role);

    /// <summary>Returns the messages that this role can receive in a state, grouped by encoded message. A message and its variants share a code.</summary>
    public IEnumerable<IGrouping<MessageReference, Transition>> ReceivedByMessage(StateModel state) =>
        Received(state).GroupBy(transition => transition.Message.OnTheWire);

    /// <summary>
    /// Returns all variants of a message that the peer can send in any state. In a state that does not allow a variant, a message with the content of that
    /// variant must be rejected, not accepted as the plain message.
    /// </summary>
    public IEnumerable<MessageReference> VariantsOf(MessageReference message) =>
        Transitions.Where(transition => transition.Sender != Role && message.Equals(transition.Message.VariantOf))
            .Select(transition => transition.Message)
            .Distinct();

    /// <summary>Returns the name of the method that handles a received message.</summary>
    public static string HandlerOf(Transition transition) => "On" + transition.As;

    /// <summary>Returns a value that indicates whether a transition proves the identity of the peer to this role.</summary>
    public bool IsProof(Transition transition) => transition.Sender != Role && transition.Authenticates == transition.Sender;

    private HashSet<int> ReachableWithoutProof()
    {
        var reached = new HashSet<int> { 0 };
        var open = new Stack<int>(reached);
        while (open.Count > 0)
        {
            foreach (var transition in Valid(Declaration[open.Pop()]))
            {
                if (!IsProof(transition) && reached.Add(transition.Next))
                    open.Push(transition.Next);
            }
        }

        return reached;
    }

    // A message without a code cannot be sent. An analyzer reports it at its declaration.
    private static IEnumerable<Transition> Valid(StateModel state) => state.Transitions.Where(transition => transition.Message.Code is not null);
}
