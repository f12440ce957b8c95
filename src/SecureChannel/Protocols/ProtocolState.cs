using System.ComponentModel;
using SecureChannel.Messages;

namespace SecureChannel.CompilerServices;

/// <summary>A state of a protocol, as one role sees it. Generated code creates one for each member of the protocol's enum.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ProtocolState
{
    private readonly Transition[] _sends;
    private readonly Transition[] _receives;
    private ProtocolGraph? _graph;

    /// <summary>Creates a state. The constructor of <see cref="ProtocolGraph"/> attaches the state to a graph.</summary>
    /// <param name="name">The name of the enum member.</param>
    /// <param name="sends">The transitions by which the role sends.</param>
    /// <param name="receives">The transitions by which the role receives.</param>
    /// <param name="isFinal">True if the protocol ends in the state.</param>
    /// <param name="deadline">The maximum time in the state, in seconds, or 0 for no limit.</param>
    public ProtocolState(string name, Transition[]? sends = null, Transition[]? receives = null, bool isFinal = false, double deadline = 0)
    {
        (Name, _sends, _receives, IsFinal) = (name, sends ?? [], receives ?? [], isFinal);
        (Sends, Receives) = (Transition.ListOf(_sends), Transition.ListOf(_receives));
        Deadline = deadline > 0 ? TimeSpan.FromSeconds(deadline) : null;
        Situation = (isFinal, Sends, Receives) switch
        {
            (true, _, _) => $"the protocol ended in state '{name}'",
            (_, { }, { }) => $"the protocol is in state '{name}', in which this endpoint may send {Sends} or receive {Receives}",
            (_, { }, _) => $"the protocol is in state '{name}', in which this endpoint sends {Sends}",
            (_, _, { }) => $"the protocol is in state '{name}', in which this endpoint receives {Receives}",
            _ => $"the protocol is in state '{name}', in which nothing can be sent or received",
        };
    }

    /// <summary>Gets the name of the enum member.</summary>
    public string Name { get; }

    /// <summary>Gets the value of the enum member.</summary>
    public int Index { get; private set; }

    /// <summary>Gets the name of the protocol.</summary>
    public string Protocol => Graph.Protocol;

    /// <summary>Gets the role that the state applies to.</summary>
    public Role Role => Graph.Role;

    /// <summary>Gets the names of the messages that the role may send, such as <c>BalanceQuery or Goodbye</c>, or null.</summary>
    public string? Sends { get; }

    /// <summary>Gets the names of the messages that the role may receive, or null.</summary>
    public string? Receives { get; }

    /// <summary>Gets a value that indicates whether the protocol ends in the state.</summary>
    public bool IsFinal { get; }

    /// <summary>Gets the maximum time in the state, or null for no limit.</summary>
    public TimeSpan? Deadline { get; }

    /// <summary>Gets a clause for exception messages that describes the state.</summary>
    internal string Situation { get; }

    internal string Subject => Graph.Subject;

    internal ProtocolGraph Graph => _graph
        ?? throw new InvalidOperationException($"State '{Name}' does not belong to a graph. Pass the state to the constructor of 'ProtocolGraph'.");

    internal ReadOnlySpan<Transition> SendTransitions => _sends;

    internal IReadOnlyList<Transition> ReceiveTransitions => _receives;

    internal void Attach(ProtocolGraph graph, int index) => (_graph, Index) = (graph, index);

    internal Transition? FindSend(Type message) => Find(_sends, message);

    internal Transition? FindReceive(Type message) => Find(_receives, message);

    internal ProtocolState After(Transition transition) => Graph[transition.Next];

    private static Transition? Find(Transition[] transitions, Type message)
    {
        foreach (var transition in transitions)
        {
            if (transition.Message == message)
                return transition;
        }

        return null;
    }
}

/// <summary>A transition from one state of a protocol to another.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Transition
{
    private readonly string _label;

    private Transition(Type message, int code, string label, int next, bool isAnytime, int maxSize) =>
        (Message, Code, _label, Next, IsAnytime, MaxSize) = (message, code, label, next, isAnytime, maxSize);

    internal Type Message { get; }

    internal int Code { get; }

    internal int Next { get; }

    internal bool IsAnytime { get; }

    internal int MaxSize { get; }

    /// <summary>Creates a transition.</summary>
    /// <typeparam name="TMessage">The type of the message.</typeparam>
    /// <param name="label">The name of the message in the state.</param>
    /// <param name="next">The index of the next state.</param>
    /// <param name="isAnytime">True if the message may be sent at any time. Such a message does not restart the deadline.</param>
    /// <param name="maxSize">The maximum size of the message body, in bytes. A longer body is refused at its header.</param>
    public static Transition Of<TMessage>(string label, int next, bool isAnytime = false, int maxSize = int.MaxValue)
        where TMessage : ICodedMessage<TMessage>, allows ref struct => new(typeof(TMessage), TMessage.Code, label, next, isAnytime, maxSize);

    internal static string? ListOf(Transition[] transitions) => transitions.Length switch
    {
        0 => null,
        1 => transitions[0]._label,
        _ => string.Join(", ", transitions[..^1].Select(transition => transition._label)) + " or " + transitions[^1]._label,
    };
}

/// <summary>The interface of every generated state token.</summary>
/// <typeparam name="TSelf">The type of the token.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IStateToken<TSelf>
    where TSelf : struct, IStateToken<TSelf>
{
    /// <summary>Gets the state that the token represents.</summary>
    static abstract ProtocolState State { get; }

    /// <summary>Gets the position of the token in its run.</summary>
    StateCursor Cursor { get; }

    /// <summary>Creates the token at a position in the run.</summary>
    /// <param name="cursor">The position in the run.</param>
    static abstract TSelf At(StateCursor cursor);
}
