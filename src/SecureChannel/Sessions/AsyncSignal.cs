using System.Threading.Tasks.Sources;

namespace SecureChannel;

/// <summary>
/// A signal for one waiter, which then looks at the state again. A signal without a waiter is kept for the next wait. Waiting allocates nothing. The waiter may
/// give up at any time. Thread-safe; only one wait may be in progress. The object is its own lock, which saves an object per session. No other code can lock
/// it.
/// </summary>
internal sealed class AsyncSignal : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _core;
    private CancellationTokenRegistration _cancellation;
    private State _state;

    private enum State
    {
        None,
        Signaled,
        Waiting,
        Completing,
    }

    /// <summary>Gets a value that indicates whether a wait is in progress.</summary>
    public bool IsAwaited
    {
        get
        {
            lock (this)
                return _state == State.Waiting;
        }
    }

    /// <summary>Waits for the next signal.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled before a signal arrived.</exception>
    public ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        lock (this)
        {
            if (_state == State.Signaled)
            {
                _state = State.None;
                return ValueTask.CompletedTask;
            }
            _core.Reset();
            _state = State.Waiting;
        }
        if (cancellationToken.CanBeCanceled)
            _cancellation = cancellationToken.UnsafeRegister(static (signal, token) => ((AsyncSignal)signal!).Cancel(token), this);
        return new(this, _core.Version);
    }

    /// <summary>Continues the waiter, or lets the next wait complete at once.</summary>
    /// <param name="isInline">True to continue the waiter on the current thread, which must hold no lock.</param>
    public void Set(bool isInline = false)
    {
        lock (this)
        {
            if (_state != State.Waiting)
            {
                if (_state == State.None)
                    _state = State.Signaled;
                return;
            }
            _state = State.Completing;
            _core.RunContinuationsAsynchronously = !isInline;
        }
        _core.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token)
    {
        _cancellation.Dispose();
        _cancellation = default;
        lock (this)
            _state = State.None;
        _core.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken cancellationToken)
    {
        lock (this)
        {
            if (_state != State.Waiting)
                return;
            _state = State.Completing;
            _core.RunContinuationsAsynchronously = true;
        }
        _core.SetException(new OperationCanceledException(cancellationToken));
    }
}
