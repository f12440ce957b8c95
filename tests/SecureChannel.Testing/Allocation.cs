namespace SecureChannel.Testing;

/// <summary>What code allocates once it has settled.</summary>
public static class Allocation
{
    private const int Rounds = 5;

    /// <summary>
    /// The bytes that an action allocates on its thread, after one call that does not count: the least of several rounds. What code allocates each time is in all
    /// of them; what the run time does once, such as filling a pool again that it has trimmed, is not.
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
