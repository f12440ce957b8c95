namespace SecureChannel.Simulation;

/// <summary>An application that sends and receives bytes.</summary>
internal sealed class StreamActor(Endpoint end, Ledger outgoing, Ledger incoming) : Actor(end, outgoing, incoming)
{
    private readonly byte[] _buffer = new byte[end.Plan.ReadSize];

    protected override ValueTask SendAsync(ReadOnlyMemory<byte> content, int number, CancellationToken cancellationToken) =>
        Endpoint.Session.AsStream().WriteAsync(content, cancellationToken);

    protected override async ValueTask<bool> ReceiveAsync(CancellationToken cancellationToken)
    {
        // A read without room waits for data or for the end.
        if (Endpoint.Chance(3))
            _ = await Endpoint.Session.AsStream().ReadAsync(Memory<byte>.Empty, cancellationToken);
        var count = await Endpoint.Session.AsStream().ReadAsync(_buffer, cancellationToken);
        Incoming.Receive(_buffer.AsSpan(0, count));
        return count == 0;
    }
}
