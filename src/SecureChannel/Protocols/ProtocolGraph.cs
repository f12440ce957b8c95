using System.ComponentModel;

namespace SecureChannel.CompilerServices;

/// <summary>A protocol as one role sees it: its states and what leads from one to another. Generated code makes it from the enum, once for each role.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ProtocolGraph
{
    private readonly ProtocolState[] _states;

    /// <summary>Makes a graph of states that belong to no other.</summary>
    /// <param name="protocol">The protocol's name, such as <c>bank/1</c>.</param>
    /// <param name="role">The role.</param>
    /// <param name="states">The states, in the order of the enum.</param>
    public ProtocolGraph(string protocol, Role role, ProtocolState[] states)
    {
        ArgumentNullException.ThrowIfNull(states);
        (Protocol, Role, _states) = (protocol, role, states);
        Subject = $"{protocol}, {(role == Role.Client ? "client" : "server")}";
        for (var index = 0; index < states.Length; index++)
            states[index].Attach(this, index);
    }

    /// <summary>The protocol's name.</summary>
    public string Protocol { get; }

    /// <summary>The role.</summary>
    public Role Role { get; }

    /// <summary>The state with that value in the enum.</summary>
    /// <param name="index">The value.</param>
    public ProtocolState this[int index] => _states[index];

    internal string Subject { get; }

    /// <summary>Whether the peer may send a message at any time, and makes it part of the order nowhere: such may cross the end.</summary>
    internal bool MayCrossTheEnd(Type message) => _states.Any(state => state.Receiving(message) is not null) && _states.All(state => state.Receiving(message) is not { IsAnytime: false });

    /// <summary>Whether the peer can still send: in a state, or once this role has made moves that a lane offers.</summary>
    /// <param name="own">Where this role's own moves alone have led since the lanes were split.</param>
    /// <param name="joint">Where the moves of both have led.</param>
    internal static bool PeerMaySend(ProtocolState own, ProtocolState joint)
    {
        if (joint.Receives is not null)
            return true;
        if (own.OwnMoves.IsEmpty)
            return false;
        var reached = new HashSet<(ProtocolState, ProtocolState)> { (own, joint) };
        var open = new Stack<(ProtocolState Own, ProtocolState Joint)>(reached);
        while (open.TryPop(out var place))
        {
            foreach (var move in place.Own.OwnMoves)
            {
                if (place.Joint.Sending(move.Message) is not { } inJoint)
                    continue;
                var next = (place.Own.After(move), place.Joint.After(inJoint));
                if (next.Item2.Receives is not null)
                    return true;
                if (reached.Add(next))
                    open.Push(next);
            }
        }

        return false;
    }
}
