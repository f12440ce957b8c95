using System.Runtime.CompilerServices;

namespace SecureChannel;

/// <summary>
/// A lock for short operations on every message. Uncontended, it costs a third of a <see cref="Lock"/>, because it does not track its owner. The holder must
/// not enter it again and must not wait. Reentry from user code is detected and throws.
/// </summary>
internal sealed class SpinGate
{
    // Not readonly, because SpinLock is a mutable struct.
    private SpinLock _lock = new(enableThreadOwnerTracking: false);
    private int _userCodeThreadId;

    /// <summary>Enters the gate. Dispose the result to leave it.</summary>
    /// <exception cref="InvalidOperationException">The caller is user code that runs while its own thread holds the gate.</exception>
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
        // The thread would deadlock with itself.
        if (Volatile.Read(ref _userCodeThreadId) == Environment.CurrentManagedThreadId)
            throw new InvalidOperationException("A message is being encoded. Its converters and properties cannot use the session that sends it.");
        var isTaken = false;
        _lock.Enter(ref isTaken);
    }

    public readonly ref struct Hold(SpinGate gate)
    {
        /// <summary>Declares that user code may run while this thread holds the gate.</summary>
        public void AllowUserCode() => gate._userCodeThreadId = Environment.CurrentManagedThreadId;

        public void Dispose()
        {
            gate._userCodeThreadId = 0;
            gate._lock.Exit(useMemoryBarrier: false);
        }
    }
}
