using SecureChannel.CompilerServices;

namespace SecureChannel.Protocols;

/// <summary>
/// The two lanes of a run in which both roles may send at the same time. Two places are kept: where this role's own moves alone have led, which is what the
/// sending lane's type stands for, and where the moves of both have led, which is what may be sent and what may arrive. In a declaration that verifies, own
/// moves and the peer's lead to the same state in either order.
/// </summary>
internal sealed class SplitRun : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _peerIsDone = new();
    private readonly ProtocolRun _run;
    private readonly long _runVersion;
    private ProtocolState _own;
    private ProtocolState? _withoutSend;
    private long _sendVersion = 1;
    private bool _isSending;
    private bool _isReceiving;
    private bool _isJoined;

    public SplitRun(ProtocolRun run, long runVersion) => (_run, _runVersion, _own, PeerIsDone) = (run, runVersion, run.State, _peerIsDone.Token);

    public MessageChannel Channel => _run.Channel;

    /// <summary>Cancelled once the peer can send nothing more, whatever the sending lane does.</summary>
    public CancellationToken PeerIsDone { get; }

    /// <summary>Claims the sending lane and makes the move at once, since the peer may answer before the send is known to have succeeded.</summary>
    /// <returns>False if the peer has ended the run meanwhile, so that there is nothing to send.</returns>
    public bool BeginSend(long version, ProtocolState own, Type message)
    {
        lock (_gate)
        {
            Demand(version, own, "sending", message);
            var ownMove = own.Sending(message)!;
            if (_run.State.Sending(message) is not { } move)
            {
                if (!_run.State.IsFinal || !ownMove.IsAnytime)
                    throw new InvalidOperationException($"{own.Subject}: sending {message.Name} is not possible any more: by what the peer sent meanwhile, {_run.State.WhatNow}.");
                // What may be sent at any time may cross the end, and is dropped then.
                _isSending = true;
                return false;
            }

            _isSending = true;
            _withoutSend = _run.State;
            _run.TransitionTo(move);
            _own = own.After(ownMove);
            return true;
        }
    }

    /// <summary>Takes the move of a send back that was cancelled before a byte moved.</summary>
    public void UndoSend(ProtocolState own)
    {
        lock (_gate)
        {
            _isSending = false;
            _own = own;
            if (_withoutSend is not null)
                _run.RevertTo(_withoutSend);
            _withoutSend = null;
        }
    }

    /// <summary>Ends a send that has succeeded.</summary>
    /// <returns>The lane's version after it.</returns>
    public long EndSend(bool stays)
    {
        bool isDone;
        long version;
        lock (_gate)
        {
            _isSending = false;
            _withoutSend = null;
            version = stays ? _sendVersion : ++_sendVersion;
            isDone = !_peerIsDone.IsCancellationRequested && !ProtocolGraph.PeerMaySend(_own, _run.State);
        }

        if (isDone)
            _peerIsDone.Cancel();
        return version;
    }

    /// <summary>Claims the receiving lane.</summary>
    /// <returns>Whether the peer can still send.</returns>
    public bool BeginReceive()
    {
        lock (_gate)
        {
            if (_isJoined)
                throw Misuse("the lanes have been joined: use the token that Join returned");
            if (_isReceiving)
                throw Misuse("another receive of the lane is under way: await it first");
            _isReceiving = true;
            return ProtocolGraph.PeerMaySend(_own, _run.State);
        }
    }

    public void EndReceive()
    {
        lock (_gate)
            _isReceiving = false;
    }

    /// <summary>Makes the peer's move.</summary>
    /// <param name="received">What has arrived.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="item">What the lane gives.</param>
    /// <param name="isDropped">Whether it came after the end, and may.</param>
    /// <returns>Why it is refused; null if it is legal.</returns>
    public SessionError? Arrive<TItem>(ReceivedMessage received, IncomingMessageReader<TItem> read, out TItem item, out bool isDropped)
    {
        var arrival = new IncomingMessage(_run, 0, received);
        item = read(ref arrival);
        isDropped = false;
        lock (_gate)
        {
            if (arrival.ReadAs is not { } message)
                return arrival.Explain(_run.State);
            var without = _withoutSend?.Receiving(message);
            if (_run.State.Receiving(message) is { } move)
                _run.TransitionTo(move);
            else if (_run.State.IsFinal && _run.State.Graph.MayCrossTheEnd(message))
                // A send that leads to the end may still be taken back: until it has succeeded, what arrives counts.
                isDropped = without is null;
            else
                return arrival.Explain(_run.State);
            _withoutSend = without is null ? null : _withoutSend!.After(without);
            return null;
        }
    }

    /// <summary>What it means that the channel has ended.</summary>
    /// <returns>Null if the protocol had ended before.</returns>
    public SessionError? EndedEarly()
    {
        lock (_gate)
            return _run.State.IsFinal ? null : ProtocolRun.EndedEarly(_run.State, Channel.End);
    }

    public StateCursor Join(long version, ProtocolState own)
    {
        lock (_gate)
        {
            Demand(version, own, "joining", null);
            if (_isReceiving)
                throw Misuse("a receive of the other lane is under way: cancel or await it before joining");
            _isJoined = true;
            Dispose();
            return _run.Advance(_runVersion);
        }
    }

    public void Dispose() => _peerIsDone.Dispose();

    private void Demand(long version, ProtocolState own, string what, Type? message)
    {
        if (!_isJoined && !_isSending && _sendVersion == version && ReferenceEquals(_own, own))
            return;
        var operation = message is null ? what : $"{what} {message.Name}";
        throw Misuse(_isJoined ? $"{operation} is not possible: the lanes have been joined; use the token that Join returned"
            : _isSending ? $"{operation} is not possible while another send of the lane is under way: await it first"
            : $"{operation} is not possible with this lane in {own.Name}, which has been used: {_run.State.WhatNow}. Use the lane that the last send returned");
    }

    private InvalidOperationException Misuse(string what) => new($"{_own.Subject}: {what}.");
}
