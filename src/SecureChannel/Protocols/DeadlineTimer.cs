namespace SecureChannel;

/// <summary>
/// Fires when a deadline may have passed. Moving a deadline later costs nothing: the timer fires at the time first set, and the owner sets it anew.
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
    /// <param name="fired">Called on a thread of the clock's choice.</param>
    public DeadlineTimer(TimeProvider time, Action fired)
    {
        (_time, _fired) = (time, fired);
        _origin = time.GetTimestamp();
        _timer = time.CreateTimer(static timer => ((DeadlineTimer)timer!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Monotonic time since the timer was made: the origin of deadlines.</summary>
    public TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Makes sure that it fires at the deadline or before it; null needs no firing.</summary>
    public void Arm(TimeSpan? deadline)
    {
        // Whoever fires looks for the deadline again: a timer that is found armed misses nothing.
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
        _timer.Dispose();
    }

    private void Fire()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _armed = long.MaxValue;
        }
        _fired();
    }
}
