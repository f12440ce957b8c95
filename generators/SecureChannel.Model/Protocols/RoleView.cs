using Microsoft.CodeAnalysis.CSharp;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Model.Protocols;

/// <summary>A protocol from the view of one role: the states in which the role sends, receives or can wait.</summary>
/// <param name="declaration">The protocol.</param>
/// <param name="role">The role.</param>
public sealed class RoleView(DeclarationModel declaration, RoleModel role)
{
    private static readonly string[] NamesOfTheClass = ["Begin", "Graph", "Handler", "Name"];
    private static readonly string[] NamesOfAState = ["Answer", "At", "CancellationToken", "Equals", "GetHashCode", "GetType", "Incoming", "Read", "ReadIncoming", "ReceiveAsync", "Reply", "SendAsync", "SendLane", "Session", "Split", "State", "ToString", "Cursor"];

    private static readonly string[] NamesOfALane = ["At", "Equals", "GetHashCode", "GetType", "Join", "Rejoined", "SendAsync", "SendLane", "State", "ToString"];
    private static readonly string[] NamesOfACase = ["Deconstruct", "Message", "Next"];

    private IReadOnlyList<DuplexRegion>? _regions;

    /// <summary>Gets the protocol.</summary>
    public DeclarationModel Declaration { get; } = declaration;

    /// <summary>Gets the role.</summary>
    public RoleModel Role { get; } = role;

    /// <summary>Gets the other role.</summary>
    public RoleModel Peer => Role.Peer();

    /// <summary>Gets the name of the generated class, such as <c>BankClient</c>.</summary>
    public string ClassName => Declaration.Name + Role;

    /// <summary>Gets the name of the generated class of extension methods, such as <c>BankClientExtensions</c>.</summary>
    public string ExtensionsName => ClassName + "Extensions";

    /// <summary>Gets the name of the generated file that contains both classes.</summary>
    public string FileName => (Declaration.Namespace.Length == 0 ? "" : Declaration.Namespace + ".") + ClassName + ".g.cs";

    /// <summary>Gets the state in which the protocol begins.</summary>
    public StateModel Start => Declaration[0];

    /// <summary>
    /// Gets a value that indicates whether the role's class can be generated: every message has a code, received messages can be used across an await, and
    /// names are unique.
    /// </summary>
    public bool IsComplete => Declaration.States.Count > 0 && Declaration.States.All(IsStateComplete);

    /// <summary>
    /// Gets a value that indicates whether a handler can be generated: from every state in which a handler must answer, the role can reach a state in which the
    /// role can wait.
    /// </summary>
    public bool HasHandler => Declaration.States.All(state => !NeedsAnswer(state) || RestsFrom(state).Any());

    /// <summary>Gets the transitions that this role can send in a state.</summary>
    /// <param name="state">The state.</param>
    public IEnumerable<Transition> Sends(StateModel state) => state.SentBy(Role);

    /// <summary>Gets the transitions that this role can receive in a state.</summary>
    /// <param name="state">The state.</param>
    public IEnumerable<Transition> Receives(StateModel state) => state.ReceivedBy(Role);

    /// <summary>Determines whether generated code reserves a name, so that no state can have the name.</summary>
    /// <param name="name">The name.</param>
    public static bool IsTakenFromStates(string name) => NamesOfTheClass.Contains(name) || NamesOfAState.Contains(name);

    /// <summary>Determines whether generated code reserves a name, so that no received message can have the name.</summary>
    /// <param name="name">The name.</param>
    public static bool IsTakenFromMessages(string name) => NamesOfAState.Contains(name) || NamesOfACase.Contains(name);

    /// <summary>Gets the regions of the states that can be split into lanes: both roles can send, and names in the lanes are unique.</summary>
    public IReadOnlyList<DuplexRegion> Regions => _regions ??= [.. Declaration.States.Where(state => state.IsDuplex).Select(state => new DuplexRegion(this, state)).Where(HasNames)];

    /// <summary>Gets the region of a state, or null if the state cannot be split.</summary>
    /// <param name="state">The state.</param>
    public DuplexRegion? RegionOf(StateModel state) => Regions.FirstOrDefault(region => region.Origin.Index == state.Index);

    /// <summary>
    /// Gets the states in which the protocol can continue when the lanes are joined while this role's sending lane is in a given state. Empty if no sending
    /// lane can be in that state.
    /// </summary>
    /// <param name="own">The index of the sending lane's state.</param>
    public IReadOnlyList<StateModel> Joined(int own) => [.. Regions.SelectMany(region => region.Joined(own)).Distinct().OrderBy(index => index).Select(index => Declaration[index])];

    /// <summary>
    /// Gets all variants of a message that a role can send in any state. In a state that does not allow a variant, a message with the content of that variant
    /// must be rejected, not accepted as the plain message.
    /// </summary>
    /// <param name="sender">The role that sends.</param>
    /// <param name="message">The message.</param>
    public IReadOnlyList<MessageReference> VariantsOf(RoleModel sender, MessageReference message) =>
        [.. Declaration.States.SelectMany(state => state.SentBy(sender)).Select(transition => transition.Message).Where(sent => message.Equals(sent.VariantOf)).Distinct()];

    /// <summary>Determines whether this role can wait in a state: the peer can send in the state, or the protocol ends in the state.</summary>
    /// <param name="state">The state.</param>
    public bool Rests(StateModel state) => state.IsFinal || Receives(state).Any();

    /// <summary>Gets the states that this role can reach from a state by sending and in which the role can wait.</summary>
    /// <param name="state">The state.</param>
    public IEnumerable<StateModel> RestsFrom(StateModel state)
    {
        var reached = new SortedSet<int> { state.Index };
        var open = new Stack<StateModel>([state]);
        while (open.Count > 0)
        {
            foreach (var transition in Sends(open.Pop()))
            {
                if (reached.Add(transition.Next))
                    open.Push(Declaration[transition.Next]);
            }
        }

        return reached.Select(index => Declaration[index]).Where(Rests);
    }

    /// <summary>Determines whether a handler must return an answer in a state: a handler method is called and the role can send.</summary>
    /// <param name="state">The state.</param>
    public bool NeedsAnswer(StateModel state) => Sends(state).Any() && (
        (state.Index == Start.Index && !Rests(state))
        || IsEntered(state));

    /// <summary>Determines whether a handler method is called in a state.</summary>
    /// <param name="state">The state.</param>
    public bool IsHandled(StateModel state) => state.Index == Start.Index || IsEntered(state);

    /// <summary>Determines whether a handler can send on its own initiative in a state in which the peer can also send.</summary>
    /// <param name="state">The state.</param>
    public bool MayPush(StateModel state) => HasHandler && Sends(state).Any() && Receives(state).Any();

    // A received message leads to the state, so a method of the handler is called.
    private bool IsEntered(StateModel state) => Declaration.Transitions.Any(transition => transition.Sender != Role && transition.Next == state.Index);

    private bool IsStateComplete(StateModel state)
    {
        var received = Receives(state).ToArray();
        return IsName(state.Name)
            && !IsTakenFromStates(state.Name)
            && state.Name != ClassName
            && state.Transitions.All(transition => transition.Message.IsCoded)
            && state.Transitions.All(transition => IsName(transition.Label))
            && received.All(transition => !transition.Message.IsRefStruct && !transition.Message.OnTheWire.IsRefStruct
                && transition.Label != state.Name && !IsTakenFromMessages(transition.Label))
            && AreDistinct(received.Select(transition => transition.Label))
            && AreDistinct(received.Select(transition => transition.Message.FullyQualifiedName))
            && AreDistinct(Sends(state).Select(transition => transition.Message.FullyQualifiedName));
    }

    /// <summary>Determines whether a text is a C# identifier and not a keyword.</summary>
    /// <param name="text">The text.</param>
    public static bool IsName(string text) => SyntaxFacts.IsValidIdentifier(text) && SyntaxFacts.GetKeywordKind(text) == SyntaxKind.None;

    private static bool HasNames(DuplexRegion region) =>
        AreDistinct(region.Incoming.Select(transition => transition.Label))
        && region.Incoming.All(transition => transition.Label is not ("Incoming" or "Message") && !NamesOfACase.Contains(transition.Label))
        && region.Own.SelectMany(region.Joined).All(index => !NamesOfALane.Contains(region.View.Declaration[index].Name));

    private static bool AreDistinct(IEnumerable<string> names)
    {
        var seen = new HashSet<string>();
        return names.All(seen.Add);
    }
}
