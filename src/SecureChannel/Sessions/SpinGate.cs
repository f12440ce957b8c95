using System.Runtime.CompilerServices;

namespace SecureChannel;

/// <summary>
/// A lock for the short operations that every message needs. An uncontended entry costs a third of that of a <see cref="Lock"/>, because the gate does not
/// track its owner. The holder must not enter the gate again and must not wait. If user code enters the gate again, the gate throws.
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
            throw new InvalidOperationException(
                "A converter or property of a message used the session that is encoding the message. Use the session only outside converters and properties.");
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
