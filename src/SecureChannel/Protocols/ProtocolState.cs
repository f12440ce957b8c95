using System.ComponentModel;

namespace SecureChannel.CompilerServices;

/// <summary>A state of a protocol as one role sees it. Generated code makes it from the enum.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ProtocolState
{
    private readonly Transition[] _sends;
    private readonly Transition[] _receives;
    private ProtocolGraph? _graph;

    /// <summary>Makes a state, which belongs to the graph that it is then handed to.</summary>
    /// <param name="name">The enum member's name.</param>
    /// <param name="sends">What the role may send there.</param>
    /// <param name="receives">What may arrive there.</param>
    /// <param name="isFinal">Whether the protocol ends there.</param>
    /// <param name="deadline">How many seconds the protocol may stay there; 0 if for ever.</param>
    public ProtocolState(string name, Transition[]? sends = null, Transition[]? receives = null, bool isFinal = false, double deadline = 0)
    {
        (Name, _sends, _receives, IsFinal) = (name, sends ?? [], receives ?? [], isFinal);
        (Sends, Receives) = (Transition.ListOf(_sends), Transition.ListOf(_receives));
        Deadline = deadline > 0 ? TimeSpan.FromSeconds(deadline) : null;
        WhatNow = (isFinal, Sends, Receives) switch
        {
            (true, _, _) => $"the protocol has ended in {name}",
            (_, { }, { }) => $"the protocol is in {name}, where this end may send {Sends} or receive {Receives}",
            (_, { }, _) => $"the protocol is in {name}, where this end sends {Sends}",
            (_, _, { }) => $"the protocol is in {name}, where this end receives {Receives}",
            _ => $"the protocol is in {name}, where nothing can be sent or received",
        };
    }

    /// <summary>The enum member's name.</summary>
    public string Name { get; }

    /// <summary>The enum member's value.</summary>
    public int Index { get; private set; }

    /// <summary>The protocol's name.</summary>
    public string Protocol => Graph.Protocol;

    /// <summary>The role.</summary>
    public Role Role => Graph.Role;

    /// <summary>The messages that the role may send there, such as <c>BalanceQuery or Goodbye</c>; null if none.</summary>
    public string? Sends { get; }

    /// <summary>The messages that may arrive there; null if none.</summary>
    public string? Receives { get; }

    /// <summary>Whether the protocol ends there.</summary>
    public bool IsFinal { get; }

    /// <summary>How long the protocol may stay there; null if for ever.</summary>
    public TimeSpan? Deadline { get; }

    internal string WhatNow { get; }

    internal string Subject => Graph.Subject;

    internal ProtocolGraph Graph => _graph ?? throw new InvalidOperationException($"The state {Name} belongs to no graph.");

    internal ReadOnlySpan<Transition> OwnMoves => _sends;

    internal void Attach(ProtocolGraph graph, int index) => (_graph, Index) = (graph, index);

    internal Transition? Sending(Type message) => Find(_sends, message);

    internal Transition? Receiving(Type message) => Find(_receives, message);

    internal ProtocolState After(Transition move) => Graph[move.Next];

    private static Transition? Find(Transition[] moves, Type message)
    {
        foreach (var move in moves)
        {
            if (move.Message == message)
                return move;
        }

        return null;
    }
}

/// <summary>What leads from one state of a protocol to another.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Transition
{
    private readonly string _label;

    private Transition(Type message, string label, int next, bool isAnytime) => (Message, _label, Next, IsAnytime) = (message, label, next, isAnytime);

    internal Type Message { get; }

    internal int Next { get; }

    internal bool IsAnytime { get; }

    /// <summary>Makes a move.</summary>
    /// <typeparam name="TMessage">The message.</typeparam>
    /// <param name="label">The message's name in the state.</param>
    /// <param name="next">The index of the state after it.</param>
    /// <param name="isAnytime">Whether it may be sent at any time, and so starts no deadline anew.</param>
    public static Transition Of<TMessage>(string label, int next, bool isAnytime = false)
        where TMessage : allows ref struct => new(typeof(TMessage), label, next, isAnytime);

    internal static string? ListOf(Transition[] moves) => moves.Length switch
    {
        0 => null,
        1 => moves[0]._label,
        _ => string.Join(", ", moves[..^1].Select(move => move._label)) + " or " + moves[^1]._label,
    };
}

/// <summary>What every generated state token implements.</summary>
/// <typeparam name="TSelf">The token.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IStateToken<TSelf>
    where TSelf : struct, IStateToken<TSelf>
{
    /// <summary>The state that the token stands for.</summary>
    static abstract ProtocolState State { get; }

    /// <summary>The place in the run.</summary>
    StateCursor Cursor { get; }

    /// <summary>Makes the token.</summary>
    /// <param name="turn">The place in the run.</param>
    static abstract TSelf At(StateCursor turn);
}
