namespace SecureChannel.Simulation;

/// <summary>A rule of the contract that the oracle checks.</summary>
internal enum Rule
{
    /// <summary>The reader receives a prefix of what was sent.</summary>
    Delivery,

    /// <summary>A reader that sees an orderly end has received everything that was accepted.</summary>
    IncompleteEnd,

    /// <summary>A reader sees an orderly end only if the peer's application caused it.</summary>
    UncausedEnd,

    /// <summary>Ends that work together finish everything.</summary>
    Liveness,

    /// <summary>A receive does not wait while data has arrived.</summary>
    BlockedReceive,

    /// <summary>After all time has passed, no operation is pending.</summary>
    PendingOperation,

    /// <summary>Ending operations and canceled operations complete in time.</summary>
    SlowOperation,

    /// <summary>The session disposes the transport.</summary>
    TransportNotDisposed,

    /// <summary>The session does not overlap reads or writes of the transport.</summary>
    TransportMisuse,

    /// <summary>An operation throws only what the contract allows.</summary>
    UnexpectedException,

    /// <summary>The kind of an error agrees with what happened.</summary>
    WrongKind,

    /// <summary>Each failed operation has the reason of the session's first end.</summary>
    ChangedEnd,

    /// <summary>The reason that the session reports agrees with what happened.</summary>
    WrongReason,

    /// <summary>An idle timeout expires only after what has arrived was read.</summary>
    ArrivedDataLost,

    /// <summary>No timer is armed after the sessions were disposed.</summary>
    ArmedTimer,

    /// <summary>No callback is registered on a token of the application.</summary>
    Registration,

    /// <summary>Each rented array was returned.</summary>
    RentedArray,

    /// <summary>No exception of a task is unobserved.</summary>
    UnobservedException,

    /// <summary>No exception escapes from a callback.</summary>
    EscapedException,
}

/// <summary>A violation of the contract.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Detail">The description of the violation.</param>
internal sealed record Violation(Rule Rule, string Detail);
