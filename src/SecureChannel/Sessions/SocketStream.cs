using System.Buffers;
using System.Net.Sockets;
using SecureChannel.Handshakes;

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
    private Action<ConnectionPhase>? _readObserver;
    private Action<ConnectionPhase>? _writeObserver;
    private int _disposed;

    /// <param name="socket">The socket.</param>
    /// <param name="timeProvider">The clock for the linger time.</param>
    /// <param name="slots">The limit of sockets that linger at the same time, or null for the limit of the process.</param>
    /// <param name="observer">Receives the phases that the first read and the first write prove, or null.</param>
    public SocketStream(Socket socket, TimeProvider timeProvider, SemaphoreSlim? slots = null, Action<ConnectionPhase>? observer = null)
        : base(socket, ownsSocket: true)
    {
        (_timeProvider, _slots) = (timeProvider, slots ?? ProcessSlots);
        (_readObserver, _writeObserver) = (observer, observer);
        if (socket.ProtocolType != ProtocolType.Tcp)
            return;
        socket.NoDelay = true;
        TcpKeepAlive.Enable(socket);
    }

    /// <summary>
    /// Gets or sets a value that indicates whether disposal waits for the peer's end. False for rejected connections, so that silent peers do not use up the
    /// slots that other sessions need.
    /// </summary>
    public bool Lingers { get; set; } = true;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _readObserver is null ? base.ReadAsync(buffer, cancellationToken) : ReadFirstAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // An endpoint that answers has received and accepted the first message of the peer.
        if (_writeObserver is { } observer)
        {
            _writeObserver = null;
            observer(ConnectionPhase.Handshaking);
        }
        return base.WriteAsync(buffer, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            base.Dispose(false);
        else if (Interlocked.Exchange(ref _disposed, 1) == 0)
            _ = CloseGracefullyAsync();
    }

    private async ValueTask<int> ReadFirstAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var observer = _readObserver!;
        var reading = base.ReadAsync(buffer, cancellationToken);
        if (!reading.IsCompleted)
            observer(ConnectionPhase.AwaitingFirstByte);
        var count = await reading.ConfigureAwait(false);
        if (count > 0)
        {
            _readObserver = null;
            observer(HasCompleteMessage(buffer.Span[..count]) ? ConnectionPhase.Handshaking : ConnectionPhase.AwaitingClientHello);
        }
        return count;
    }

    // Such a message is answered or refused at once. Otherwise a busy server could take a ClientHello that SslStream processes for an incomplete one.
    private static bool HasCompleteMessage(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < RecordFormat.HeaderLength + HandshakeFraming.HeaderLength)
            return false;
        var content = bytes[RecordFormat.HeaderLength..];
        var recordLength = (bytes[3] << 8) | bytes[4];
        return recordLength <= content.Length && HandshakeFraming.HeaderLength + HandshakeFraming.ReadLength(content) <= recordLength;
    }

    private async Task CloseGracefullyAsync()
    {
        var lingers = Lingers && _slots.Wait(0);
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
