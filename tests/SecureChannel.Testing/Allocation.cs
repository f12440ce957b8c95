namespace SecureChannel.Testing;

/// <summary>Measures the allocations of code.</summary>
public static class Allocation
{
    private const int Rounds = 5;

    /// <summary>Measures the bytes that an action allocates on its thread.</summary>
    /// <returns>The minimum of several calls after a first one, so that occasional allocations of the runtime are not counted.</returns>
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
