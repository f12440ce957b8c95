namespace SecureChannel.KeyTransport;

/// <summary>The idle timeout on the wire: whole milliseconds.</summary>
internal static class IdleTimeouts
{
    /// <summary>To the wire; fractions of a millisecond are dropped.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than a millisecond, or more than 32 bits of them (about 49 days).</exception>
    public static uint? ToMilliseconds(TimeSpan? timeout)
    {
        if (timeout is not { } value)
            return null;
        ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(1), nameof(timeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMilliseconds(uint.MaxValue), nameof(timeout));
        return (uint)value.TotalMilliseconds;
    }

    /// <summary>From the wire.</summary>
    public static TimeSpan? FromMilliseconds(uint? milliseconds) => milliseconds is { } value ? TimeSpan.FromMilliseconds(value) : null;

    /// <summary>What a server settles on: the lesser of what the ends want.</summary>
    public static uint? Settle(uint? proposed, uint? longest) =>
        proposed is { } own && longest is { } other ? Math.Min(own, other) : proposed ?? longest;

    /// <summary>Whether a server may answer a proposal so: with a proposal never above it and never without, and never 0.</summary>
    public static bool IsLegal(uint? settled, uint? proposed) => settled != 0 && (proposed is null || settled <= proposed);
}
