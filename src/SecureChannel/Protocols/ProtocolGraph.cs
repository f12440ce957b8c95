using System.ComponentModel;
using SecureChannel.Protocols;

namespace SecureChannel.CompilerServices;

/// <summary>The states and transitions of a protocol, as one role sees them. Generated code creates one graph for each role.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ProtocolGraph
{
    private readonly ProtocolState[] _states;
    private MessageLimits? _limits;

    /// <summary>Creates a graph. Its states must not belong to another graph.</summary>
    /// <param name="protocol">The name of the protocol, such as <c>bank/1</c>.</param>
    /// <param name="role">The role.</param>
    /// <param name="states">The states, in the order of the enum.</param>
    /// <param name="requiresClientIdentity">True if the protocol requires the proven identity of the client.</param>
    /// <param name="requiresServerIdentity">True if the protocol requires the proven identity of the server.</param>
    public ProtocolGraph(string protocol, Role role, ProtocolState[] states, bool requiresClientIdentity = false, bool requiresServerIdentity = false)
    {
        ArgumentNullException.ThrowIfNull(states);
        (Protocol, Role, _states) = (protocol, role, states);
        (RequiresClientIdentity, RequiresServerIdentity) = (requiresClientIdentity, requiresServerIdentity);
        Subject = $"{protocol}, {(role == Role.Client ? "client" : "server")}";
        for (var index = 0; index < states.Length; index++)
            states[index].Attach(this, index);
    }

    /// <summary>Gets the name of the protocol.</summary>
    public string Protocol { get; }

    /// <summary>Gets the role that the graph applies to.</summary>
    public Role Role { get; }

    /// <summary>Gets the state with the given enum value.</summary>
    /// <param name="index">The enum value.</param>
    public ProtocolState this[int index] => _states[index];

    /// <summary>Gets a value that indicates whether the protocol requires the proven identity of the client.</summary>
    internal bool RequiresClientIdentity { get; }

    /// <summary>Gets a value that indicates whether the protocol requires the proven identity of the server.</summary>
    internal bool RequiresServerIdentity { get; }

    /// <summary>Gets the prefix of exception messages: the protocol and the role, such as <c>bank/1, client</c>.</summary>
    internal string Subject { get; }

    /// <summary>Gets the messages that the role can receive in any state, including those that may cross the end of the protocol.</summary>
    internal MessageLimits Limits => LazyInitializer.EnsureInitialized(ref _limits, () => new MessageLimits(
        Protocol,
        _states.SelectMany(state => state.ReceiveTransitions).Select(transition => (transition.Code, transition.MaxSize)),
        _states.SelectMany(state => state.SendTransitions.ToArray()).Select(transition => transition.Code)));

    /// <summary>
    /// Determines whether the peer may send a message type only as one that is allowed at any time. Such a message may arrive after the protocol has ended,
    /// because the peer may have sent it before it received the last message.
    /// </summary>
    internal bool MayCrossTheEnd(Type message) =>
        _states.Any(state => state.FindReceive(message) is not null) && _states.All(state => state.FindReceive(message) is not { IsAnytime: false });

    /// <summary>
    /// Determines whether the peer can still send a message, either in the joint state or after further messages of this role's sending lane.
    /// </summary>
    /// <param name="own">The state that this role's own messages have led to since the lanes were split.</param>
    /// <param name="joint">The state that the messages of both roles have led to.</param>
    internal static bool PeerMaySend(ProtocolState own, ProtocolState joint)
    {
        if (joint.Receives is not null)
            return true;
        if (own.SendTransitions.IsEmpty)
            return false;
        var reached = new HashSet<(ProtocolState, ProtocolState)> { (own, joint) };
        var open = new Stack<(ProtocolState Own, ProtocolState Joint)>(reached);
        while (open.TryPop(out var place))
        {
            foreach (var transition in place.Own.SendTransitions)
            {
                if (place.Joint.FindSend(transition.Message) is not { } jointTransition)
                    continue;
                var next = (place.Own.After(transition), place.Joint.After(jointTransition));
                if (next.Item2.Receives is not null)
                    return true;
                if (reached.Add(next))
                    open.Push(next);
            }
        }

        return false;
    }
}
