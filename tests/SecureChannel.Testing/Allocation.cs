namespace SecureChannel.Testing;

/// <summary>Measurement of allocations after warm-up.</summary>
public static class Allocation
{
    private const int Rounds = 5;

    /// <summary>
    /// Measures the bytes that an action allocates on its thread: the minimum of several rounds after a warm-up call. The minimum excludes one-time allocations
    /// of the runtime, such as refilling a trimmed pool.
    /// </summary>
    public static long Of(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        action();
        var least = long.MaxValue;
        for (var round = 0; round < Rounds && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
