using System.Runtime.InteropServices;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>The input buffer, and the number of transport reads.</summary>
public sealed class InputBufferTests
{
    private const int SmallSize = 256;
    private const int LargeSize = 4096;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_short_read_stays_in_the_small_array()
    {
        var input = new InputBuffer(SmallSize, LargeSize, minimumFree: 1024);
        Assert.True(input.IsDrained);
        var room = input.GetSmallBuffer();
        Assert.Equal(SmallSize, room.Length);
        Receive(input, room, 100, first: 1);
        Assert.False(input.IsDrained);
        Assert.Equal(Numbers(1, 100), input.Unread.ToArray());
        input.Consume(100);
        Assert.True(input.IsDrained);
    }

    [Fact]
    public void A_longer_read_continues_in_the_large_array()
    {
        var input = new InputBuffer(SmallSize, LargeSize, minimumFree: 1024);
        var small = input.GetSmallBuffer();
        Receive(input, small, SmallSize, first: 1);
        input.Consume(10);
        Receive(input, input.GetBuffer(), 300, first: 1);
        Assert.Equal([.. Numbers(11, SmallSize - 10), .. Numbers(1, 300)], input.Unread.ToArray());
        Assert.Equal(new byte[SmallSize], small.ToArray());
    }

    [Fact]
    public void A_filled_large_array_expects_more_data()
    {
        var input = new InputBuffer(SmallSize, LargeSize, minimumFree: 1024);
        var room = input.GetBuffer();
        Receive(input, room, room.Length, first: 1);
        input.Consume(room.Length);
        Assert.False(input.IsDrained);
        Receive(input, input.GetBuffer(), 5, first: 1);
        input.Consume(5);
        Assert.True(input.IsDrained);
    }

    [Fact]
    public void Memory_is_zeroed_before_it_returns_to_the_pool()
    {
        var input = new InputBuffer(SmallSize, LargeSize, minimumFree: 1024);
        var small = input.GetSmallBuffer();
        Receive(input, small, 20, first: 1);
        var large = ArrayOf(input.GetBuffer());
        // Arrays of the pool contain data of earlier users.
        large.AsSpan(20).Clear();
        Receive(input, input.GetBuffer(), 1000, first: 1);
        input.Consume(1020);
        Receive(input, input.GetSmallBuffer(), 7, first: 1);
        Assert.NotEqual(new byte[large.Length], large);

        input.ReleaseLarge();
        Assert.Equal(new byte[large.Length], large);
        Assert.Equal(Numbers(1, 7), input.Unread.ToArray());
        input.Release();
        Assert.True(input.Unread.IsEmpty);
        Assert.Equal(new byte[SmallSize], small.ToArray());
    }

    [Fact]
    public void A_growing_array_has_at_most_four_times_the_received_bytes_and_is_zeroed_when_it_is_replaced()
    {
        var input = new InputBuffer(SmallSize, largeSize: 1 << 16, minimumFree: 1 << 14);
        Receive(input, input.GetSmallBuffer(), SmallSize, first: 1);
        for (var received = SmallSize; received < 1 << 15;)
        {
            var room = input.GetGrowingBuffer();
            var array = ArrayOf(room);
            Assert.InRange(array.Length, 1, Math.Max(LargeSize, 4 * received));
            // Arrays of the pool contain data of earlier users.
            room.Span.Clear();
            Receive(input, room, room.Length, first: 1);
            received += room.Length;
            Assert.Equal(received, input.Unread.Length);
            input.GetGrowingBuffer();
            Assert.Equal(new byte[array.Length], array);
        }

        Assert.Equal(Numbers(1, SmallSize), input.Unread[..SmallSize].ToArray());
        Assert.InRange(input.GetBuffer().Length, 1 << 14, 1 << 16);
        Assert.Equal(Numbers(1, SmallSize), input.Unread[..SmallSize].ToArray());
        input.Release();
    }

    [Fact]
    public void A_large_array_with_unread_bytes_is_not_released()
    {
        var input = new InputBuffer(SmallSize, LargeSize, minimumFree: 1024);
        Receive(input, input.GetBuffer(), 50, first: 1);
        input.Consume(20);
        input.ReleaseLarge();
        Assert.Equal(Numbers(21, 30), input.Unread.ToArray());
    }

    [Fact]
    public void A_drain_continues_in_another_array_if_the_first_one_is_full_of_content_in_use()
    {
        var input = new InputBuffer(smallSize: 0, LargeSize, minimumFree: 1);
        var first = input.GetBuffer();
        Receive(input, first, first.Length, first: 1);
        input.Consume(first.Length - 3);
        var content = Numbers(1, first.Length);

        var second = input.GetBufferAfterContent();
        Receive(input, second, 10, first: 50);
        Assert.Equal(content, first.ToArray());
        Assert.Equal([.. content[^3..], .. Numbers(50, 10)], input.Unread.ToArray());
        Receive(input, input.GetBufferAfterContent(), second.Length - 10, first: 60);
        Assert.True(input.GetBufferAfterContent().IsEmpty);

        input.ReleaseContent();
        Assert.Equal(new byte[first.Length], first.ToArray());
        Assert.Equal(content[^3..], input.Unread[..3].ToArray());
        input.Release();
    }

    [Theory]
    [InlineData(64, 1)]
    [InlineData(1000, 2)]
    public async Task A_short_message_needs_one_transport_read_and_a_longer_one_two(int length, int reads)
    {
        var (near, far) = MemoryLink.Create();
        var counted = new CountedReads(far);
        var security = SessionSecurity.Tls13.Name;
        await using var client = SecureSession.Create(near, SessionPair.ClientOptions(security));
        await using var server = SecureSession.Create(counted, SessionPair.ServerOptions(security));
        await Task.WhenAll(server.HandshakeAsync(Cancellation), client.HandshakeAsync(Cancellation)).WaitAsync(SessionPair.Patience, Cancellation);

        var (sent, received) = (client.AsStream(), server.AsStream());
        for (var i = 0; i < 3; i++)
        {
            var before = counted.Count;
            var waiting = received.ReadAtLeastAsync(new byte[length], length, cancellationToken: Cancellation).AsTask();
            await sent.WriteAsync(new byte[length], Cancellation);
            await sent.FlushAsync(Cancellation);
            Assert.Equal(length, await waiting.WaitAsync(SessionPair.Patience, Cancellation));
            Assert.Equal(reads, counted.Count - before);
        }
    }

    private static void Receive(InputBuffer input, Memory<byte> room, int count, byte first)
    {
        Numbers(first, count).CopyTo(room);
        input.Fill(count);
    }

    private static byte[] Numbers(int first, int count) => [.. Enumerable.Range(first, count).Select(i => (byte)i)];

    private static byte[] ArrayOf(Memory<byte> memory) => MemoryMarshal.TryGetArray<byte>(memory, out var segment) ? segment.Array! : [];

    private sealed class CountedReads(Stream inner) : AsyncStream
    {
        public int Count { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Count++;
            return inner.ReadAsync(buffer, cancellationToken);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
