namespace SecureChannel.Handshakes;

/// <summary>The negotiation of the idle timeout, which messages contain in whole milliseconds.</summary>
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

    /// <summary>
    /// Returns the idle timeout that a server selects, in milliseconds: the smaller of the client's proposal and the server's maximum. If one of them is null,
    /// returns the other.
    /// </summary>
    /// <param name="proposed">The client's proposal, in milliseconds; null for none.</param>
    /// <param name="longest">The maximum of the server, in milliseconds; null for no maximum.</param>
    public static uint? Negotiate(uint? proposed, uint? longest) =>
        proposed is { } own && longest is { } other ? Math.Min(own, other) : proposed ?? longest;

    /// <summary>
    /// Returns a value that indicates whether a client may accept the idle timeout that the server selected. The selected value must not be 0. If the
    /// client proposed an idle timeout, the server must select one that does not exceed the proposal.
    /// </summary>
    /// <param name="selected">The value that the server selected, in milliseconds; null for none.</param>
    /// <param name="proposed">The client's proposal, in milliseconds; null for none.</param>
    public static bool IsLegal(uint? selected, uint? proposed) => selected != 0 && (proposed is null || selected <= proposed);
}
