namespace SecureChannel;

/// <summary>A guarded transport as the inner stream of SslStream. Cancellation is left to the transport's end, so that no byte is lost.</summary>
internal sealed class TransportStream(GuardedTransport transport) : AsyncStream
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => transport.ReadAsync(buffer);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => transport.WriteAsync(buffer);

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
