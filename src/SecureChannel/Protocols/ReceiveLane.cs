using System.Runtime.CompilerServices;
using SecureChannel.CompilerServices;

namespace SecureChannel.Protocols;

/// <summary>The receiving lane of a split state. To end the split, pass this lane to <c>Join</c> of the sending lane.</summary>
public abstract class ReceiveLane
{
    private protected ReceiveLane(SplitRun lanes) => Lanes = lanes;

    internal SplitRun Lanes { get; }
}

/// <summary>
/// The receiving lane of a split state. The lane enumerates received messages and ends after the last message that the peer may send. Only one receive may be
/// in progress. An enumeration may be stopped and restarted without loss of messages.
/// </summary>
/// <typeparam name="T">The message type, or a closed hierarchy with a case for each message type.</typeparam>
public sealed class ReceiveLane<T> : ReceiveLane, IAsyncEnumerable<T>
{
    private readonly IncomingMessageReader<T> _read;

    internal ReceiveLane(SplitRun lanes, IncomingMessageReader<T> read)
        : base(lanes) => _read = read;

    /// <summary>Enumerates received messages.</summary>
    /// <param name="cancellationToken">The token that cancels the wait. Cancellation loses no messages.</param>
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Enumerator(Lanes, _read, cancellationToken);

    private sealed class Enumerator : IAsyncEnumerator<T>
    {
        private readonly SplitRun _lanes;
        private readonly IncomingMessageReader<T> _read;
        private readonly CancellationToken _cancellationToken;
        private readonly CancellationTokenSource? _linked;
        private readonly CancellationToken _stop;

        public Enumerator(SplitRun lanes, IncomingMessageReader<T> read, CancellationToken cancellationToken)
        {
            (_lanes, _read, _cancellationToken) = (lanes, read, cancellationToken);
            _linked = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lanes.PeerFinished) : null;
            _stop = _linked?.Token ?? lanes.PeerFinished;
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
            catch (OperationCanceledException) when (_lanes.PeerFinished.IsCancellationRequested && !_cancellationToken.IsCancellationRequested)
            {
                return false;
            }
            catch (OperationCanceledException) when (_cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(_cancellationToken);
            }
            catch (SessionException exception)
            {
                _lanes.RecordFailure(exception);
                throw;
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
                return _lanes.CreateEarlyEndException() is { } early ? throw early : false;
            if (_lanes.ApplyReceived(received, _read, out var item, out var isDropped) is { } error)
            {
                await _lanes.Channel.AbortAsync(error).ConfigureAwait(false);
                throw new SessionException(error, _lanes.Channel.End);
            }

            if (!isDropped)
                Current = item;
            return !isDropped;
        }
    }
}
