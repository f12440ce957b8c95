namespace SecureChannel.CodeAnalysis;

/// <summary>How far a session has come, for the rules that follow it through code (SCH3001).</summary>
public enum SessionState
{
    /// <summary>It exists, but nothing has been agreed: no data may be sent.</summary>
    Created,

    /// <summary>The handshake is complete: data may be sent.</summary>
    Established,
}

/// <summary>
/// States that the session a parameter or return value refers to is in a state. On a parameter: the caller must bring it there, and the method's body may
/// rely on it. On a return value: the caller may rely on it once the call, or the task it returns, has completed.
/// </summary>
/// <param name="state">The state.</param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.ReturnValue)]
public sealed class InStateAttribute(SessionState state) : Attribute
{
    /// <summary>The state.</summary>
    public SessionState State { get; } = state;
}

/// <summary>States that a member may be used only on a session that is in a state.</summary>
/// <param name="state">The state.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public sealed class RequiresStateAttribute(SessionState state) : Attribute
{
    /// <summary>The state.</summary>
    public SessionState State { get; } = state;
}

/// <summary>
/// States that a session is in a state once a method, or the task it returns, has completed: on a method, the session it was called on; on a parameter, the
/// session that was passed; on a constructor, the session that it makes.
/// </summary>
/// <param name="state">The state.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Parameter)]
public sealed class EnsuresStateAttribute(SessionState state) : Attribute
{
    /// <summary>The state.</summary>
    public SessionState State { get; } = state;
}
