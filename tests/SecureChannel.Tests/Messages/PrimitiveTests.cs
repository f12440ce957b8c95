using System.Globalization;
using System.Text;
using SecureChannel.CompilerServices;
using SecureChannel.Messages;

namespace SecureChannel.Tests.Messages;

public sealed class PrimitiveTests
{
    // The examples of RFC 9000 section A.1, whose encoding RFC 9420 section 2.1.2 uses.
    [Theory]
    [InlineData("9d7f3e7d", 494878333)]
    [InlineData("7bbd", 15293)]
    [InlineData("25", 37)]
    [InlineData("00", 0)]
    [InlineData("3f", 63)]
    [InlineData("4040", 64)]
    [InlineData("7fff", 16383)]
    [InlineData("80004000", 16384)]
    [InlineData("bfffffff", (1 << 30) - 1)]
    public void A_variable_size_integer_has_the_encoding_of_the_RFC(string hex, int value)
    {
        var reader = new WireReader(Convert.FromHexString(hex));
        Assert.True(reader.TryReadVarint(out var read));
        Assert.Equal(value, read);
        Assert.True(reader.IsAtEnd);

        Span<byte> bytes = stackalloc byte[4];
        var writer = new WireWriter(bytes);
        writer.WriteVarint(value);
        Assert.Equal(hex, Convert.ToHexStringLower(bytes[..writer.BytesWritten]));
    }

    // RFC 9420 section 2.1.2: "For example, the two-byte sequence 0x4025 also decodes to 37" and must be rejected.
    [Theory]
    [InlineData("4025", WireErrorReason.NotMinimal)]
    [InlineData("403f", WireErrorReason.NotMinimal)]
    [InlineData("80003fff", WireErrorReason.NotMinimal)]
    [InlineData("c000000000000025", WireErrorReason.NotMinimal)]
    [InlineData("ff", WireErrorReason.NotMinimal)]
    [InlineData("", WireErrorReason.Truncated)]
    [InlineData("40", WireErrorReason.Truncated)]
    [InlineData("9d7f3e", WireErrorReason.Truncated)]
    public void A_variable_size_integer_that_is_not_minimal_or_truncated_is_rejected(string hex, WireErrorReason reason)
    {
        var reader = new WireReader(Convert.FromHexString(hex));
        Assert.False(reader.TryReadVarint(out _));
        Assert.Equal((0, reason), (reader.Error.Offset, reader.Error.Reason));
    }

    // RFC 9846 section 3.3: uint32 value 0x01020304 has the bytes 01 02 03 04.
    [Fact]
    public void Integers_are_big_endian()
    {
        Span<byte> bytes = stackalloc byte[64];
        var writer = new WireWriter(bytes);
        writer.WriteByte(0x01);
        writer.WriteUInt16(0x0102);
        writer.WriteUInt24(0x010203);
        writer.WriteUInt32(0x01020304);
        writer.WriteInt16(-2);
        writer.WriteInt32(-2);
        writer.WriteUInt64(0x0102030405060708);
        writer.WriteFixed(new UInt128(1, 2));
        writer.WriteInt64(long.MinValue);
        Assert.Equal(
            "01" + "0102" + "010203" + "01020304" + "fffe" + "fffffffe" + "0102030405060708" + "00000000000000010000000000000002" + "8000000000000000",
            Convert.ToHexStringLower(bytes[..writer.BytesWritten]));

        var reader = new WireReader(bytes[..writer.BytesWritten]);
        Assert.True(reader.TryReadByte(out var a) && reader.TryReadUInt16(out var b) && reader.TryReadUInt24(out var c) && reader.TryReadUInt32(out var d)
            && reader.TryReadInt16(out var e) && reader.TryReadInt32(out var f) && reader.TryReadUInt64(out var g) && reader.TryReadFixed(out UInt128 h)
            && reader.TryReadInt64(out var i)
            && (a, b, c, d, e, f, g, h, i) == (0x01, 0x0102, 0x010203, 0x01020304, -2, -2, 0x0102030405060708, new UInt128(1, 2), long.MinValue));
        Assert.True(reader.IsAtEnd);
    }

    // The example of RFC 9562 section A.1.
    [Fact]
    public void A_Guid_has_the_byte_order_of_its_text()
    {
        var bytes = Convert.FromHexString("c232ab009414" + "11ec" + "b3c8" + "9f6bdeced846");
        var reader = new WireReader(bytes);
        Assert.True(reader.TryReadFixed(out Guid id));
        Assert.Equal("c232ab00-9414-11ec-b3c8-9f6bdeced846", id.ToString());

        var written = new byte[16];
        var writer = new WireWriter(written);
        writer.WriteFixed(id);
        Assert.Equal(bytes, written);
    }

    [Fact]
    public void A_DateTimeOffset_is_the_number_of_100_ns_since_the_year_1_without_the_offset()
    {
        var noon = DateTimeOffset.Parse("1970-01-01T02:00:00+02:00", CultureInfo.InvariantCulture);
        var bytes = new byte[8];
        var writer = new WireWriter(bytes);
        writer.WriteFixed(noon);
        Assert.Equal("089f7ff5f7b58000", Convert.ToHexStringLower(bytes));

        var reader = new WireReader(bytes);
        Assert.True(reader.TryReadFixed(out DateTimeOffset read));
        Assert.Equal((noon, TimeSpan.Zero), (read, read.Offset));
    }

    [Theory]
    [InlineData("2bca2875f4374000")]
    [InlineData("ffffffffffffffff")]
    public void A_DateTimeOffset_after_the_year_9999_is_rejected(string hex)
    {
        var reader = new WireReader(Convert.FromHexString(hex));
        Assert.False(reader.TryReadFixed(out DateTimeOffset _));
        Assert.Equal((0, WireErrorReason.OutOfRange), (reader.Error.Offset, reader.Error.Reason));
    }

    [Fact]
    public void All_bits_of_a_floating_point_number_are_preserved()
    {
        foreach (var hex in new[] { "7ff0000000000001", "fff8000000000000", "8000000000000000", "3ff0000000000000" })
        {
            var reader = new WireReader(Convert.FromHexString(hex));
            Assert.True(reader.TryReadFixed(out double value));
            var bytes = new byte[8];
            var writer = new WireWriter(bytes);
            writer.WriteFixed(value);
            Assert.Equal(hex, Convert.ToHexStringLower(bytes));
        }
    }

    [Theory]
    [InlineData("02")]
    [InlineData("ff")]
    public void A_Boolean_other_than_0_or_1_is_rejected(string hex)
    {
        var reader = new WireReader(Convert.FromHexString(hex));
        Assert.False(reader.TryReadBoolean(out _));
        Assert.Equal(WireErrorReason.NotBoolean, reader.Error.Reason);
    }

    // RFC 9846 section 3.4: a vector <300..400> has a prefix of two bytes; its ceiling determines the width.
    [Theory]
    [InlineData(0, 255, "03")]
    [InlineData(0, 256, "0003")]
    [InlineData(0, 400, "0003")]
    [InlineData(0, 65535, "0003")]
    [InlineData(0, 65536, "000003")]
    [InlineData(0, 0xFFFFFF, "000003")]
    [InlineData(0, 0x1000000, "00000003")]
    [InlineData(0, int.MaxValue, "00000003")]
    [InlineData(3, 3, "")]
    public void The_maximum_length_determines_the_width_of_the_prefix(int min, int max, string prefix)
    {
        Span<byte> bytes = stackalloc byte[16];
        var writer = new WireWriter(bytes);
        writer.WriteBytes(min, max, [1, 2, 3]);
        Assert.Equal(prefix + "010203", Convert.ToHexStringLower(bytes[..writer.BytesWritten]));

        var reader = new WireReader(bytes[..writer.BytesWritten]);
        Assert.True(reader.TryReadBytes(min, max, out var content));
        Assert.Equal([1, 2, 3], content.ToArray());
    }

    [Theory]
    [InlineData(2, 4, "0101")]
    [InlineData(2, 4, "050102030405")]
    [InlineData(0, int.MaxValue, "ffffffff")]
    public void A_length_outside_its_bounds_is_rejected(int min, int max, string hex)
    {
        var reader = new WireReader(Convert.FromHexString(hex));
        Assert.False(reader.TryReadBytes(min, max, out _));
        Assert.Equal((0, WireErrorReason.LengthOutOfBounds), (reader.Error.Offset, reader.Error.Reason));
    }

    // RFC 3629 section 3: overlong forms, surrogates and values above U+10FFFF are not UTF-8.
    [Theory]
    [InlineData("c080")]
    [InlineData("eda080")]
    [InlineData("f4908080")]
    [InlineData("80")]
    [InlineData("c3")]
    [InlineData("41ff")]
    public void A_string_that_is_not_UTF_8_is_rejected(string hex)
    {
        var content = Convert.FromHexString(hex);
        var reader = new WireReader([(byte)content.Length, .. content]);
        Assert.False(reader.TryReadString(out _));
        Assert.Equal((1, WireErrorReason.InvalidText), (reader.Error.Offset, reader.Error.Reason));
    }

    // The encoder of .NET is the reference.
    [Fact]
    public void A_string_with_one_character_that_is_not_ASCII_is_encoded_as_UTF_8()
    {
        Span<byte> bytes = stackalloc byte[256];
        for (var length = 0; length <= 70; length++)
        {
            // In the last round, all characters are ASCII.
            for (var position = 0; position <= length; position++)
            {
                var text = new string('a', position) + (position < length ? "é" : "") + new string('z', Math.Max(0, length - position - 1));
                var writer = new WireWriter(bytes);
                writer.WriteString(0, 255, text);
                var expected = Encoding.UTF8.GetBytes(text);
                Assert.Equal([(byte)expected.Length, .. expected], bytes[..writer.BytesWritten]);
            }
        }
    }

    [Fact]
    public void A_value_outside_its_bounds_is_not_written()
    {
        Assert.Throws<ArgumentException>(() => Write(static (ref writer) => writer.WriteString(1, 3, "four")));
        Assert.Throws<ArgumentException>(() => Write(static (ref writer) => writer.WriteString(1, 3, "")));
        Assert.ThrowsAny<ArgumentException>(() => Write(static (ref writer) => writer.WriteString("\ud800")));
        Assert.ThrowsAny<ArgumentException>(() => Write(static (ref writer) => writer.WriteVarint(1 << 30)));
        Assert.ThrowsAny<ArgumentException>(() => Write(static (ref writer) => writer.WriteUInt24(1 << 24)));
        Assert.ThrowsAny<ArgumentException>(() => Write(static (ref writer) => writer.WriteClosedEnum((Level)3)));
        Assert.Throws<ArgumentException>(() => Write(static (ref writer) => writer.WriteBytes(0, 100, new byte[50])));
    }

    private delegate void Writing(ref WireWriter writer);

    private static void Write(Writing writing)
    {
        var writer = new WireWriter(new byte[32]);
        writing(ref writer);
    }
}
