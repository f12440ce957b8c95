using System.ComponentModel;

namespace SecureChannel.Protocols;

/// <summary>A state of a protocol as one role sees it: what the errors of generated code tell. Generated code makes it from the enum.</summary>
/// <param name="protocol">The protocol's name, such as <c>bank/1</c>.</param>
/// <param name="role">The role.</param>
/// <param name="index">The enum member's value.</param>
/// <param name="name">The enum member's name.</param>
/// <param name="sends">The messages that the role may send there, such as <c>BalanceQuery or Goodbye</c>; null if none.</param>
/// <param name="receives">The messages that may arrive there; null if none.</param>
/// <param name="isFinal">Whether the protocol ends there.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ProtocolState(string protocol, Role role, int index, string name, string? sends, string? receives, bool isFinal = false)
{
    /// <summary>The protocol's name.</summary>
    public string Protocol { get; } = protocol;

    /// <summary>The role.</summary>
    public Role Role { get; } = role;

    /// <summary>The enum member's value.</summary>
    public int Index { get; } = index;

    /// <summary>The enum member's name.</summary>
    public string Name { get; } = name;

    /// <summary>The messages that may arrive there; null if none.</summary>
    public string? Receives { get; } = receives;

    /// <summary>Whether the protocol ends there.</summary>
    public bool IsFinal { get; } = isFinal;

    internal string Subject { get; } = $"{protocol}, {(role == Role.Client ? "client" : "server")}";

    internal string WhatNow { get; } = (isFinal, sends, receives) switch
    {
        (true, _, _) => $"the protocol has ended in {name}",
        (_, { }, { }) => $"the protocol is in {name}, where this end may send {sends} or receive {receives}",
        (_, { }, _) => $"the protocol is in {name}, where this end sends {sends}",
        (_, _, { }) => $"the protocol is in {name}, where this end receives {receives}",
        _ => $"the protocol is in {name}, where nothing can be sent or received",
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
    Turn Turn { get; }

    /// <summary>Makes the token.</summary>
    /// <param name="turn">The place in the run.</param>
    static abstract TSelf At(Turn turn);
}
