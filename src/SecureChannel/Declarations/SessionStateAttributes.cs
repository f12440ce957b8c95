namespace SecureChannel.CodeAnalysis;

/// <summary>The states of a session that the analyzers track (SCH3001).</summary>
public enum SessionState
{
    /// <summary>The session was created, but the handshake is not complete. Data cannot be sent.</summary>
    Created,

    /// <summary>The handshake is complete. Data can be sent.</summary>
    Established,
}

/// <summary>
/// Declares the state of a session that is a parameter or return value. On a parameter, the caller must ensure the state, and the method's body may rely on it.
/// On a return value, the caller may rely on the state when the call, or the task that it returns, completes.
/// </summary>
/// <param name="state">The state of the session.</param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.ReturnValue)]
public sealed class InStateAttribute(SessionState state) : Attribute
{
    /// <summary>Gets the state of the session.</summary>
    public SessionState State { get; } = state;
}

/// <summary>Declares that a member may be used only on a session in the given state.</summary>
/// <param name="state">The state of the session.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public sealed class RequiresStateAttribute(SessionState state) : Attribute
{
    /// <summary>Gets the state of the session.</summary>
    public SessionState State { get; } = state;
}

/// <summary>
/// Declares the state of a session after a method, or the task that it returns, completes. On a method, the session is the receiver of the call. On a
/// parameter, it is the argument. On a constructor, it is the new session.
/// </summary>
/// <param name="state">The state of the session.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Parameter)]
public sealed class EnsuresStateAttribute(SessionState state) : Attribute
{
    /// <summary>Gets the state of the session.</summary>
    public SessionState State { get; } = state;
}
