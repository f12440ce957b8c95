namespace SecureChannel;

/// <summary>
/// A lock for what takes a moment and is done for every message: a third of a <see cref="Lock"/>'s cost where nobody else holds it, since it does not know who
/// does. So whoever holds it must not ask for it again, and must wait for nothing.
/// </summary>
internal sealed class SpinGate
{
    // Not readonly: it is a struct that changes.
    private SpinLock _lock = new(enableThreadOwnerTracking: false);

    /// <summary>Holds the gate until the result is disposed.</summary>
    public Hold Enter()
    {
        var isTaken = false;
        _lock.Enter(ref isTaken);
        return new Hold(this);
    }

    public readonly ref struct Hold(SpinGate gate)
    {
        public void Dispose() => gate._lock.Exit(useMemoryBarrier: false);
    }
}
