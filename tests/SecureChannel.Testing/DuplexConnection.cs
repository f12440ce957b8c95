using System.IO.Pipelines;

namespace SecureChannel.Testing;

/// <summary>A connection in memory between two endpoints, which a test can observe, modify and break.</summary>
public sealed class DuplexConnection
{
    private DuplexConnection(int capacity)
    {
        var options = new PipeOptions(pauseWriterThreshold: capacity, resumeWriterThreshold: capacity / 2, useSynchronizationContext: false);
        (ClientToServer, ServerToClient) = (new OneWay(options), new OneWay(options));
        (Client, Server) = (new DuplexStream(ClientToServer, ServerToClient), new DuplexStream(ServerToClient, ClientToServer));
    }

    /// <summary>Gets the client's endpoint.</summary>
    public DuplexStream Client { get; }

    /// <summary>Gets the server's endpoint.</summary>
    public DuplexStream Server { get; }

    /// <summary>Gets the direction from the client to the server.</summary>
    public OneWay ClientToServer { get; }

    /// <summary>Gets the direction from the server to the client.</summary>
    public OneWay ServerToClient { get; }

    /// <summary>Creates a connection.</summary>
    /// <param name="capacity">The number of bytes that each direction buffers before a writer waits.</param>
    public static DuplexConnection Create(int capacity = 1 << 20) => new(capacity);

    /// <summary>Ends both directions like a failed network: each endpoint reads the end of the stream.</summary>
    public void Cut()
    {
        ClientToServer.Cut();
        ServerToClient.Cut();
    }
}

/// <summary>One direction of a connection.</summary>
public sealed class OneWay(PipeOptions options)
{
    private readonly Lock _gate = new();
    private readonly List<byte> _record = [];

    internal Pipe Pipe { get; } = new(options);

    /// <summary>Gets or sets a function that modifies written bytes before they are delivered, or null. An empty result drops the bytes.</summary>
    public Func<byte[], byte[]>? Change { get; set; }

    /// <summary>Gets all bytes that were written so far, before <see cref="Change"/>.</summary>
    public byte[] Recorded
    {
        get
        {
            lock (_gate)
                return [.. _record];
        }
    }

    /// <summary>Ends the direction: the reader reads the end of the stream after the written bytes.</summary>
    public void Cut() => Pipe.Writer.Complete();

    /// <summary>Delivers bytes that the sender did not write.</summary>
    public async Task InjectAsync(ReadOnlyMemory<byte> bytes) => await Pipe.Writer.WriteAsync(bytes);

    internal ReadOnlyMemory<byte> Pass(ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
            _record.AddRange(bytes.Span);
        return Change is { } change ? change(bytes.ToArray()) : bytes;
    }
}

/// <summary>An endpoint of a connection, as a stream and as a pipe.</summary>
public sealed class DuplexStream : Stream, IDuplexPipe
{
    private readonly OneWay _outgoing;
    private readonly Stream _input;

    internal DuplexStream(OneWay outgoing, OneWay incoming)
    {
        (_outgoing, Input, Output) = (outgoing, incoming.Pipe.Reader, new WatchedWriter(outgoing));
        _input = Input.AsStream(leaveOpen: true);
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _input.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var result = await Output.WriteAsync(buffer, cancellationToken);
        if (result.IsCompleted)
            throw new IOException("The peer has closed the connection.");
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _outgoing.Pipe.Writer.Complete();
        base.Dispose(disposing);
    }

    private sealed class WatchedWriter(OneWay wire) : PipeWriter
    {
        private byte[] _buffer = [];
        private int _pending;

        public override void Advance(int bytes) => _pending += bytes;

        public override Memory<byte> GetMemory(int sizeHint = 0)
        {
            if (_buffer.Length - _pending < Math.Max(sizeHint, 1))
                Array.Resize(ref _buffer, Math.Max(_pending + Math.Max(sizeHint, 1), 2 * _buffer.Length));
            return _buffer.AsMemory(_pending);
        }

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            source.Span.CopyTo(GetSpan(source.Length));
            Advance(source.Length);
            return FlushAsync(cancellationToken);
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            var written = wire.Pass(_buffer.AsMemory(0, _pending));
            _pending = 0;
            return written.IsEmpty ? new(default(FlushResult)) : wire.Pipe.Writer.WriteAsync(written, cancellationToken);
        }

        public override void CancelPendingFlush() => wire.Pipe.Writer.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => wire.Pipe.Writer.Complete(exception);
    }
}
