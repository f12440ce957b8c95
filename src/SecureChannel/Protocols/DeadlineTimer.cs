namespace SecureChannel;

/// <summary>
/// A timer that fires when a deadline may have passed. Postponing a deadline does not reset the timer: the timer fires at the original time, and its owner then
/// arms it for the new deadline.
/// </summary>
internal sealed class DeadlineTimer : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly ITimer _timer;
    private readonly Action _fired;
    private long _armed = long.MaxValue;
    private bool _disposed;

    /// <param name="time">The clock.</param>
    /// <param name="fired">The callback, invoked on a thread that the clock chooses.</param>
    public DeadlineTimer(TimeProvider time, Action fired)
    {
        (_time, _fired) = (time, fired);
        _origin = time.GetTimestamp();
        _timer = time.CreateTimer(static timer => ((DeadlineTimer)timer!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Gets the monotonic time since the timer was created. Deadlines are relative to this origin.</summary>
    public TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Ensures that the timer fires at or before the deadline. Does nothing if the deadline is null.</summary>
    public void Arm(TimeSpan? deadline)
    {
        // The callback reads the deadline again, so an earlier firing is sufficient.
        if (deadline is not { } due || Volatile.Read(ref _armed) <= due.Ticks)
            return;
        lock (_gate)
        {
            if (_disposed || _armed <= due.Ticks)
                return;
            _armed = due.Ticks;
            var wait = due - Now;
            // A timer counts whole milliseconds: round up, so that it does not fire just before the deadline.
            _timer.Change(wait <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
            _disposed = true;
        try
        {
            _timer.Dispose();
        }
        catch (Exception)
        {
            // The clock may be user code. A timer that fires after its disposal does nothing.
        }
    }

    private void Fire()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _armed = long.MaxValue;
        }
        try
        {
            _fired();
        }
        catch (Exception)
        {
            // An exception on the thread of a timer would end the process. The callback reports failures itself.
        }
    }
}
