using System.Runtime.CompilerServices;
using SecureChannel.CompilerServices;

namespace SecureChannel.Protocols;

/// <summary>The lane of a split state that receives. <c>Join</c> of the sending lane takes it back.</summary>
public abstract class ReceiveLane
{
    private protected ReceiveLane(SplitRun lanes) => Lanes = lanes;

    internal SplitRun Lanes { get; }
}

/// <summary>
/// The lane of a split state that receives: gives what arrives, and ends after the last message that the peer may send. One receive at a time; it may be left
/// and entered again, and nothing that arrives is lost.
/// </summary>
/// <typeparam name="T">What arrives: the message, or a case for each where there are several.</typeparam>
public sealed class ReceiveLane<T> : ReceiveLane, IAsyncEnumerable<T>
{
    private readonly IncomingMessageReader<T> _read;

    internal ReceiveLane(SplitRun lanes, IncomingMessageReader<T> read)
        : base(lanes) => _read = read;

    /// <summary>Enumerates what arrives.</summary>
    /// <param name="cancellationToken">Cancels the wait; nothing that arrives is lost.</param>
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Enumerator(Lanes, _read, cancellationToken);

    private sealed class Enumerator : IAsyncEnumerator<T>
    {
        private readonly SplitRun _lanes;
        private readonly IncomingMessageReader<T> _read;
        private readonly CancellationToken _cancelled;
        private readonly CancellationTokenSource? _linked;
        private readonly CancellationToken _stop;

        public Enumerator(SplitRun lanes, IncomingMessageReader<T> read, CancellationToken cancelled)
        {
            (_lanes, _read, _cancelled) = (lanes, read, cancelled);
            _linked = cancelled.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancelled, lanes.PeerIsDone) : null;
            _stop = _linked?.Token ?? lanes.PeerIsDone;
        }

        public T Current { get; private set; } = default!;

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        public async ValueTask<bool> MoveNextAsync()
        {
            var peerMaySend = _lanes.BeginReceive();
            try
            {
                return peerMaySend && await ReceiveAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_lanes.PeerIsDone.IsCancellationRequested && !_cancelled.IsCancellationRequested)
            {
                return false;
            }
            catch (OperationCanceledException) when (_cancelled.IsCancellationRequested)
            {
                throw new OperationCanceledException(_cancelled);
            }
            finally
            {
                _lanes.EndReceive();
            }
        }

        public ValueTask DisposeAsync()
        {
            _linked?.Dispose();
            return default;
        }

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        private async ValueTask<bool> ReceiveAsync()
        {
            if (await _lanes.Channel.ReceiveAsync(_stop).ConfigureAwait(false) is not { } received)
                return _lanes.EndedEarly() is { } early ? throw new SessionException(early) : false;
            if (_lanes.Arrive(received, _read, out var item, out var isDropped) is { } error)
            {
                await _lanes.Channel.AbortAsync(error).ConfigureAwait(false);
                throw new SessionException(error);
            }

            if (!isDropped)
                Current = item;
            return !isDropped;
        }
    }
}
