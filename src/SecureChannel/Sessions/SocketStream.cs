using System.Buffers;
using System.Net.Sockets;

namespace SecureChannel;

/// <summary>A connected socket as a stream that it owns, closed so that the peer can still read what was sent last.</summary>
internal sealed class SocketStream : NetworkStream
{
    private int _disposed;

    public SocketStream(Socket socket)
        : base(socket, ownsSocket: true)
    {
        if (socket.ProtocolType == ProtocolType.Tcp)
            socket.NoDelay = true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0)
            CloseInOrder();
        base.Dispose(disposing);
    }

    // Closing a TCP socket with unread input resets the connection, which can destroy the last bytes sent before the peer reads them.
    private void CloseInOrder()
    {
        var scratch = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            Socket.Shutdown(SocketShutdown.Send);
            for (var rounds = 0; rounds < 64 && Socket.Available > 0; rounds++)
            {
                if (Socket.Receive(scratch) == 0)
                    break;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The connection is gone already.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }
}
