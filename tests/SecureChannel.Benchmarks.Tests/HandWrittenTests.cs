using SecureChannel.Benchmarks.Contenders;
using SecureChannel.Benchmarks.Shapes;
using SecureChannel.Messages;

namespace SecureChannel.Benchmarks.Tests;

/// <summary>The hand-written codec is comparable to the generated one: it writes the same bytes and rejects the same input for the same reasons.</summary>
public sealed class HandWrittenTests
{
    private static readonly Random Random = new(20261124);

    [Fact]
    public void Writes_the_same_bytes()
    {
        var bytes = new byte[1 << 20];
        for (var seed = 0; seed < 50; seed++)
        {
            Assert.Equal(WireSerializer.ToArray(Small.Create(seed)), bytes.AsSpan(0, HandWritten.Write(bytes, Small.Create(seed))));
            Assert.Equal(WireSerializer.ToArray(Medium.Create(seed)), bytes.AsSpan(0, HandWritten.Write(bytes, Medium.Create(seed))));
        }

        Assert.Equal(WireSerializer.ToArray(Large.Create()), bytes.AsSpan(0, HandWritten.Write(bytes, Large.Create())));
    }

    [Fact]
    public void Rejects_the_same_values()
    {
        var bytes = new byte[1 << 20];
        foreach (var name in new[] { new string('n', 65), new string('é', 33), "half of a pair: \uD800" })
        {
            var small = Small.Create(1);
            small.Name = name;
            Assert.ThrowsAny<ArgumentException>(() => WireSerializer.ToArray(small));
            Assert.ThrowsAny<ArgumentException>(() => HandWritten.Write(bytes, small));
        }

        var medium = Medium.Create(1);
        medium.Numbers = new int[16384];
        Assert.Throws<ArgumentException>(() => WireSerializer.ToArray(medium));
        Assert.Throws<ArgumentException>(() => HandWritten.Write(bytes, medium));
    }

    [Fact]
    public void Accepts_and_rejects_the_same_bytes_of_a_small_shape() => Compare(
        WireSerializer.ToArray(Small.Create(7)),
        static bytes => WireSerializer.TryRead<Small>(bytes, out var value, out var error) ? (error.Reason, WireSerializer.ToArray(value)) : (error.Reason, null),
        static bytes => HandWritten.Read(bytes, out Small? value) is not WireErrorReason.None and var reason ? (reason, null) : (WireErrorReason.None, WireSerializer.ToArray(value!)));

    [Fact]
    public void Accepts_and_rejects_the_same_bytes_of_a_medium_shape() => Compare(
        WireSerializer.ToArray(Medium.Create(7)),
        static bytes => WireSerializer.TryRead<Medium>(bytes, out var value, out var error) ? (error.Reason, WireSerializer.ToArray(value)) : (error.Reason, null),
        static bytes => HandWritten.Read(bytes, out Medium? value) is not WireErrorReason.None and var reason ? (reason, null) : (WireErrorReason.None, WireSerializer.ToArray(value!)));

    [Fact]
    public void Accepts_and_rejects_the_same_bytes_of_a_large_shape() => Compare(
        WireSerializer.ToArray(new Large { Orders = [Medium.Create(1), Medium.Create(4)] }),
        static bytes => WireSerializer.TryRead<Large>(bytes, out var value, out var error) ? (error.Reason, WireSerializer.ToArray(value)) : (error.Reason, null),
        static bytes => HandWritten.Read(bytes, out Large? value) is not WireErrorReason.None and var reason ? (reason, null) : (WireErrorReason.None, WireSerializer.ToArray(value!)));

    private delegate (WireErrorReason Reason, byte[]? Accepted) Reader(ReadOnlySpan<byte> bytes);

    // Compares every prefix, an extra byte, two fixed changes of every byte and a random one.
    private static void Compare(byte[] bytes, Reader generated, Reader handWritten)
    {
        Check(bytes);
        Check([.. bytes, 0]);
        for (var i = 0; i < bytes.Length; i++)
        {
            Check(bytes.AsSpan(0, i));
            foreach (var change in new byte[] { 1, 0x80, (byte)Random.Next(1, 256) })
            {
                var changed = bytes.ToArray();
                changed[i] ^= change;
                Check(changed);
            }
        }

        void Check(ReadOnlySpan<byte> input)
        {
            var (reason, accepted) = generated(input);
            var (expectedReason, expected) = handWritten(input);
            Assert.Equal(expectedReason, reason);
            Assert.Equal(expected, accepted);
            if (accepted is not null)
                Assert.Equal(input, accepted);
        }
    }
}
