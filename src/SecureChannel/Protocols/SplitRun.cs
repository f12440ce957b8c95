using SecureChannel.CompilerServices;

namespace SecureChannel.Protocols;

/// <summary>
/// The two lanes of a run in which both roles may send at the same time. The type tracks two states. The own state results from the messages of this role
/// alone, and the type of the sending lane represents it. The joint state results from the messages of both roles, and it decides what may be sent and
/// received. In a verified declaration, the messages of both roles lead to the same state in either order.
/// </summary>
internal sealed class SplitRun : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _peerFinished = new();
    private readonly ProtocolRun _run;
    private readonly long _runVersion;
    private ProtocolState _ownState;
    private ProtocolState? _stateWithoutSend;
    private long _sendVersion = 1;
    private bool _isSending;
    private bool _isReceiving;
    private bool _isJoined;

    public SplitRun(ProtocolRun run, long runVersion) => (_run, _runVersion, _ownState, PeerFinished) = (run, runVersion, run.State, _peerFinished.Token);

    public MessageChannel Channel => _run.Channel;

    /// <summary>Gets a token that is canceled when the peer can send no more messages, regardless of what the sending lane sends.</summary>
    public CancellationToken PeerFinished { get; }

    /// <summary>Claims the sending lane and applies the transition at once, because the peer may answer before the send completes.</summary>
    /// <returns>True to send the message; false if the peer ended the run in the meantime, so that the message is dropped.</returns>
    public bool BeginSend(long version, ProtocolState own, Type message)
    {
        lock (_gate)
        {
            ThrowIfNotCurrent(version, own, "sending", message);
            var ownTransition = own.FindSend(message)!;
            if (_run.State.FindSend(message) is not { } transition)
            {
                if (!_run.State.IsFinal || !ownTransition.IsAnytime)
                {
                    throw new InvalidOperationException(
                        $"{own.Subject}: sending {message.Name} is no longer possible: after the peer's last message, {_run.State.Situation}.");
                }

                // A message that may be sent at any time is dropped if it crosses the end of the protocol.
                _isSending = true;
                return false;
            }

            _isSending = true;
            _stateWithoutSend = _run.State;
            _run.TransitionTo(transition, isPending: true);
            _ownState = own.After(ownTransition);
            return true;
        }
    }

    /// <summary>Records the exception of an operation of a lane.</summary>
    public void RecordFailure(Exception exception) => _run.RecordFailure(exception);

    /// <summary>Reverts the transition of a send that was canceled before any byte was sent, or failed.</summary>
    public void UndoSend(ProtocolState own, Exception exception)
    {
        RecordFailure(exception);
        lock (_gate)
        {
            _isSending = false;
            _ownState = own;
            if (_stateWithoutSend is not null)
                _run.RevertTo(_stateWithoutSend);
            _stateWithoutSend = null;
        }
    }

    /// <summary>Completes a successful send.</summary>
    /// <returns>The version of the lane after the send.</returns>
    public long EndSend(bool stays)
    {
        bool peerFinished;
        long version;
        lock (_gate)
        {
            _isSending = false;
            _stateWithoutSend = null;
            _run.ConfirmTransition();
            version = stays ? _sendVersion : ++_sendVersion;
            peerFinished = !_peerFinished.IsCancellationRequested && !ProtocolGraph.PeerMaySend(_ownState, _run.State);
        }

        if (peerFinished)
            _peerFinished.Cancel();
        return version;
    }

    /// <summary>Claims the receiving lane.</summary>
    /// <returns>True if the peer can still send; otherwise, false.</returns>
    public bool BeginReceive()
    {
        lock (_gate)
        {
            if (_isJoined)
                throw CreateMisuseException("receiving is not possible because the lanes are joined. Use the token that 'Join' returned");
            if (_isReceiving)
                throw CreateMisuseException("receiving is not possible while another receive of the lane is in progress. Await that receive first");
            _isReceiving = true;
            return ProtocolGraph.PeerMaySend(_ownState, _run.State);
        }
    }

    public void EndReceive()
    {
        lock (_gate)
            _isReceiving = false;
    }

    /// <summary>Applies the transition of a received message.</summary>
    /// <param name="received">The received message.</param>
    /// <param name="read">The method that reads the message.</param>
    /// <param name="item">The item that the lane returns.</param>
    /// <param name="isDropped">True if the message legally crossed the end of the protocol and is dropped.</param>
    /// <returns>The error, or null if the message is legal.</returns>
    public SessionError? ApplyReceived<TItem>(ReceivedMessage received, IncomingMessageReader<TItem> read, out TItem item, out bool isDropped)
    {
        var incoming = new IncomingMessage(_run, 0, received);
        item = read(ref incoming);
        isDropped = false;
        lock (_gate)
        {
            if (incoming.AcceptedAs is not { } message)
                return incoming.CreateError(_run.State);
            var without = _stateWithoutSend?.FindReceive(message);
            if (_run.State.FindReceive(message) is { } transition)
                _run.TransitionTo(transition, isPending: _stateWithoutSend is not null);
            else if (_run.State.IsFinal && _run.State.Graph.MayCrossTheEnd(message))
                // Until the send that ends the protocol completes, it can be reverted, so received messages still count.
                isDropped = without is null;
            else
                return incoming.CreateError(_run.State);
            _stateWithoutSend = without is null ? null : _stateWithoutSend!.After(without);
            return null;
        }
    }

    /// <summary>Creates the exception of a receive that found the end of the channel before the protocol reached a final state.</summary>
    /// <returns>The exception, or null if the protocol ended first.</returns>
    public SessionException? CreateEarlyEndException()
    {
        lock (_gate)
            return _run.State.IsFinal ? null : _run.CreateEarlyEndException(_run.State);
    }

    public StateCursor Join(long version, ProtocolState own)
    {
        lock (_gate)
        {
            ThrowIfNotCurrent(version, own, "joining", null);
            if (_isReceiving)
                throw CreateMisuseException("joining is not possible while a receive of the receiving lane is in progress. Cancel or await that receive first");
            _isJoined = true;
            Dispose();
            return _run.Advance(_runVersion);
        }
    }

    public void Dispose() => _peerFinished.Dispose();

    private void ThrowIfNotCurrent(long version, ProtocolState own, string operation, Type? message)
    {
        if (!_isJoined && !_isSending && _sendVersion == version && ReferenceEquals(_ownState, own))
            return;
        if (message is not null)
            operation += $" {message.Name}";
        throw CreateMisuseException(_isJoined ? $"{operation} is not possible because the lanes are joined. Use the token that 'Join' returned"
            : _isSending ? $"{operation} is not possible while another send of the lane is in progress. Await that send first"
            : $"{operation} is not possible with this '{own.Name}' lane, which was already used: {_run.State.Situation}. "
                + "Use the lane that the last send returned");
    }

    private InvalidOperationException CreateMisuseException(string problem) => new($"{_ownState.Subject}: {problem}.");
}
