using SecureChannel.CompilerServices;

namespace SecureChannel.Protocols;

/// <summary>Ends the session when a run has stayed in a state for longer than the state's declared deadline. Costs nothing where none is declared.</summary>
internal sealed class StateDeadline(MessageChannel channel)
{
    private readonly Lock _gate = new();
    private DeadlineTimer? _timer;
    private ProtocolState? _state;
    private TimeSpan _due;

    /// <summary>Starts the deadline of the state that was entered, and forgets that of the one before.</summary>
    public void Enter(ProtocolState state)
    {
        if (state.Deadline is not { } limit)
        {
            if (_timer is not null)
                Forget(state.IsFinal);
            return;
        }

        lock (_gate)
        {
            _timer ??= new DeadlineTimer(channel.TimeProvider, Fire);
            (_state, _due) = (state, _timer.Now + limit);
            _timer.Arm(_due);
        }
    }

    private void Forget(bool forGood)
    {
        lock (_gate)
        {
            _state = null;
            if (forGood)
                _timer!.Dispose();
        }
    }

    private void Fire()
    {
        ProtocolState passed;
        lock (_gate)
        {
            if (_state is not { } state)
                return;
            if (_timer!.Now < _due)
            {
                _timer.Arm(_due);
                return;
            }

            (passed, _state) = (state, null);
        }

        _timer.Dispose();
        if (channel.End is null)
            _ = channel.AbortAsync(Explain(passed)).AsTask();
    }

    private static SessionError Explain(ProtocolState state) => new(SessionErrorKind.TimedOut, AlertDescription.UserCanceled,
        $"the deadline of {state.Deadline!.Value.TotalSeconds:0.###} s passed in {state.Name} of {state.Protocol}, where " + (state.Sends, state.Receives) switch
        {
            ({ } sends, { } receives) => $"this end may send {sends}, and the peer {receives}",
            ({ } sends, _) => $"this end was to send {sends}",
            (_, { } receives) => $"the peer was to send {receives}",
            _ => "nothing can be sent",
        });
}
