using System.Diagnostics;
using SecureChannel.Messages;

namespace SecureChannel.Tests.Messages;

[Message]
public sealed partial record Counts(Dictionary<long, byte> Values);

[Message]
public sealed partial record Bag(List<(byte, Bag?)> Items, (string, byte[])[] Texts, Dictionary<ushort, List<decimal>> Prices);

[Message]
public sealed partial record Wide([property: ByteLength(0, int.MaxValue)] List<long> Numbers, [property: ByteLength(0, int.MaxValue)] string Text);

/// <summary>Tests of weaknesses of other serializers, by their number in the Common Weakness Enumeration.</summary>
public sealed class WeaknessTests
{
    [Theory]
    [InlineData("7fffffff")]
    [InlineData("80000000")]
    [InlineData("ffffffff")]
    [InlineData("7ffffff8" + "0000000000000001")]
    [InlineData("00000000" + "7fffffff")]
    [InlineData("00000000" + "fffffffc")]
    public void CWE_190_a_length_near_the_maximum_of_an_integer_does_not_overflow(string hex)
    {
        Assert.False(WireSerializer.TryRead<Wide>(Convert.FromHexString(hex), out _, out var error));
        Assert.True(error.Reason is WireErrorReason.Truncated or WireErrorReason.LengthOutOfBounds, error.ToString());
        Assert.InRange(error.Offset, 0, hex.Length / 2);
    }

    [Fact]
    public void CWE_407_keys_with_equal_hash_codes_do_not_make_a_map_slow()
    {
        // The hash code of a long in .NET is the exclusive or of its halves, which is 0 for all of these keys.
        const int count = 40_000;
        var keys = Enumerable.Range(0, count).Select(i => ((long)i << 32) | (uint)i).ToArray();
        Assert.All(keys, key => Assert.Equal(0, key.GetHashCode()));
        var bytes = new byte[4 + (9 * count)];
        var writer = new WireWriter(bytes);
        var start = writer.BeginVector();
        foreach (var key in keys)
        {
            writer.WriteInt64(key);
            writer.WriteByte(0);
        }

        writer.EndVector(start);
        bytes = bytes[..writer.BytesWritten];
        Assert.True(WireSerializer.TryRead<Counts>(bytes, out _, out _));
        var watch = Stopwatch.StartNew();
        Assert.True(WireSerializer.TryRead<Counts>(bytes, out var read, out _));
        Assert.Equal(count, read.Values.Count);
        // A dictionary that compared each key with all keys before it would need 800 million steps, which is seconds.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void CWE_407_a_large_map_in_reverse_order_is_written_fast()
    {
        var counts = new Counts(Enumerable.Range(0, 100_000).ToDictionary(i => (long)(100_000 - i), i => (byte)i));
        var watch = Stopwatch.StartNew();
        Assert.Equal(4 + (100_000 * 9), WireSerializer.ToArray(counts).Length);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void CWE_409_the_memory_of_a_message_is_a_fixed_multiple_of_the_size_of_the_input()
    {
        // Lists of the smallest possible elements: one byte, or two.
        foreach (var size in new[] { 1_000, 16_000 })
        {
            Check<Bag>([.. Varint(2 * size), .. new byte[2 * size], 0, 0]);
            Check<Bag>([0, .. Varint(2 * size), .. new byte[2 * size], 0]);
            Check<Roster>([0, 2, 0, 1, 0, .. Varint(size), .. new byte[size], 0, 0]);
            Check<Roster>([0, 2, 0, 1, 0, 0, .. Varint(size), .. new byte[size], 0]);
        }

        static void Check<T>(byte[] bytes)
            where T : IMessage<T>
        {
            Assert.True(WireSerializer.TryRead<T>(bytes, out _, out var error), error.ToString());
            var before = GC.GetAllocatedBytesForCurrentThread();
            WireSerializer.TryRead<T>(bytes, out _, out _);
            Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / bytes.Length, 0, 100);
        }
    }

    [Fact]
    public void CWE_674_the_depth_of_recursive_messages_is_limited()
    {
        var bytes = Array.Empty<byte>();
        for (var depth = 0; depth < 200; depth++)
            bytes = [.. Varint(bytes.Length + 2), 0, (byte)(bytes.Length == 0 ? 0 : 1), .. bytes, .. bytes.Length == 0 ? Array.Empty<byte>() : [0, 0]];
        bytes = [.. bytes, 0, 0];
        Assert.False(WireSerializer.TryRead<Bag>(bytes, out _, out var error));
        Assert.NotEqual(WireErrorReason.None, error.Reason);
        Assert.False(WireSerializer.TryRead<Tree>([.. Enumerable.Repeat<byte>(1, 1_000_000)], out _, out error));
        Assert.Equal(WireErrorReason.TooDeep, error.Reason);
    }

    [Fact]
    public void CWE_674_a_recursive_message_is_not_written_deeper_than_it_can_be_read()
    {
        Assert.True(WireSerializer.TryRead<Tree>(WireSerializer.ToArray(Chain(WireReader.MaxDepth)), out _, out _));
        Assert.Throws<ArgumentException>(() => WireSerializer.ToArray(Chain(WireReader.MaxDepth + 1)));
        List<(byte, Bag?)> items = [];
        var cyclic = new Bag(items, [], []);
        items.Add((1, cyclic));
        Assert.Throws<ArgumentException>(() => WireSerializer.ToArray(cyclic));

        static Tree Chain(int depth) => depth == 1 ? new Tree() : new Tree { Next = Chain(depth - 1) };
    }

    [Theory]
    [InlineData("bfffffff")]
    [InlineData("00" + "bfffffff")]
    [InlineData("00" + "00" + "bfffffff")]
    [InlineData("00" + "00" + "82000000" + "0001" + "bfffffff")]
    public void CWE_789_a_large_length_in_a_short_input_allocates_nothing(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        WireSerializer.TryRead<Bag>(bytes, out _, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(WireSerializer.TryRead<Bag>(bytes, out _, out var error));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000);
        Assert.Equal(WireErrorReason.Truncated, error.Reason);
    }

    private static byte[] Varint(int value)
    {
        var bytes = new byte[4];
        var writer = new WireWriter(bytes);
        writer.WriteVarint(value);
        return bytes[..writer.BytesWritten];
    }
}
