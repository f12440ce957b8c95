using SecureChannel.CompilerServices;

namespace SecureChannel.Protocols;

/// <summary>A timer that aborts the session when a run exceeds the declared deadline of a state. No timer is created if no state declares a deadline.</summary>
internal sealed class StateDeadline(MessageChannel channel)
{
    private readonly Lock _gate = new();
    private DeadlineTimer? _timer;
    private ProtocolState? _state;
    private TimeSpan _due;

    /// <summary>Starts the deadline of the entered state and clears the deadline of the previous state.</summary>
    public void Enter(ProtocolState state)
    {
        if (state.Deadline is not { } limit)
        {
            if (_timer is not null)
                Clear(state.IsFinal);
            return;
        }

        lock (_gate)
        {
            _timer ??= new DeadlineTimer(channel.TimeProvider, Fire);
            (_state, _due) = (state, _timer.Now + limit);
            _timer.Arm(_due);
        }
    }

    private void Clear(bool dispose)
    {
        lock (_gate)
        {
            _state = null;
            if (dispose)
                _timer!.Dispose();
        }
    }

    private void Fire()
    {
        ProtocolState expired;
        lock (_gate)
        {
            if (_state is not { } state)
                return;
            if (_timer!.Now < _due)
            {
                _timer.Arm(_due);
                return;
            }

            (expired, _state) = (state, null);
        }

        _timer.Dispose();
        if (channel.End is null)
            _ = channel.AbortAsync(CreateError(expired)).AsTask();
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
        var seconds = state.Deadline!.Value.TotalSeconds;
        return new SessionError(SessionErrorKind.TimedOut, SessionErrorCode.StateDeadline, AlertDescription.UserCanceled,
            $"The deadline of {seconds:0.###} s expired in state '{state.Name}' of {state.Protocol}, in which {expectation}.");
    }
}
