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

    private readonly TimeProvider _timeProvider;
    private int _disposed;

    public SocketStream(Socket socket, TimeProvider timeProvider)
        : base(socket, ownsSocket: true)
    {
        _timeProvider = timeProvider;
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
        var scratch = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            Socket.Shutdown(SocketShutdown.Send);
            using var grace = new CancellationTokenSource(Lingering, _timeProvider);
            while (await Socket.ReceiveAsync(scratch, SocketFlags.None, grace.Token).ConfigureAwait(false) > 0)
            {
                // It is for nobody any more.
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The connection is gone already, or the peer does not mean to close it.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
            base.Dispose(true);
        }
    }
}
