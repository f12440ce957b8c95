namespace SecureChannel.Analyzers.Flow;

/// <summary>
/// The possible states of a followed object at a point of the program, combined as flags. A session has a stage, and a run, which says whether a protocol has
/// begun. A token, and a task that can be awaited once, has a use.
/// </summary>
[Flags]
internal enum States
{
    None = 0,

    /// <summary>The stages of a session, one bit for each member of SessionState.</summary>
    Created = 1,
    Established = 2,

    /// <summary>
    /// The uses of a token or task: it is valid, an operation on it is in progress, it was consumed, or it was passed to a method that can consume it.
    /// </summary>
    Valid = 1 << 8,
    Busy = 1 << 9,
    Used = 1 << 10,
    Passed = 1 << 11,

    /// <summary>The runs of a channel: no protocol is known to have begun, or one has begun.</summary>
    Unbegun = 1 << 12,
    Begun = 1 << 13,

    /// <summary>Other code had access to the object, so the stage and the use of the object are unknown.</summary>
    Unknown = 1 << 30,

    Stages = Created | Established,
    Runs = Unbegun | Begun,
}
