using System.Buffers;
using System.Net.Sockets;

namespace SecureChannel;

/// <summary>
/// A connected socket as a stream that it owns, closed so that the peer can still read what was sent last: a connection that is closed while input is unread, or
/// still comes, is reset, which fails what the peer does and can destroy those bytes. So the end is sent at once, and the socket stays for a moment.
/// </summary>
internal sealed class SocketStream : NetworkStream
{
    // What a peer sends before it has heard of the end is a round trip's worth.
    private static readonly TimeSpan Lingering = TimeSpan.FromSeconds(1);

    // Peers that do not mean to close hold no more sockets than this: any further is closed at once.
    private static readonly SemaphoreSlim AllPlaces = new(1000);

    private readonly TimeProvider _timeProvider;
    private readonly SemaphoreSlim _places;
    private int _disposed;

    /// <param name="socket">The socket.</param>
    /// <param name="timeProvider">The clock of the moment that it stays.</param>
    /// <param name="places">How many sockets may stay at once; those of the process if null.</param>
    public SocketStream(Socket socket, TimeProvider timeProvider, SemaphoreSlim? places = null)
        : base(socket, ownsSocket: true)
    {
        (_timeProvider, _places) = (timeProvider, places ?? AllPlaces);
        if (socket.ProtocolType == ProtocolType.Tcp)
            socket.NoDelay = true;
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            base.Dispose(false);
        else if (Interlocked.Exchange(ref _disposed, 1) == 0)
            _ = CloseInOrderAsync();
    }

    private async Task CloseInOrderAsync()
    {
        var stays = _places.Wait(0);
        try
        {
            Socket.Shutdown(SocketShutdown.Send);
            if (stays)
                await DropInputAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The connection is gone already, or the peer does not mean to close it.
        }
        finally
        {
            base.Dispose(true);
            if (stays)
                _places.Release();
        }
    }

    private async Task DropInputAsync()
    {
        var scratch = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            using var grace = new CancellationTokenSource(Lingering, _timeProvider);
            while (await Socket.ReceiveAsync(scratch, SocketFlags.None, grace.Token).ConfigureAwait(false) > 0)
            {
                // It is for nobody any more.
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }
}
