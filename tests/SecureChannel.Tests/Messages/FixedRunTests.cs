using SecureChannel.Messages;

namespace SecureChannel.Tests.Messages;

public sealed partial class FixedRunTests
{
    private static readonly Measurement Sample = new(
        7, true, new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero), new Guid("00112233-4455-6677-8899-aabbccddeeff"), Quality.Good, -5);

    // The offset of each field, from the sizes of RFC 9846 section 3 and RFC 9562 section 4.
    private static readonly (string Field, int Begin)[] Offsets = [("Number", 0), ("IsFinal", 4), ("At", 5), ("Id", 13), ("Quality", 29), ("Offset", 30), ("Offset", 31)];

    [Fact]
    public void Fields_that_are_read_together_have_the_same_encoding_as_one_by_one()
    {
        var bytes = new byte[33];
        var writer = new WireWriter(bytes);
        writer.WriteInt32(Sample.Number);
        writer.WriteBoolean(Sample.IsFinal);
        writer.WriteFixed(Sample.At);
        writer.WriteFixed(Sample.Id);
        writer.WriteEnum(Sample.Quality);
        writer.WriteBoolean(true);
        writer.WriteInt16(Sample.Offset!.Value);
        Assert.Equal(bytes, WireSerializer.ToArray(Sample));
        Assert.True(WireSerializer.TryRead<Measurement>(bytes, out var again, out _));
        Assert.Equal(Sample, again);
    }

    [Fact]
    public void Numbers_of_every_type_are_big_endian()
    {
        var numbers = new Numbers(-2, 0x0102, -2, 0x0102030405060708, (Half)1, 1, 1, new TimeSpan(1), ((UInt128)1 << 127) + 1, -2);
        // 1.0 in IEEE 754: 3C00, 3F800000, 3FF0000000000000.
        Assert.Equal(
            "FE" + "0102" + "FFFE" + "0102030405060708" + "3C00" + "3F800000" + "3FF0000000000000" + "0000000000000001" + "80000000000000000000000000000001" + "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFE",
            Convert.ToHexString(WireSerializer.ToArray(numbers)));
        Assert.True(WireSerializer.TryRead<Numbers>(WireSerializer.ToArray(numbers), out var again, out _));
        Assert.Equal(numbers, again);
    }

    [Fact]
    public void Truncated_input_is_rejected_at_the_offset_of_the_field_that_is_truncated()
    {
        var bytes = WireSerializer.ToArray(Sample);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.False(WireSerializer.TryRead<Measurement>(bytes.AsSpan(0, length), out _, out var error));
            var (field, begin) = Offsets.Last(field => field.Begin <= length);
            Assert.Equal((begin, field, WireErrorReason.Truncated), (error.Offset, error.Path, error.Reason));
        }
    }

    [Theory]
    [InlineData(4, 2, "IsFinal", 4, WireErrorReason.NotBoolean)]
    [InlineData(5, 0xFF, "At", 5, WireErrorReason.OutOfRange)]
    [InlineData(30, 2, "Offset", 30, WireErrorReason.NotBoolean)]
    public void An_invalid_value_is_rejected_with_the_name_of_its_field(int position, byte value, string field, int offset, WireErrorReason reason)
    {
        var bytes = WireSerializer.ToArray(Sample);
        bytes[position] = value;
        // The same holds if the input ends after the field: the first invalid field is reported.
        foreach (var input in new[] { bytes, bytes[..Math.Max(position + 1, Offsets.First(field => field.Begin > position).Begin)] })
        {
            Assert.False(WireSerializer.TryRead<Measurement>(input, out _, out var error));
            Assert.Equal((offset, field, reason), (error.Offset, error.Path, error.Reason));
        }
    }

    [Fact]
    public void An_error_in_a_nested_list_has_the_whole_path_of_the_field()
    {
        var bytes = WireSerializer.ToArray(new Series([Sample, Sample]));
        bytes[2 + WireSerializer.GetSize(Sample) + 4] = 2;
        Assert.False(WireSerializer.TryRead<Series>(bytes, out _, out var error));
        Assert.Equal((2 + WireSerializer.GetSize(Sample) + 4, "Measurements[1].IsFinal", WireErrorReason.NotBoolean), (error.Offset, error.Path, error.Reason));
    }

    [Fact]
    public void A_message_is_cleared_after_a_failure()
    {
        var sample = new byte[] { 0, 0, 0, 7, 2, 1, 2 };
        var view = new Extract { Number = 1, Content = sample };
        Assert.True(WireSerializer.TryRead(sample, out view, out _));
        Assert.False(WireSerializer.TryRead(sample.AsSpan(0, 5), out view, out _));
        Assert.Equal(0, view.Number);
        Assert.True(view.Content.IsEmpty);
    }

    public enum Quality : byte
    {
        Poor,
        Good,
    }

    [Message]
    public readonly partial record struct Measurement(int Number, bool IsFinal, DateTimeOffset At, Guid Id, Quality Quality, short? Offset);

    [Message]
    public sealed partial record Series([property: ByteLength(0, 65535)] List<Measurement> Measurements);

    [Message]
    public sealed partial record Numbers(
        sbyte A, ushort B, short C, ulong D, Half E, float F, double G, TimeSpan H, UInt128 I, Int128 J);

    [Message]
    public readonly ref partial struct Extract
    {
        public int Number { get; init; }

        [ByteLength(0, 255)]
        public ReadOnlySpan<byte> Content { get; init; }
    }
}
