// CA1051: public fields are fields of a message.
#pragma warning disable CA1051
using System.Buffers;
using System.Collections.Immutable;
using SecureChannel.Messages;

namespace SecureChannel.Tests.Messages;

[Message]
public sealed partial record Series(
    [property: ByteLength(0, 255)] int[] Ints, List<ushort> Shorts, ImmutableArray<ulong> Longs, Int128[] Wide, sbyte[] Small, Half[] Halves, double[] Doubles, Color[] Colors);

/// <summary>Tests of vectors of numbers, which are converted as a whole.</summary>
public sealed class NumbersTests
{
    private static readonly Series Value = new(
        [1, -2, int.MinValue, 0x01020304], [0x0A0B, 7], [0x0102030405060708], [Int128.MinValue, 5], [-1], [(Half)1], [-0.5], [Color.Green, (Color)0xFFFF]);

    [Fact]
    public void Each_number_is_big_endian() => Assert.Equal(
        "1000000001FFFFFFFE8000000001020304" + "040A0B0007" + "080102030405060708"
        + "208000000000000000000000000000000000000000000000000000000000000005" + "01FF" + "023C00" + "08BFE0000000000000" + "040203FFFF",
        Convert.ToHexString(WireSerializer.ToArray(Value)));

    [Fact]
    public void Vectors_of_numbers_survive_a_round_trip()
    {
        Assert.True(WireSerializer.TryRead<Series>(WireSerializer.ToArray(Value), out var read, out _));
        Assert.Equal(WireSerializer.ToArray(Value), WireSerializer.ToArray(read));
        Assert.Equal(Value.Ints, read.Ints);
        Assert.Equal(Value.Shorts, read.Shorts);
        Assert.Equal(Value.Longs, read.Longs);
        Assert.Equal(Value.Wide, read.Wide);
        Assert.Equal(Value.Colors, read.Colors);
    }

    [Theory]
    [InlineData("020000", 1, "Ints[0]")]
    [InlineData("06000000010000", 5, "Ints[1]")]
    [InlineData("00030A0B07", 4, "Shorts[1]")]
    public void A_truncated_number_is_rejected_at_its_offset(string bytes, int offset, string path)
    {
        Assert.False(WireSerializer.TryRead<Series>(Convert.FromHexString(bytes), out _, out var error));
        Assert.Equal((offset, path, WireErrorReason.Truncated), (error.Offset, error.Path, error.Reason));
    }

    [Fact]
    public void A_vector_outside_its_bounds_is_neither_written_nor_read()
    {
        Assert.Throws<ArgumentException>(() => WireSerializer.ToArray(Value with { Ints = new int[64] }));
        Assert.False(WireSerializer.TryRead<Roster>(Convert.FromHexString("0000"), out _, out var error));
        Assert.Equal(("Ids", WireErrorReason.LengthOutOfBounds), (error.Path, error.Reason));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(4096)]
    public void A_buffer_receives_the_message_even_if_it_must_grow(int room)
    {
        var buffer = new ArrayBufferWriter<byte>(room);
        var roster = new Roster { Ids = [1, 2], Users = [new User { Name = new string('é', 40) }], Tags = [.. Enumerable.Repeat("tag", 100)] };
        WireSerializer.Write(buffer, Value);
        WireSerializer.Write(buffer, roster);
        Assert.Equal([.. WireSerializer.ToArray(Value), .. WireSerializer.ToArray(roster)], buffer.WrittenSpan.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    public void A_buffer_receives_nothing_if_the_message_cannot_be_written(int room)
    {
        var buffer = new ArrayBufferWriter<byte>(room);
        Assert.Throws<ArgumentException>(() => WireSerializer.Write(buffer, Value with { Ints = new int[64] }));
        Assert.ThrowsAny<ArgumentException>(() => WireSerializer.Write(buffer, new Login("unpaired: \uD800", "", "")));
        Assert.Equal(0, buffer.WrittenCount);
    }

    [Fact]
    public void A_misused_reader_never_reads_past_the_end_of_the_input()
    {
        Assert.False(new WireReader([1, 2]).TryReadBytes(-1, -1, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WireReader([]).TryLeaveVector(3));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            var reader = new WireReader([1, 9]);
            reader.TryEnterVector(0, 255, out _);
            reader.TryReadByte(out _);
            reader.TryLeaveVector(3);
        });
    }
}
