using SecureChannel.Messages;

namespace SecureChannel.Tests.Messages;

/// <summary>Tests of fields that contain the rest of the message: <c>opaque verify_data[Hash.length]</c> of RFC 9846 section 4.5.3.</summary>
public sealed class RemainderTests
{
    [Fact]
    public void A_remainder_has_no_length_and_contains_the_rest_of_the_input()
    {
        Assert.Equal([7, 1, 2, 3], WireSerializer.ToArray(new Sealed(7, new byte[] { 1, 2, 3 })));
        Assert.True(WireSerializer.TryRead<Sealed>([7, 1, 2, 3], out var message, out _));
        Assert.Equal([1, 2, 3], message.Rest.ToArray());
        Assert.Equal(4, WireSerializer.GetSize(message));
    }

    [Fact]
    public void A_remainder_inside_a_vector_ends_with_the_vector()
    {
        var framed = new Framed(new Sealed(7, new byte[] { 1, 2 }), 9);
        byte[] bytes = [0, 3, 7, 1, 2, 9];
        Assert.Equal(bytes, WireSerializer.ToArray(framed));
        Assert.True(WireSerializer.TryRead<Framed>(bytes, out var message, out _));
        Assert.Equal([1, 2], message.Content.Rest.ToArray());
        Assert.Equal(9, message.Tail);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void A_remainder_outside_its_bounds_is_neither_written_nor_read(int length)
    {
        Assert.False(WireSerializer.TryRead<Sealed>([7, .. new byte[length]], out _, out var error));
        Assert.Equal((1, "Rest", WireErrorReason.LengthOutOfBounds), (error.Offset, error.Path, error.Reason));
        Assert.Throws<ArgumentException>(() => WireSerializer.ToArray(new Sealed(7, new byte[length])));
    }
}

[Message]
internal sealed partial record Sealed(byte Kind, [property: Remainder(2, 5)] ReadOnlyMemory<byte> Rest);

[Message]
internal sealed partial record Framed([property: ByteLength(0, 0xFFFF)] Sealed Content, byte Tail);
