using System.Runtime.CompilerServices;
using SecureChannel.Protocols;

namespace SecureChannel;

/// <content>Receiving of messages and bytes.</content>
public sealed partial class SecureSession
{
    private protected override void ApplyLimits(MessageLimits limits) => _driver.Messages.Limits = limits;

    internal ValueTask<int> ReadBytesAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ThrowIfNotEstablished();
        BeginReceive(cancellationToken);
        var count = _driver.Messages.ReadBytes(buffer.Span);
        if (count == 0)
            return FinishReadBytesAsync(buffer, cancellationToken);
        ReleaseConsumedInput();
        EndReceive();
        return new(count);
    }

    internal ValueTask WriteBytesAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        ThrowIfNotEstablished();
        cancellationToken.ThrowIfCancellationRequested();
        return _driver.Output.SendAsync(bytes, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReceivedMessage?> FinishReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            var messages = _driver.Messages;
            while (true)
            {
                var status = messages.Read(out var message, out var error);
                if (status == FrameStatus.Complete)
                    return message;
                if (status == FrameStatus.Refused)
                    throw Abort(error!);
                _driver.Output.FlushBeforeReceive();
                var chunk = await _driver.ReadAsync(cancellationToken).ConfigureAwait(false);
                if (chunk.IsEmpty)
                {
                    if (messages.IsWithinMessage)
                        throw Abort(ClosedWithinMessage);
                    AnswerPeerClose();
                    return null;
                }
                messages.Supply(chunk);
            }
        }
        finally
        {
            EndReceive();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> FinishReadBytesAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            if (_driver.Messages.Unread.IsEmpty)
            {
                _driver.Output.FlushBeforeReceive();
                var chunk = await _driver.ReadAsync(cancellationToken).ConfigureAwait(false);
                if (chunk.IsEmpty)
                    AnswerPeerClose();
                _driver.Messages.Supply(chunk);
            }
            var count = _driver.Messages.ReadBytes(buffer.Span);
            ReleaseConsumedInput();
            return count;
        }
        finally
        {
            EndReceive();
        }
    }

    // The application may wait long before it reads again. It has a copy of the bytes, so they are no longer in use.
    private void ReleaseConsumedInput()
    {
        if (_driver.Messages.Unread.IsEmpty)
            _driver.ReleaseConsumedInput();
    }

    private static SessionError ClosedWithinMessage { get; } = new(
        SessionErrorKind.ProtocolViolation, SessionErrorCode.ClosedEarly, AlertDescription.DecodeError, "The peer closed the session within a message.");

    private void BeginReceive(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // This endpoint decided to end the session, so it wants no more data. After every other end, received data is still delivered.
        if (End is { } end && (end.Reason == SessionEndReason.ClosedLocally || end.Error is { Kind: SessionErrorKind.LocalError }) && !IsAnswerToPeerClose(end))
            throw _driver.Lifetime.CreateException(isSend: false);
        if (Interlocked.Exchange(ref _receiveInProgress, 1) != 0)
            throw new InvalidOperationException("Another receive is in progress. Await it before the next one.");
    }

    private void EndReceive()
    {
        Volatile.Write(ref _receiveInProgress, 0);
        if (Volatile.Read(ref _disposing) is not null)
            ReleaseReceiver();
    }

    // Aborts the session with an error of the peer, without waiting for the alert.
    private Exception Abort(SessionError error)
    {
        _ = _driver.AbortAsync(error);
        return _driver.Lifetime.CreateException(isSend: false);
    }

    // Repeated reads at the end of the peer's data return the same result.
    private bool IsAnswerToPeerClose(SessionEnd end) => _driver.Lifetime.IsPeerClosed && ReferenceEquals(end.Error, DisposedBeforeClose);

    // Without half-close, the peer's end is also this endpoint's. The receive does not wait for it.
    private void AnswerPeerClose()
    {
        if (!_driver.Options.AllowHalfClose && End is null)
            _ = EndAsync();
    }

    // Releases the receive buffers when the session is disposed and no receive is in progress.
    private void ReleaseReceiver()
    {
        if (Interlocked.Exchange(ref _receiveInProgress, 1) != 0)
            return;
        _driver.Messages.Dispose();
        _driver.Dispose();
    }
}
