using Microsoft.CodeAnalysis.CSharp;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Model.Protocols;

/// <summary>A protocol as one role sees it: where it speaks, where it waits, and where it may rest.</summary>
/// <param name="declaration">The protocol.</param>
/// <param name="role">The role.</param>
public sealed class RoleView(DeclarationModel declaration, RoleModel role)
{
    private static readonly string[] NamesOfTheClass = ["Begin", "Graph", "Handler", "Name"];
    private static readonly string[] NamesOfAState = ["Answer", "At", "CancellationToken", "Equals", "GetHashCode", "GetType", "Incoming", "Read", "ReadIncoming", "ReceiveAsync", "Reply", "SendAsync", "SendLane", "Split", "State", "ToString", "Cursor"];

    private static readonly string[] NamesOfALane = ["At", "Equals", "GetHashCode", "GetType", "Join", "Rejoined", "SendAsync", "SendLane", "State", "ToString"];
    private static readonly string[] NamesOfACase = ["Deconstruct", "Message", "Next"];

    private IReadOnlyList<DuplexRegion>? _regions;

    /// <summary>The protocol.</summary>
    public DeclarationModel Declaration { get; } = declaration;

    /// <summary>The role.</summary>
    public RoleModel Role { get; } = role;

    /// <summary>The other role.</summary>
    public RoleModel Peer => Role.Peer();

    /// <summary>The name of the generated class, such as <c>BankClient</c>.</summary>
    public string ClassName => Declaration.Name + Role;

    /// <summary>The name of the generated class of extensions, such as <c>BankClientExtensions</c>.</summary>
    public string ExtensionsName => ClassName + "Extensions";

    /// <summary>The name of the generated file that holds both classes.</summary>
    public string FileName => (Declaration.Namespace.Length == 0 ? "" : Declaration.Namespace + ".") + ClassName + ".g.cs";

    /// <summary>The state in which the protocol begins.</summary>
    public StateModel Start => Declaration[0];

    /// <summary>
    /// Whether the class can be emitted and compiles: every message can be sent by itself, what arrives can outlive an await, and no two names meet.
    /// </summary>
    public bool IsComplete => Declaration.States.Count > 0 && Declaration.States.All(IsStateComplete);

    /// <summary>Whether a handler can be emitted: wherever the role has to speak, it can come to rest.</summary>
    public bool HasHandler => Declaration.States.All(state => !NeedsAnswer(state) || RestsFrom(state).Any());

    /// <summary>What this role may send in a state.</summary>
    public IEnumerable<Transition> Sends(StateModel state) => state.SentBy(Role);

    /// <summary>What may arrive at this role in a state.</summary>
    public IEnumerable<Transition> Receives(StateModel state) => state.ReceivedBy(Role);

    /// <summary>Whether the generated code has something of that name where the types of states stand.</summary>
    public static bool IsTakenFromStates(string name) => NamesOfTheClass.Contains(name) || NamesOfAState.Contains(name);

    /// <summary>Whether the generated code has something of that name where the types of messages that arrive stand.</summary>
    public static bool IsTakenFromMessages(string name) => NamesOfAState.Contains(name) || NamesOfACase.Contains(name);

    /// <summary>What the lanes of each state can reach in which both roles may send, unless two messages would have one name in a lane.</summary>
    public IReadOnlyList<DuplexRegion> Regions => _regions ??= [.. Declaration.States.Where(state => state.IsDuplex).Select(state => new DuplexRegion(this, state)).Where(HasNames)];

    /// <summary>The region of a state; null if it cannot be split.</summary>
    public DuplexRegion? RegionOf(StateModel state) => Regions.FirstOrDefault(region => region.Origin.Index == state.Index);

    /// <summary>The states that lanes can be joined in, where this role's own moves have led to one; empty if it has no sending lane.</summary>
    /// <param name="own">The index of that one.</param>
    public IReadOnlyList<StateModel> Joined(int own) => [.. Regions.SelectMany(region => region.Joined(own)).Distinct().OrderBy(index => index).Select(index => Declaration[index])];

    /// <summary>
    /// All variants of a message that a role may send anywhere: where one is not legal, its content must not pass for the plain message.
    /// </summary>
    /// <param name="sender">Who sends.</param>
    /// <param name="message">The message.</param>
    public IReadOnlyList<MessageReference> VariantsOf(RoleModel sender, MessageReference message) =>
        [.. Declaration.States.SelectMany(state => state.SentBy(sender)).Select(transition => transition.Message).Where(sent => message.Equals(sent.VariantOf)).Distinct()];

    /// <summary>Whether this role may be in a state without owing a message: the peer may send there, or the protocol ends there.</summary>
    public bool Rests(StateModel state) => state.IsFinal || Receives(state).Any();

    /// <summary>The states in which this role can come to rest by what it sends, beginning in a state.</summary>
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

    /// <summary>Whether a handler is asked for an answer in a state: it can send there, and is called there.</summary>
    public bool NeedsAnswer(StateModel state) => Sends(state).Any() && (
        (state.Index == Start.Index && !Rests(state))
        || IsEntered(state));

    /// <summary>Whether a method of a handler is called in a state.</summary>
    public bool IsHandled(StateModel state) => state.Index == Start.Index || IsEntered(state);

    /// <summary>Whether a handler may send by itself in a state, while the peer may send too.</summary>
    public bool MayPush(StateModel state) => HasHandler && Sends(state).Any() && Receives(state).Any();

    // Receiving a message leads there: a method of the handler is called.
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

    /// <summary>Whether a text is a name in C#, and no keyword.</summary>
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
