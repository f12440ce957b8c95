using System.Globalization;
using SecureChannel.CompilerServices;

namespace SecureChannel.Protocols;

/// <summary>
/// A timer that aborts the session when a run exceeds the declared deadline of a state. No timer is created if no state declares a deadline. The timer is
/// disposed in a final state, when the channel ends, and with the run. The clock is user code: if it throws, the session is aborted. Thread-safe.
/// </summary>
internal sealed class StateDeadline(MessageChannel channel) : IDisposable
{
    private readonly Lock _gate = new();
    private DeadlineTimer? _timer;
    private ProtocolState? _state;
    private TimeSpan _due;
    private bool _isDisposed;

    /// <summary>Starts the deadline of the entered state and clears the deadline of the previous state.</summary>
    public void Enter(ProtocolState state)
    {
        if (state.Deadline is null && _timer is null)
            return;
        try
        {
            Restart(state);
        }
        catch (Exception exception)
        {
            _ = AbortAsync(CreateClockError(state, exception));
        }
    }

    public void Dispose()
    {
        DeadlineTimer? timer;
        lock (_gate)
        {
            (_isDisposed, _state) = (true, null);
            (timer, _timer) = (_timer, null);
        }

        timer?.Dispose();
    }

    private void Restart(ProtocolState state)
    {
        if (state.IsFinal)
        {
            Suspend();
            return;
        }

        lock (_gate)
        {
            _state = null;
            if (_isDisposed || state.Deadline is not { } limit)
                return;
            var timer = _timer;
            if (timer is null)
            {
                timer = _timer = new DeadlineTimer(channel.TimeProvider, Fire);
                _ = channel.Completion.ContinueWith(
                    static (_, deadline) => ((StateDeadline)deadline!).Dispose(),
                    this,
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default);
                // The continuation runs at once if the channel has ended.
                if (_isDisposed)
                    return;
            }

            (_state, _due) = (state, timer.Now + limit);
            timer.Arm(_due);
        }
    }

    // A lane may leave a final state again, if the send that led to it is canceled.
    private void Suspend()
    {
        DeadlineTimer? timer;
        lock (_gate)
        {
            _state = null;
            (timer, _timer) = (_timer, null);
        }

        timer?.Dispose();
    }

    private void Fire()
    {
        ProtocolState? expired = null;
        try
        {
            lock (_gate)
            {
                if (_timer is not { } timer || _state is not { } state)
                    return;
                expired = state;
                if (timer.Now < _due)
                {
                    timer.Arm(_due);
                    return;
                }

                _state = null;
            }

            Dispose();
            _ = AbortAsync(CreateError(expired));
        }
        catch (Exception exception)
        {
            _ = AbortAsync(CreateClockError(expired!, exception));
        }
    }

    private async Task AbortAsync(SessionError error)
    {
        try
        {
            await channel.AbortAsync(error).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // A channel that cannot abort must not end the process; its next operation fails by itself.
        }
    }

    private static SessionError CreateError(ProtocolState state)
    {
        var expectation = (state.Sends, state.Receives) switch
        {
            ({ } sends, { } receives) => $"this endpoint may send {sends}, and the peer may send {receives}",
            ({ } sends, _) => $"this endpoint had to send {sends}",
            (_, { } receives) => $"the peer had to send {receives}",
            _ => "nothing can be sent",
        };
        var seconds = state.Deadline!.Value.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        return new SessionError(SessionErrorKind.TimedOut, SessionErrorCode.StateDeadline, AlertDescription.GeneralError,
            $"The deadline of {seconds} s expired in state '{state.Name}' of {state.Protocol}, in which {expectation}.");
    }

    private static SessionError CreateClockError(ProtocolState state, Exception exception) => new(
        SessionErrorKind.LocalError, SessionErrorCode.CallbackFailed, AlertDescription.InternalError,
        $"The time provider threw {exception.GetType().Name}, so the deadline of state '{state.Name}' of {state.Protocol} cannot be enforced.");
}
