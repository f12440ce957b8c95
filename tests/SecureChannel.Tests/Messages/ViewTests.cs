using SecureChannel.CompilerServices;
using SecureChannel.Messages;

namespace SecureChannel.Tests.Messages;

/// <summary>Tests of views, which are read at a position that their codec stores. A class with the same fields is the reference.</summary>
public sealed partial class ViewTests
{
    private static readonly Twin Sample = new()
    {
        Title = "title"u8.ToArray(),
        Digest = [1, 2, 3, 4],
        Number = -7,
        Owner = new TwinOwner { IsOpen = true, Id = new Guid("00112233-4455-6677-8899-aabbccddeeff"), Name = [9, 8] },
        Level = 3,
        At = new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero),
        Discount = 5,
        Rest = [],
    };

    [Fact]
    public void A_view_has_the_same_encoding_as_a_class_with_the_same_fields()
    {
        var bytes = WireSerializer.ToArray(Sample);
        Assert.True(WireSerializer.TryRead<View>(bytes, out var view, out _));
        Assert.Equal(bytes, WireSerializer.ToArray(view));
        Assert.Equal(Sample.Owner.Id, view.Owner.Id);
        Assert.Equal(Sample.At, view.At);
        Assert.Equal(Sample.Discount, view.Discount);
    }

    [Fact]
    public void A_view_of_fields_has_the_same_encoding_as_a_class_with_the_same_fields()
    {
        var bytes = WireSerializer.ToArray(Sample);
        Assert.True(WireSerializer.TryRead<PlainView>(bytes, out var view, out _));
        Assert.Equal(bytes, WireSerializer.ToArray(view));
    }

    [Fact]
    public void A_private_field_of_a_view_has_its_default_after_reading()
    {
        var view = default(Marked);
        view.Mark();
        Assert.True(WireSerializer.TryRead([2, 8, 9], out view, out _));
        Assert.False(view.IsMarked);
        Assert.Equal((byte[])[8, 9], view.Title.ToArray());
    }

    [Fact]
    public void A_view_of_fields_is_empty_after_a_failure()
    {
        var bytes = WireSerializer.ToArray(Sample);
        Assert.True(WireSerializer.TryRead<PlainView>(bytes, out var view, out _));
        Assert.False(WireSerializer.TryRead(bytes.AsSpan(0, bytes.Length - 1), out view, out _));
        Assert.True(view.Title.IsEmpty && view.Owner.Name.IsEmpty);
        Assert.Equal((0, null), (view.Number, view.Discount));
    }

    [Fact]
    public void A_view_rejects_the_same_input_as_a_class_with_the_same_error()
    {
        var bytes = WireSerializer.ToArray(Sample);
        for (var length = 0; length < bytes.Length; length++)
            AssertSame(bytes[..length]);
        for (var position = 0; position < bytes.Length; position++)
        {
            foreach (var value in (byte[])[0, 1, 2, 0x7F, 0xFF])
            {
                var changed = bytes.ToArray();
                changed[position] = value;
                AssertSame(changed);
            }
        }
    }

    [Fact]
    public void A_remainder_of_a_view_has_no_length()
    {
        Assert.True(WireSerializer.TryRead<Verification>([1, 2, 3], out var read, out _));
        Assert.Equal((byte[])[1, 2, 3], read.Data.ToArray());
        Assert.False(WireSerializer.TryRead<Verification>([1], out _, out var error));
        Assert.Equal(("Data", WireErrorReason.LengthOutOfBounds), (error.Path, error.Reason));
    }

    [Fact]
    public void Fields_that_are_read_at_a_position_are_consumed_when_the_reader_seeks()
    {
        var reader = new WireReader([0, 1, 0, 2]);
        var position = reader.Position;
        Assert.True(reader.TryReadFixedAt(ref position, out ushort first));
        Assert.Equal((1, 0), (first, reader.BytesConsumed));
        reader.Seek(position);
        Assert.Equal(2, reader.BytesConsumed);
        Assert.True(reader.TryReadUInt16(out var second));
        Assert.Equal(2, second);
    }

    [Fact]
    public void A_position_of_another_reader_is_rejected()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Misuse((ref WireReader reader, WirePosition position) => reader.Seek(position)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Misuse((ref WireReader reader, WirePosition position) => reader.TryReadFixedAt(ref position, out int _)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Misuse((ref WireReader reader, WirePosition position) => reader.TryReadFixedAt(ref position, out byte _, out bool _)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Misuse((ref WireReader reader, WirePosition position) => reader.TryReadBytesAt(ref position, 0, 255, out _)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Misuse((ref WireReader reader, WirePosition position) => reader.TryReadBytesAt(ref position, 0, 0, out _)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Misuse((ref WireReader reader, WirePosition position) => reader.TryReadOptionalAt<int>(ref position, out _)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Misuse((ref WireReader reader, WirePosition position) => reader.TryReadMessageAt<TwinOwner>(ref position, out _)));
    }

    private delegate void Use(ref WireReader reader, WirePosition position);

    private static void Misuse(Use use)
    {
        var longer = new WireReader(new byte[64]);
        Assert.True(longer.TryReadBytes(60, 60, out _));
        var reader = new WireReader([1, 0, 0, 0]);
        use(ref reader, longer.Position);
    }

    private static void AssertSame(byte[] bytes)
    {
        var isMessage = WireSerializer.TryRead<Twin>(bytes, out _, out var expected);
        Assert.Equal(isMessage, WireSerializer.TryRead<View>(bytes, out _, out var actual));
        Assert.Equal(expected, actual);
        Assert.Equal(isMessage, WireSerializer.TryRead<PlainView>(bytes, out _, out actual));
        Assert.Equal(expected, actual);
    }

    [Message]
    private readonly ref partial struct View
    {
        [ByteLength(0, 255)]
        public ReadOnlySpan<byte> Title { get; init; }

        [ByteLength(4)]
        public ReadOnlySpan<byte> Digest { get; init; }

        public int Number { get; init; }

        public ViewOwner Owner { get; init; }

        public byte Level { get; init; }

        public DateTimeOffset At { get; init; }

        public int? Discount { get; init; }

        [ByteLength(0, 70_000)]
        public ReadOnlySpan<byte> Rest { get; init; }
    }

    [Message]
    private readonly ref partial struct ViewOwner
    {
        public bool IsOpen { get; init; }

        public Guid Id { get; init; }

        [ByteLength(1, 40)]
        public ReadOnlySpan<byte> Name { get; init; }
    }

    [Message]
    private ref partial struct PlainView
    {
        [ByteLength(0, 255)]
        public ReadOnlySpan<byte> Title;

        [ByteLength(4)]
        public ReadOnlySpan<byte> Digest;

        public int Number;

        public PlainViewOwner Owner;

        public byte Level;

        public DateTimeOffset At;

        public int? Discount;

        [ByteLength(0, 70_000)]
        public ReadOnlySpan<byte> Rest;
    }

    [Message]
    private ref partial struct PlainViewOwner
    {
        public bool IsOpen;

        public Guid Id;

        [ByteLength(1, 40)]
        public ReadOnlySpan<byte> Name;
    }

    [Message]
    private ref partial struct Marked
    {
        [ByteLength(0, 255)]
        public ReadOnlySpan<byte> Title;

        private bool _isMarked;

        public readonly bool IsMarked => _isMarked;

        public void Mark() => _isMarked = true;
    }

    // Like Finished of RFC 9846 section 4.5.3, whose length is determined by the message around it.
    [Message]
    private readonly ref partial struct Verification
    {
        [Remainder(2, 4)]
        public ReadOnlySpan<byte> Data { get; init; }
    }

    [Message]
    private sealed partial class Twin
    {
        [ByteLength(0, 255)]
        public required byte[] Title { get; init; }

        [ByteLength(4)]
        public required byte[] Digest { get; init; }

        public int Number { get; init; }

        public required TwinOwner Owner { get; init; }

        public byte Level { get; init; }

        public DateTimeOffset At { get; init; }

        public int? Discount { get; init; }

        [ByteLength(0, 70_000)]
        public required byte[] Rest { get; init; }
    }

    [Message]
    private sealed partial class TwinOwner
    {
        public bool IsOpen { get; init; }

        public Guid Id { get; init; }

        [ByteLength(1, 40)]
        public required byte[] Name { get; init; }
    }
}
