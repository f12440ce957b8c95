using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using SecureChannel.Protocols;

namespace SecureChannel;

/// <summary>
/// The input of a stream channel. A read of the stream is never canceled: a receive that no longer waits leaves it pending, and the next receive continues with
/// it, so that no byte is lost. Not thread-safe, except for <see cref="Wake"/>.
/// </summary>
/// <param name="transport">The stream.</param>
/// <param name="framer">The reader of messages.</param>
/// <param name="readSize">The size of the buffer of a read, in bytes.</param>
internal sealed class StreamChannelInput(GuardedTransport transport, MessageFramer framer, int readSize) : IDisposable
{
    private readonly byte[] _buffer = new byte[readSize];
    private readonly AsyncSignal _signal = new();
    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _reading;
    private Action? _onReadCompleted;
    private volatile State _state;
    private int _count;

    private enum State
    {
        None,
        Reading,
        Completed,
    }

    /// <summary>Gets the reader of messages.</summary>
    public MessageFramer Framer => framer;

    /// <summary>Gets the exception of a failed read, or null.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Tries to read from the stream. All earlier bytes must have been read by the framer, which then reads the new bytes.</summary>
    /// <returns>The number of bytes, 0 at the end of the stream or after a failure, or null if the read is pending.</returns>
    public int? TryRead()
    {
        if (_state == State.None)
        {
            CryptographicOperations.ZeroMemory(_buffer.AsSpan(0, _count));
            var reading = transport.ReadAsync(_buffer);
            _reading = reading.ConfigureAwait(false).GetAwaiter();
            if (!_reading.IsCompleted)
            {
                _state = State.Reading;
                _reading.UnsafeOnCompleted(_onReadCompleted ??= OnReadCompleted);
            }
            else
                Complete();
        }

        if (_state == State.Reading)
            return null;
        _state = State.None;
        framer.Supply(_buffer.AsMemory(0, _count));
        return _count;
    }

    /// <summary>Waits until the pending read completes or <see cref="Wake"/> is called.</summary>
    public ValueTask WaitAsync(CancellationToken cancellationToken) => _signal.WaitAsync(cancellationToken);

    /// <summary>Ends the wait, because the channel has ended.</summary>
    public void Wake() => _signal.Set();

    public void Dispose()
    {
        framer.Dispose();
        // A pending read still uses the buffer, which holds nothing then.
        if (_state != State.Reading)
            CryptographicOperations.ZeroMemory(_buffer);
    }

    private void OnReadCompleted()
    {
        Complete();
        _signal.Set();
    }

    private void Complete()
    {
        try
        {
            _count = _reading.GetResult();
        }
        catch (Exception exception)
        {
            (_count, Failure) = (0, exception);
        }

        _reading = default;
        _state = State.Completed;
    }
}
