namespace SecureChannel.Benchmarks.Channel;

/// <summary>Two connected streams. Messages are written and read by hand.</summary>
internal sealed class StreamPair(Stream client, Stream server) : ChannelPair
{
    // Allocated on first use, so that idle endpoints have no buffers.
    private byte[]? _written;
    private byte[]? _input;
    private readonly byte[] _answer = new byte[Tick.Size];
    private long _sequence;

    private byte[] Written => _written ??= new byte[PieceSize];

    private byte[] Input => _input ??= new byte[PieceSize];

    public override async Task WritePiecesAsync(int count)
    {
        for (var i = 0; i < count; i++)
            await client.WriteAsync(Written).ConfigureAwait(false);
        await client.FlushAsync().ConfigureAwait(false);
    }

    public override async Task ReadPiecesAsync(int count)
    {
        for (var left = (long)count * PieceSize; left > 0;)
            left -= await ReadSomeAsync(server, Input).ConfigureAwait(false);
    }

    public override async Task SendTicksAsync(int count, bool oneByOne)
    {
        var filled = 0;
        for (var i = 0; i < count; i++)
        {
            Tick.Create(_sequence++).Write(Written.AsSpan(filled));
            filled += Tick.Size;
            if (oneByOne || filled == PieceSize || i == count - 1)
            {
                await client.WriteAsync(Written.AsMemory(0, filled)).ConfigureAwait(false);
                await client.FlushAsync().ConfigureAwait(false);
                filled = 0;
            }
        }
    }

    public override async Task<long> ReceiveTicksAsync(int count)
    {
        var (sum, filled) = (0L, 0);
        while (count > 0)
        {
            filled += await ReadSomeAsync(server, Input.AsMemory(filled)).ConfigureAwait(false);
            var start = 0;
            for (; filled - start >= Tick.Size; start += Tick.Size, count--)
                sum += Tick.Read(Input.AsSpan(start)).Sequence;
            Input.AsSpan(start, filled - start).CopyTo(Input);
            filled -= start;
        }
        return sum;
    }

    public override async Task PingAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Tick.Create(_sequence++).Write(Written);
            await client.WriteAsync(Written.AsMemory(0, Tick.Size)).ConfigureAwait(false);
            await client.FlushAsync().ConfigureAwait(false);
            await client.ReadExactlyAsync(_answer).ConfigureAwait(false);
            _ = Tick.Read(_answer);
        }
    }

    public override async Task PongAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await server.ReadExactlyAsync(Input.AsMemory(0, Tick.Size)).ConfigureAwait(false);
            Tick.Read(Input).Write(Input);
            await server.WriteAsync(Input.AsMemory(0, Tick.Size)).ConfigureAwait(false);
            await server.FlushAsync().ConfigureAwait(false);
        }
    }

    public override Task WaitIdleAsync() => Task.WhenAll(client.ReadAsync(Memory<byte>.Empty).AsTask(), server.ReadAsync(Memory<byte>.Empty).AsTask());

    public override async ValueTask DisposeAsync()
    {
        await client.DisposeAsync().ConfigureAwait(false);
        await server.DisposeAsync().ConfigureAwait(false);
    }

    private static async ValueTask<int> ReadSomeAsync(Stream stream, Memory<byte> buffer)
    {
        var count = await stream.ReadAsync(buffer).ConfigureAwait(false);
        return count > 0 ? count : throw new EndOfStreamException();
    }
}
