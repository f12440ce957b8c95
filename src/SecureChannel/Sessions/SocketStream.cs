using System.Buffers;
using System.Net.Sockets;

namespace SecureChannel;

/// <summary>
/// A stream that owns a connected socket. Closing a socket with unread or late input resets the connection, and a reset can destroy the last data before the
/// peer reads it. Disposal therefore shuts down the send direction at once and closes the socket a moment later.
/// </summary>
internal sealed class SocketStream : NetworkStream
{
    // Data that the peer sends before it receives the end arrives within about a round trip.
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(1);

    // Bounds the sockets of peers that do not close. Beyond this number, sockets are closed at once.
    private static readonly SemaphoreSlim ProcessSlots = new(1000);

    private readonly TimeProvider _timeProvider;
    private readonly SemaphoreSlim _slots;
    private int _disposed;

    /// <param name="socket">The socket.</param>
    /// <param name="timeProvider">The clock for the linger time.</param>
    /// <param name="slots">The limit of sockets that linger at the same time, or null for the limit of the process.</param>
    public SocketStream(Socket socket, TimeProvider timeProvider, SemaphoreSlim? slots = null)
        : base(socket, ownsSocket: true)
    {
        (_timeProvider, _slots) = (timeProvider, slots ?? ProcessSlots);
        if (socket.ProtocolType == ProtocolType.Tcp)
            socket.NoDelay = true;
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            base.Dispose(false);
        else if (Interlocked.Exchange(ref _disposed, 1) == 0)
            _ = CloseGracefullyAsync();
    }

    private async Task CloseGracefullyAsync()
    {
        var lingers = _slots.Wait(0);
        try
        {
            Socket.Shutdown(SocketShutdown.Send);
            if (lingers)
                await DrainInputAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The connection already failed, or the peer did not close it in time.
        }
        finally
        {
            base.Dispose(true);
            if (lingers)
                _slots.Release();
        }
    }

    private async Task DrainInputAsync()
    {
        var scratch = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            using var grace = new CancellationTokenSource(LingerTime, _timeProvider);
            while (await Socket.ReceiveAsync(scratch, SocketFlags.None, grace.Token).ConfigureAwait(false) > 0)
            {
                // Discard: the session has ended.
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }
}
