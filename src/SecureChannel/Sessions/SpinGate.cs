using System.Runtime.CompilerServices;

namespace SecureChannel;

/// <summary>
/// A lock for what takes a moment and is done for every message: a third of a <see cref="Lock"/>'s cost where nobody else holds it, since it does not know who
/// does. So whoever holds it must not ask for it again, and must wait for nothing; user's code that runs meanwhile is told so.
/// </summary>
internal sealed class SpinGate
{
    // Not readonly: it is a struct that changes.
    private SpinLock _lock = new(enableThreadOwnerTracking: false);
    private int _threadOfUsersCode;

    /// <summary>Holds the gate until the result is disposed.</summary>
    /// <exception cref="InvalidOperationException">The caller is user's code that runs while its own thread holds the gate.</exception>
    public Hold Enter()
    {
        var isTaken = false;
        _lock.TryEnter(ref isTaken);
        if (!isTaken)
            WaitToEnter();
        return new Hold(this);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WaitToEnter()
    {
        // It would wait for itself, for ever.
        if (Volatile.Read(ref _threadOfUsersCode) == Environment.CurrentManagedThreadId)
            throw new InvalidOperationException("A message is being encoded: what encodes it, such as a converter or a property, cannot use the session that sends it.");
        var isTaken = false;
        _lock.Enter(ref isTaken);
    }

    public readonly ref struct Hold(SpinGate gate)
    {
        /// <summary>What runs until the gate is left may be user's code.</summary>
        public void AdmitUsersCode() => gate._threadOfUsersCode = Environment.CurrentManagedThreadId;

        public void Dispose()
        {
            gate._threadOfUsersCode = 0;
            gate._lock.Exit(useMemoryBarrier: false);
        }
    }
}
