using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Messages;
using SecureChannel.Protocols;

namespace SecureChannel;

/// <summary>
/// A queue that combines sends into few writes, in order, and applies backpressure when too many bytes are queued. Thread-safe.
/// </summary>
/// <remarks>
/// The first send after a flush, or after a wait for the peer, is written at once. Further sends are combined while a write is in progress; otherwise until a
/// record is full, the sender flushes or waits for the peer, or a thread-pool thread is available. For a sustained sender, the thread pool would write too
/// little at a time, so a timer flushes after 1 millisecond instead, or after up to 8 milliseconds if the sender itself flushed each time.
/// </remarks>
internal sealed partial class SendQueue : IThreadPoolWorkItem, IDisposable
{
    /// <summary>The number of queued bytes above which a sender waits.</summary>
    public const int Limit = 256 * 1024;

    // More sends than this between two delayed flushes make a sustained sender.
    private const int SustainedSends = 16;

    private static readonly TimeSpan ShortDelay = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongDelay = TimeSpan.FromMilliseconds(8);

    private readonly SpinGate _gate = new();
    private readonly SendBuffers _buffers = new();
    private int _lengthSize = 1;
    private int _sendsPending;
    private int _sendsSinceFlush;
    private bool _isBurst;
    private bool _isSustained;
    private bool _hasFlushed;
    private bool _isBlocked;
    private bool _isWriting;
    private bool _isScheduled;
    private bool _hasFailed;

    public SendQueue(SessionDriver driver) => _driver = driver;

    private enum SendAction
    {
        None,
        Write,
        QueueFlush,
        StartTimer,
        Wait,
    }

    /// <exception cref="ArgumentException">A field of the message is outside its declared bounds. Nothing was queued.</exception>
    /// <exception cref="InvalidOperationException">Another send is waiting. Nothing was queued.</exception>
    public ValueTask SendAsync<TMessage>(scoped in TMessage message, int version, CancellationToken cancellationToken)
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        int start;
        SendAction action;
        using (var hold = _gate.Enter())
        {
            ThrowIfCannotSend();
            start = _buffers.Pending.Length;
            hold.AllowUserCode();
            Encode(_buffers.Pending, message, version, ref _lengthSize);
            action = ChooseAction();
        }
        return action == SendAction.None ? ValueTask.CompletedTask : RunAction(action, start, cancellationToken);
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        int start;
        SendAction action;
        bool isDirect;
        using (_gate.Enter())
        {
            ThrowIfCannotSend();
            start = _buffers.Pending.Length;
            // Write without a copy if the driver consumes the bytes during this call.
            isDirect = start == 0 && !_isWriting && _driver.ConsumesDataSynchronously && (!_isBurst || bytes.Length >= RecordFormat.MaxContentLength);
            if (isDirect)
                _isWriting = _isBurst = true;
            else
                _buffers.Pending.Append(bytes.Span);
            action = isDirect ? SendAction.None : ChooseAction();
        }
        if (isDirect && TryWrite(bytes))
            Write(isContinuation: true);
        return RunAction(action, start, cancellationToken);
    }

    /// <summary>Writes all pending bytes and completes when they are written.</summary>
    public Task FlushAsync()
    {
        using (_gate.Enter())
        {
            _hasFlushed = true;
            if (!TryBeginWriting())
                return WhenWritten();
        }
        Write();
        using (_gate.Enter())
            return WhenWritten();
    }

    /// <summary>Flushes pending bytes before this endpoint waits for the peer, unless a write is already in progress.</summary>
    public void FlushBeforeReceive()
    {
        // Outside a burst, no bytes are pending.
        if (!Volatile.Read(ref _isBurst))
            return;
        using (_gate.Enter())
        {
            _hasFlushed = true;
            if (!TryBeginWriting())
                return;
        }
        Write();
    }

    /// <summary>Gets the delay before the next timed flush. The delay grows if the sender flushed or waited for the peer since the last timed flush.</summary>
    internal static TimeSpan NextDelay(TimeSpan pause, bool hasFlushed) => !hasFlushed ? ShortDelay : pause < LongDelay ? 2 * pause : LongDelay;

    void IThreadPoolWorkItem.Execute() => FlushDelayed();

    public void Dispose()
    {
        using (_gate.Enter())
        {
            _hasFailed = true;
            _timer?.Dispose();
            // A write in progress still uses the current buffer.
            if (_isWriting)
                _buffers.ReleasePending();
            else
                _buffers.Dispose();
        }
    }

    // A separate method, because the JIT does not inline a message's codec into a larger caller.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Encode<TMessage>(PooledBuffer output, scoped in TMessage message, int version, ref int lengthSize)
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        var room = output.GetSpan();
        if (!MessageFraming.TryWrite(room, message, version, ref lengthSize, out var size))
        {
            CryptographicOperations.ZeroMemory(room);
            MessageFraming.TryWrite(output.GetSpan(size), message, version, ref lengthSize, out size);
        }
        output.Advance(size);
    }

    // Ends the burst, so that the next send is written at once.
    private bool TryBeginWriting()
    {
        _isBurst = false;
        if (_isWriting || _buffers.Pending.Length == 0)
            return false;
        _isWriting = true;
        return true;
    }

    private Task WhenWritten()
    {
        if (_isWriting)
            return _buffers.WhenWritten();
        // Bytes that were written count as sent, even if the peer closed the session since.
        if (_hasFailed || _buffers.Pending.Length > 0 || _driver.End is not { Reason: SessionEndReason.ClosedByPeer })
            ThrowIfEnded();
        return Task.CompletedTask;
    }

    private SendAction ChooseAction()
    {
        _sendsPending++;
        if (_isWriting)
        {
            _isBlocked = _buffers.Length > Limit;
            return _isBlocked ? SendAction.Wait : SendAction.None;
        }
        if (!_isBurst || _buffers.Pending.Length >= RecordFormat.MaxContentLength)
        {
            _isWriting = _isBurst = true;
            return SendAction.Write;
        }
        if (_isScheduled)
            return SendAction.None;
        _isScheduled = true;
        return _isSustained ? SendAction.StartTimer : SendAction.QueueFlush;
    }

    private ValueTask RunAction(SendAction action, int start, CancellationToken cancellationToken)
    {
        switch (action)
        {
            case SendAction.Write:
                Write();
                break;
            case SendAction.QueueFlush:
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                break;
            case SendAction.StartTimer:
                StartTimer();
                break;
            case SendAction.Wait:
                return WaitForRoomAsync(start, cancellationToken);
        }
        return ValueTask.CompletedTask;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WaitForRoomAsync(int start, CancellationToken cancellationToken)
    {
        try
        {
            await WhenTaken(start).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The send can be canceled only if its write has not started.
            using (_gate.Enter())
            {
                if (!_buffers.TryRetract(start))
                    return;
            }
            throw;
        }
        finally
        {
            using (_gate.Enter())
                _isBlocked = false;
        }
    }

    private Task WhenTaken(int start)
    {
        using (_gate.Enter())
            return _isWriting && _buffers.Pending.Length > start ? _buffers.WhenTaken() : Task.CompletedTask;
    }

    private void ThrowIfCannotSend()
    {
        ThrowIfEnded();
        if (_isBlocked)
            throw new InvalidOperationException("Another send is in progress. Await it before the next one.");
    }

    private void ThrowIfEnded()
    {
        if (_hasFailed || _driver.End is not null)
            throw _driver.CreateEndException();
    }
}
