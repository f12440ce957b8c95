using System.Buffers;
using SecureChannel.Protocols;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>The bounds of the memory of sessions. The tests run alone, because they measure the memory of the whole process.</summary>
[Collection(nameof(SessionMemoryTests))]
public sealed class SessionMemoryBoundTests
{
    private const int Count = 40;
    private const int BeforeAuthentication = 16 * 1024;
    private const int PerByte = 4;
    private const int Established = 64 * 1024;
    private const int PairAfterTraffic = 2 * 12 * 1024;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("tls/1.3", 1)]
    [InlineData("tls/1.3", 300)]
    [InlineData("tls/1.3", 5_000)]
    [InlineData("tls/1.3", 16_000)]
    [InlineData("key-transport/1", 300)]
    [InlineData("key-transport/1", 16_000)]
    public async Task A_client_that_stalls_within_a_record_costs_at_most_16_KiB_and_4_bytes_for_each_byte_that_it_sent(string security, int sent)
    {
        var records = SessionPair.SecurityOf(security).Handshake!.Records;
        var record = HandshakeWire.Record(records, records.Handshake, [1, 0, 16_000 >> 8, 16_000 & 0xFF, .. new byte[16_000]]);
        var held = await MeasureAsync(async () =>
        {
            var (near, far) = MemoryLink.Create();
            var server = SecureSession.Create(far, SessionPair.ServerOptions(security));
            var shaking = server.HandshakeAsync(CancellationToken.None);
            await near.WriteAsync(record.AsMemory(0, sent), Cancellation);
            Assert.False(shaking.IsCompleted);
            return [server, shaking, near];
        });
        Assert.InRange(held, 0, BeforeAuthentication + (PerByte * sent));
    }

    [Theory]
    [InlineData("tls/1.3", 60_000)]
    [InlineData("tls/1.3", 1_000_000)]
    [InlineData("key-transport/1", 1_000_000)]
    public async Task A_received_message_costs_at_most_the_limit_and_64_KiB(string security, int size)
    {
        var limit = size + 8;
        var message = new ArrayBufferWriter<byte>();
        MessageFraming.Write(message, new Blob(new byte[size]));
        var held = await MeasureAsync(async () =>
        {
            var (client, server) = await ConnectAsync(security, limit);
            var receiving = server.ReceiveAsync(CancellationToken.None).AsTask();
            // The last byte of the message does not arrive.
            await client.AsStream().WriteAsync(message.WrittenMemory[..^1], Cancellation);
            await client.AsStream().FlushAsync(Cancellation);
            Assert.False(receiving.IsCompleted);
            return [client, server, receiving];
        });
        Assert.InRange(held, size, limit + Established + PairAfterTraffic);
    }

    [Theory]
    [InlineData("tls/1.3", 1_000)]
    [InlineData("tls/1.3", 200_000)]
    [InlineData("key-transport/1", 200_000)]
    public async Task Sends_that_the_transport_does_not_accept_cost_at_most_twice_two_messages_and_64_KiB(string security, int size)
    {
        var held = await MeasureAsync(async () =>
        {
            var (client, server, transport) = await ConnectHostileAsync(security);
            transport.Writes = TransportFault.Hangs;
            var message = new Blob(new byte[size]);
            Task sending;
            do
                sending = client.SendAsync(message, CancellationToken.None).AsTask();
            while (sending.IsCompleted);
            return [client, server, sending];
        });
        // The protected message that is being written and the queue, in arrays of at most twice their size.
        Assert.InRange(held, size, (2 * ((2 * size) + Established)) + PairAfterTraffic);
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task A_stream_that_nobody_reads_holds_little_memory_after_traffic(string security)
    {
        var bytes = new byte[200_000];
        var held = await MeasureAsync(async () =>
        {
            var (client, server) = await ConnectAsync(security);
            await client.AsStream().WriteAsync(bytes, Cancellation);
            await client.AsStream().FlushAsync(Cancellation);
            await server.AsStream().ReadExactlyAsync(bytes, Cancellation);
            return [client, server];
        });
        Assert.InRange(held, 0, PairAfterTraffic);
    }

    // The median of three, because work that earlier tests left behind can allocate or free memory during one measurement.
    private static async Task<long> MeasureAsync(Func<Task<object[]>> create)
    {
        long[] measured = [await MeasureOnceAsync(create), await MeasureOnceAsync(create), await MeasureOnceAsync(create)];
        Array.Sort(measured);
        return measured[1];
    }

    // The held objects stay reachable until the measurement ends.
    private static async Task<long> MeasureOnceAsync(Func<Task<object[]>> create)
    {
        var held = new List<object>();

        // Arrays that were returned to the pool before would hide the memory of these sessions.
        var rented = new List<byte[]>();
        for (var size = 1 << 12; size <= 1 << 21; size *= 2)
        {
            for (var n = 0; n < 20; n++)
                rented.Add(ArrayPool<byte>.Shared.Rent(size));
        }
        for (var n = 0; n < 5; n++)
            held.AddRange(await create());
        var before = Settle();
        for (var n = 0; n < Count; n++)
            held.AddRange(await create());
        var after = Settle();
        GC.KeepAlive(rented);
        GC.KeepAlive(held);
        return (after - before) / Count;
    }

    private static long Settle()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static async Task<(SecureSession Client, SecureSession Server)> ConnectAsync(string security, int limit = 1 << 20)
    {
        var (near, far) = MemoryLink.Create();
        var client = SecureSession.Create(near, SessionPair.ClientOptions(security) with { MaxMessageSize = limit });
        var server = SecureSession.Create(far, SessionPair.ServerOptions(security) with { MaxMessageSize = limit });
        await Task.WhenAll(server.HandshakeAsync(Cancellation), client.HandshakeAsync(Cancellation)).WaitAsync(SessionPair.Patience, Cancellation);
        return (client, server);
    }

    private static async Task<(SecureSession Client, SecureSession Server, HostileStream Transport)> ConnectHostileAsync(string security)
    {
        var (near, far) = MemoryLink.Create();
        var transport = new HostileStream(near);
        var client = SecureSession.Create(transport, SessionPair.ClientOptions(security));
        var server = SecureSession.Create(far, SessionPair.ServerOptions(security));
        await Task.WhenAll(server.HandshakeAsync(Cancellation), client.HandshakeAsync(Cancellation)).WaitAsync(SessionPair.Patience, Cancellation);
        return (client, server, transport);
    }
}
