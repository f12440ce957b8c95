using SecureChannel.Messages;

namespace SecureChannel.Tests.Messages;

/// <summary>Fields that take what is left: <c>opaque verify_data[Hash.length]</c> of RFC 9846 section 4.5.3.</summary>
public sealed class RemainderTests
{
    [Fact]
    public void A_remainder_has_no_length_before_it_and_takes_all_that_is_left()
    {
        Assert.Equal([7, 1, 2, 3], WireSerializer.ToArray(new Sealed(7, new byte[] { 1, 2, 3 })));
        Assert.True(WireSerializer.TryRead<Sealed>([7, 1, 2, 3], out var message, out _));
        Assert.Equal([1, 2, 3], message.Rest.ToArray());
        Assert.Equal(4, WireSerializer.GetSize(message));
    }

    [Fact]
    public void Inside_a_vector_it_ends_where_the_vector_does()
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
    public void A_remainder_outside_its_bound_is_refused_both_ways(int length)
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
