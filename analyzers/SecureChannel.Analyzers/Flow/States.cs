namespace SecureChannel.Analyzers.Flow;

/// <summary>
/// The states that a followed object may be in at a point of the program, which join by "or". A session has a stage and a run; a token, and a task that may
/// be awaited once, has a use.
/// </summary>
[Flags]
internal enum States
{
    None = 0,

    /// <summary>A session's stage: the members of SecureChannel.SessionState, one bit for each.</summary>
    Created = 1,
    Established = 2,

    /// <summary>A token's or task's use: it may be used, an operation on it is under way, it has been used, it was given to a method that may have used it.</summary>
    Valid = 1 << 8,
    Busy = 1 << 9,
    Used = 1 << 10,
    Passed = 1 << 11,

    /// <summary>A channel's run: none has begun as far as is known, or one has.</summary>
    Unbegun = 1 << 12,
    Begun = 1 << 13,

    /// <summary>Something that is not followed had its hands on the object: nothing is said of its stage or use.</summary>
    Unknown = 1 << 30,

    Stages = Created | Established,
    Runs = Unbegun | Begun,
}
