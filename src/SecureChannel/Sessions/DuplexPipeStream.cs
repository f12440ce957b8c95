using System.IO.Pipelines;

namespace SecureChannel;

/// <summary>A stream that owns a duplex pipe and reads and writes its bytes.</summary>
internal sealed class DuplexPipeStream(IDuplexPipe pipe) : AsyncStream
{
    private readonly Stream _input = pipe.Input.AsStream(leaveOpen: true);
    private readonly Stream _output = pipe.Output.AsStream(leaveOpen: true);
    private int _disposed;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _input.ReadAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _output.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => _output.FlushAsync(cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            pipe.Output.Complete();
            pipe.Input.CancelPendingRead();
            pipe.Input.Complete();
        }
        base.Dispose(disposing);
    }
}
