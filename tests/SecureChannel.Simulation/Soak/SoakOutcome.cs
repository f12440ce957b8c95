namespace SecureChannel.Simulation;

/// <summary>The result of an operation of the soak.</summary>
internal enum SoakOutcome
{
    Succeeded,

    /// <summary>The caller canceled the operation.</summary>
    Canceled,

    /// <summary>The operation threw an exception that the contract allows.</summary>
    Failed,

    /// <summary>The operation threw an exception that the contract does not allow.</summary>
    Unexpected,

    /// <summary>The operation did not complete in time.</summary>
    Hung,
}
