using SecureChannel.Testing;

namespace SecureChannel.Simulation;

/// <summary>
/// The clock of a run, and the queue of its events. Time advances only when the thread has nothing else to do, and then to the next event. Events at the same
/// time run in the order in which they were scheduled.
/// </summary>
internal sealed class VirtualTime : TimeProvider
{
    private readonly PriorityQueue<Action, (long Due, long Number)> _events = new();
    private readonly HashSet<VirtualTimer> _armed = [];
    private readonly Action<Exception> _escaped;
    private long _now;
    private long _number;

    /// <param name="escaped">The callback that receives an exception that a timer callback threw.</param>
    public VirtualTime(Action<Exception> escaped) => _escaped = escaped;

    /// <summary>Gets the time since the run began.</summary>
    public TimeSpan Now => new(_now);

    /// <summary>Gets the number of timers that will still fire.</summary>
    public int ArmedTimers => _armed.Count;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => TestCertificates.Now + Now;

    public override long GetTimestamp() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Schedules an event of the simulation itself, which does not count as a timer.</summary>
    public void Schedule(TimeSpan delay, Action action) => _events.Enqueue(action, (_now + Math.Max(0, delay.Ticks), _number++));

    /// <summary>Waits.</summary>
    public Task Delay(TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
            return Task.CompletedTask;
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Schedule(delay, waiting.SetResult);
        return waiting.Task;
    }

    /// <summary>Advances to the next event, and runs it.</summary>
    /// <param name="limit">The time after which no event is run.</param>
    /// <returns>True if an event ran; false if no event is left before the limit.</returns>
    public bool TryRunNext(TimeSpan limit)
    {
        if (!_events.TryPeek(out var action, out var at) || at.Due > limit.Ticks)
            return false;
        _events.Dequeue();
        _now = Math.Max(_now, at.Due);
        action();
        return true;
    }

    /// <summary>Advances to a time at which no event is due.</summary>
    public void AdvanceTo(TimeSpan time) => _now = Math.Max(_now, time.Ticks);

    private sealed class VirtualTimer(VirtualTime clock, TimerCallback callback, object? state) : ITimer
    {
        private long _version;
        private TimeSpan _period;
        private bool _isDisposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_isDisposed)
                return false;
            _version++;
            _period = period;
            clock._armed.Remove(this);
            if (dueTime != Timeout.InfiniteTimeSpan)
                Arm(dueTime);
            return true;
        }

        public void Dispose()
        {
            _isDisposed = true;
            _version++;
            clock._armed.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm(TimeSpan delay)
        {
            var version = _version;
            clock._armed.Add(this);
            clock.Schedule(delay, () => Fire(version));
        }

        private void Fire(long version)
        {
            // The timer was changed or disposed in the meantime.
            if (version != _version)
                return;
            clock._armed.Remove(this);
            if (_period > TimeSpan.Zero)
                Arm(_period);
            try
            {
                callback(state);
            }
            catch (Exception e)
            {
                clock._escaped(e);
            }
        }
    }
}
