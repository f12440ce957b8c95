using System.Runtime.CompilerServices;
using SecureChannel.Messages;
using SecureChannel.Protocols;

namespace SecureChannel;

/// <summary>
/// The output of a stream channel. A send is accepted when its message is in the buffer, and one writer writes the buffer. A message is never written in part
/// only: a send that is canceled before the writer took its bytes leaves the buffer without them, and a failed write fails the channel. Thread-safe; one send
/// may be in progress.
/// </summary>
/// <param name="transport">The stream.</param>
/// <param name="framing">The framing, which is user code.</param>
/// <param name="lifetime">The life of the channel.</param>
/// <param name="failed">The callback that ends the channel after a failed write.</param>
internal sealed class StreamChannelOutput(GuardedTransport transport, StreamFraming framing, ChannelLifetime lifetime, Action<Exception> failed) : IDisposable
{
    // A sender waits while more bytes than this are not taken by the writer.
    private const int Limit = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly PooledBuffer _encoded = new();
    private PooledBuffer _pending = new();
    private PooledBuffer _writing = new();
    private TaskCompletionSource? _progress;
    private State _state;
    private bool _isSending;
    private long _accepted;
    private long _taken;
    private long _written;

    private enum State
    {
        Idle,
        Writing,
        Stopped,
    }

    /// <summary>Encodes a message and accepts it.</summary>
    /// <exception cref="InvalidOperationException">Another send is in progress.</exception>
    public ValueTask SendAsync<TMessage>(scoped in TMessage message, int version, CancellationToken cancellationToken)
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        if (Interlocked.Exchange(ref _isSending, true))
            throw new InvalidOperationException("Another send is in progress. Await it before the next one.");
        bool isWriter, mustWait;
        int size;
        try
        {
            framing.Write(_encoded, message, version);
            (isWriter, mustWait) = Accept(out size);
        }
        catch
        {
            EndSend();
            throw;
        }

        if (isWriter)
            _ = WriteAsync();
        if (mustWait)
            return WaitForRoomAsync(size, cancellationToken);
        EndSend();
        lifetime.ThrowIfFailed();
        return ValueTask.CompletedTask;
    }

    /// <summary>Waits until all accepted messages are written.</summary>
    /// <exception cref="SessionException">The channel ended first.</exception>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // A canceled send may reduce the number of accepted bytes, but then the writer becomes idle or writes later messages.
        var target = Volatile.Read(ref _accepted);
        while (GetProgress(() => _written >= target || _state == State.Idle) is { } progress)
            await progress.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Drops all bytes that the writer has not taken, and ends all waits, because the channel has ended. A write in progress still uses its buffer.
    /// </summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _state = State.Stopped;
            _pending.Dispose();
            SignalProgress();
        }
    }

    private (bool IsWriter, bool MustWait) Accept(out int size)
    {
        lock (_gate)
        {
            if (lifetime.End is not null)
                throw lifetime.CreateException();
            size = _encoded.Length;
            _pending.Append(_encoded.Written.Span);
            _accepted += size;
            var isWriter = _state == State.Idle;
            _state = State.Writing;
            return (isWriter, !isWriter && _pending.Length > Limit);
        }
    }

    // The last step of a send; a message may hold secrets.
    private void EndSend()
    {
        _encoded.Clear();
        Volatile.Write(ref _isSending, false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WaitForRoomAsync(int size, CancellationToken cancellationToken)
    {
        var target = _accepted;
        try
        {
            while (GetProgress(() => _taken >= target) is { } progress)
                await progress.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!TryRetract(size, target))
        {
            // The writer took the message in the meantime, so it is sent.
        }
        finally
        {
            EndSend();
        }
    }

    // Removes the last message unless the writer took it.
    private bool TryRetract(int size, long target)
    {
        lock (_gate)
        {
            if (_taken >= target || _state == State.Stopped)
                return _taken < target;
            _pending.Truncate(_pending.Length - size);
            _accepted -= size;
            return true;
        }
    }

    private async Task WriteAsync()
    {
        while (TryTake() is { } bytes)
        {
            try
            {
                await transport.WriteAsync(bytes).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                failed(exception);
            }
        }
    }

    private ReadOnlyMemory<byte>? TryTake()
    {
        lock (_gate)
        {
            _written += _writing.Length;
            _writing.Clear();
            SignalProgress();
            if (_state == State.Stopped)
                return null;
            if (_pending.Length == 0)
            {
                _state = State.Idle;
                return null;
            }

            (_pending, _writing) = (_writing, _pending);
            _taken += _writing.Length;
            return _writing.Written;
        }
    }

    // Returns null if the condition holds; otherwise, a task that completes with the next progress of the writer.
    private Task? GetProgress(Func<bool> isReached)
    {
        lock (_gate)
        {
            if (isReached())
                return null;
            if (lifetime.End is not null)
                throw lifetime.CreateException();
            _progress ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _progress.Task;
        }
    }

    private void SignalProgress()
    {
        _progress?.TrySetResult();
        _progress = null;
    }
}
