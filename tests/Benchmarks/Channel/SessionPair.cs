using SecureChannel.Messages;
using SecureChannel.Protocols;

namespace SecureChannel.Benchmarks.Channel;

/// <summary>Two sessions that carry typed messages.</summary>
internal sealed class SessionPair(SecureSession client, SecureSession server) : ChannelPair
{
    private long _sequence;

    public override Task WritePiecesAsync(int count) => throw new NotSupportedException("These sessions carry messages.");

    public override Task ReadPiecesAsync(int count) => throw new NotSupportedException("These sessions carry messages.");

    public override async Task SendTicksAsync(int count, bool oneByOne)
    {
        for (var i = 0; i < count; i++)
        {
            await client.SendAsync(Tick.Create(_sequence++)).ConfigureAwait(false);
            if (oneByOne || i == count - 1)
                await client.FlushAsync().ConfigureAwait(false);
        }
    }

    public override async Task<long> ReceiveTicksAsync(int count)
    {
        var sum = 0L;
        for (var i = 0; i < count; i++)
            sum += Read(await server.ReceiveAsync().ConfigureAwait(false)).Sequence;
        return sum;
    }

    public override async Task PingAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await client.SendAsync(Tick.Create(_sequence++)).ConfigureAwait(false);
            _ = Read(await client.ReceiveAsync().ConfigureAwait(false));
        }
    }

    public override async Task PongAsync(int count)
    {
        for (var i = 0; i < count; i++)
            await server.SendAsync(Read(await server.ReceiveAsync().ConfigureAwait(false))).ConfigureAwait(false);
    }

    public override Task WaitIdleAsync() => Task.WhenAll(client.ReceiveAsync().AsTask(), server.ReceiveAsync().AsTask());

    public override async ValueTask DisposeAsync()
    {
        await client.DisposeAsync().ConfigureAwait(false);
        await server.DisposeAsync().ConfigureAwait(false);
    }

    private static Tick Read(ReceivedMessage? received) => received is { } message && WireSerializer.TryRead<Tick>(message.Body.Span, out var tick, out _)
        ? tick
        : throw new InvalidDataException("The received message is not a tick.");
}
