using System.Buffers;
using System.Threading.Tasks.Sources;

namespace SecureChannel.Testing;

/// <summary>
/// Two streams that are connected in memory, to measure both endpoints on one thread: a write completes synchronously, and a waiting read continues within it.
/// Unread bytes are buffered without limit in pooled memory. Transferring bytes allocates nothing. A waiting read cannot be canceled.
/// </summary>
public static class MemoryLink
{
    /// <summary>Creates both endpoints.</summary>
    public static (Stream Client, Stream Server) Create()
    {
        var (there, back) = (new OneWay(), new OneWay());
        return (new End(there, back), new End(back, there));
    }

    private sealed class End(OneWay outgoing, OneWay incoming) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => incoming.ReadAsync(buffer);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            outgoing.Write(buffer.Span);
            return ValueTask.CompletedTask;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => outgoing.Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                outgoing.Complete();
                incoming.Abandon();
            }
            base.Dispose(disposing);
        }
    }

    private sealed class OneWay : IValueTaskSource<int>
    {
        private readonly Lock _gate = new();
        private ManualResetValueTaskSourceCore<int> _waiting;
        private byte[] _kept = [];
        private int _start;
        private int _end;
        private Memory<byte> _destination;
        private bool _isWaiting;
        private bool _isComplete;

        public ValueTask<int> ReadAsync(Memory<byte> destination)
        {
            lock (_gate)
            {
                if (_end > _start || _isComplete)
                    return new(Take(destination.Span));
                _waiting.Reset();
                (_destination, _isWaiting) = (destination, true);
                return new(this, _waiting.Version);
            }
        }

        public void Write(ReadOnlySpan<byte> bytes)
        {
            int taken;
            lock (_gate)
            {
                // Like on a network, the writer does not notice at once that the peer has disconnected.
                if (_isComplete)
                    return;
                Keep(bytes);
                if (!_isWaiting)
                    return;
                _isWaiting = false;
                taken = Take(_destination.Span);
            }
            _waiting.SetResult(taken);
        }

        public void Complete()
        {
            lock (_gate)
            {
                _isComplete = true;
                if (!_isWaiting)
                    return;
                _isWaiting = false;
            }
            _waiting.SetResult(0);
        }

        /// <summary>Discards all data, because the reader is closed.</summary>
        public void Abandon()
        {
            Complete();
            lock (_gate)
                Release();
        }

        public int GetResult(short token) => _waiting.GetResult(token);

        public ValueTaskSourceStatus GetStatus(short token) => _waiting.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _waiting.OnCompleted(continuation, state, token, flags);

        private int Take(Span<byte> destination)
        {
            var count = Math.Min(destination.Length, _end - _start);
            _kept.AsSpan(_start, count).CopyTo(destination);
            _start += count;
            if (_start == _end)
                Release();
            return count;
        }

        private void Release()
        {
            if (_kept.Length > 0)
                ArrayPool<byte>.Shared.Return(_kept);
            (_kept, _start, _end) = ([], 0, 0);
        }

        private void Keep(ReadOnlySpan<byte> bytes)
        {
            if (_kept.Length - _end < bytes.Length)
            {
                var unread = _kept.AsSpan(_start, _end - _start);
                var larger = ArrayPool<byte>.Shared.Rent(Math.Max(1 << 12, 2 * (unread.Length + bytes.Length)));
                unread.CopyTo(larger);
                if (_kept.Length > 0)
                    ArrayPool<byte>.Shared.Return(_kept);
                (_kept, _start, _end) = (larger, 0, unread.Length);
            }
            bytes.CopyTo(_kept.AsSpan(_end));
            _end += bytes.Length;
        }
    }
}
