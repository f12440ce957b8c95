namespace SecureChannel.Model.Declarations;

/// <summary>An <c>[Anytime&lt;T&gt;]</c>: a message that leads back to the state in which it is sent.</summary>
/// <param name="Role">Who may send it; null if both may.</param>
/// <param name="Message">The message.</param>
/// <param name="As">The name that the declaration gives the message; null if none.</param>
public sealed record AnytimeModel(RoleModel? Role, MessageReference Message, string? As)
{
    /// <summary>Whether a role may send it.</summary>
    public bool IsSentBy(RoleModel role) => Role is null || Role == role;

    /// <summary>What it means in a state.</summary>
    /// <param name="index">The state's index.</param>
    /// <param name="name">The state's name.</param>
    public IEnumerable<Transition> In(int index, string name)
    {
        if (IsSentBy(RoleModel.Client))
            yield return new Transition(RoleModel.Client, Message, index, name, null, As, IsAnytime: true);
        if (IsSentBy(RoleModel.Server))
            yield return new Transition(RoleModel.Server, Message, index, name, null, As, IsAnytime: true);
    }
}
