using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Verification;

/// <summary>A transition, seen as a move of both roles.</summary>
/// <param name="From">The state before it.</param>
/// <param name="Place">Its place among the transitions of its state; -1 if it is not declared, but proposed.</param>
/// <param name="Transition">The transition.</param>
public sealed record GraphTransition(int From, int Place, Transition Transition)
{
    /// <summary>Who sends.</summary>
    public RoleModel Sender => Transition.Role;

    /// <summary>Who receives.</summary>
    public RoleModel Receiver => Sender == RoleModel.Client ? RoleModel.Server : RoleModel.Client;

    /// <summary>What the message is called.</summary>
    public string Label => Transition.Label;

    /// <summary>The state after it.</summary>
    public int Next => Transition.Next;

    /// <summary>Whether both are the same message of one sender. A variant is another message than the one it is a variant of: its content tells them apart.</summary>
    public bool Carries(GraphTransition other) =>
        Sender == other.Sender && Transition.Message.FullyQualifiedName == other.Transition.Message.FullyQualifiedName;
}
