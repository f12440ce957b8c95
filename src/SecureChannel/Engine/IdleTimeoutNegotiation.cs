namespace SecureChannel.Handshakes;

/// <summary>Negotiates the idle timeout, which messages carry in whole milliseconds.</summary>
public static class IdleTimeoutNegotiation
{
    /// <summary>Converts a timeout to milliseconds. Fractions of a millisecond are dropped.</summary>
    /// <param name="timeout">The timeout; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is less than a millisecond, or more than 2^32 - 1 milliseconds (about 49 days).</exception>
    public static uint? ToMilliseconds(TimeSpan? timeout)
    {
        if (timeout is not { } value)
            return null;
        ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(1), nameof(timeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMilliseconds(uint.MaxValue), nameof(timeout));
        return (uint)value.TotalMilliseconds;
    }

    /// <summary>Converts milliseconds to a timeout.</summary>
    /// <param name="milliseconds">The received value; null for none.</param>
    public static TimeSpan? FromMilliseconds(uint? milliseconds) => milliseconds is { } value ? TimeSpan.FromMilliseconds(value) : null;

    /// <summary>Returns the idle timeout that a server selects: the smaller of the client's proposal and its own maximum, in milliseconds.</summary>
    /// <param name="proposed">The client's proposal, in milliseconds; null for none.</param>
    /// <param name="longest">The maximum of the server, in milliseconds; null for no maximum.</param>
    public static uint? Negotiate(uint? proposed, uint? longest) =>
        proposed is { } own && longest is { } other ? Math.Min(own, other) : proposed ?? longest;

    /// <summary>
    /// Returns a value that indicates whether the client may accept the answer of a server: never 0 and, if the client made a proposal, never above it and
    /// never missing.
    /// </summary>
    /// <param name="selected">The value that the server selected, in milliseconds; null for none.</param>
    /// <param name="proposed">The client's proposal, in milliseconds; null for none.</param>
    public static bool IsLegal(uint? selected, uint? proposed) => selected != 0 && (proposed is null || selected <= proposed);
}
