namespace SecureChannel.Handshakes;

/// <summary>The idle timeout on the wire: whole milliseconds.</summary>
public static class IdleTimeoutNegotiation
{
    /// <summary>To the wire; fractions of a millisecond are dropped.</summary>
    /// <param name="timeout">The timeout; null for none.</param>
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
    /// <param name="milliseconds">What came; null for none.</param>
    public static TimeSpan? FromMilliseconds(uint? milliseconds) => milliseconds is { } value ? TimeSpan.FromMilliseconds(value) : null;

    /// <summary>What a server settles on: the lesser of what the ends want.</summary>
    /// <param name="proposed">The client's proposal, in milliseconds; null for none.</param>
    /// <param name="longest">The longest that the server agrees to; null for any.</param>
    public static uint? Negotiate(uint? proposed, uint? longest) =>
        proposed is { } own && longest is { } other ? Math.Min(own, other) : proposed ?? longest;

    /// <summary>Whether a server may answer a proposal so: with a proposal never above it and never without, and never 0.</summary>
    /// <param name="settled">What the server settled on, in milliseconds; null for none.</param>
    /// <param name="proposed">What the client proposed; null for nothing.</param>
    public static bool IsLegal(uint? settled, uint? proposed) => settled != 0 && (proposed is null || settled <= proposed);
}
