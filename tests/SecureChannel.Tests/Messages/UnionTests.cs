using SecureChannel.Messages;

namespace SecureChannel.Tests.Messages;

/// <summary>An extension, which is a type and an opaque vector whose content the type determines (RFC 9846 section 4.2).</summary>
[Union(Tag = typeof(ExtensionType)), ByteLength(0, 0xFFFF)]
[UnionCase<MaxFragmentLength>(ExtensionType.MaxFragmentLength), UnionCase<Heartbeat>(ExtensionType.Heartbeat), UnionCase<Nineteen>((ExtensionType)19)]
public abstract partial record Extension
{
    [UnknownCase]
    public sealed record Other(ExtensionType Type, ReadOnlyMemory<byte> Data) : Extension
    {
        public ReadOnlyMemory<byte> Data { get; } = Data.Length == 13 ? throw new ArgumentException("13 bytes are unlucky.") : Data;
    }
}

public enum ExtensionType : ushort
{
    MaxFragmentLength = 1,
    Heartbeat = 15,
}

[Message]
public sealed partial record MaxFragmentLength(byte Code) : Extension;

[Message]
public sealed partial record Heartbeat : Extension;

[Message]
public sealed partial record Nineteen(ushort Value) : Extension;

[Message]
public sealed partial record Extensions([property: ByteLength(0, 0xFFFF)] List<Extension> Items);

[Union, UnionCase<Even>(0), UnionCase<Odd>(1), ByteLength(0, 255)]
public abstract partial record Parity;

[Message]
public sealed partial record Even(byte Value) : Parity;

[Message]
public sealed partial record Odd(byte Value) : Parity;

[Message]
public sealed partial record Wrapped([property: ByteLength(1, 255)] Even Inside, Odd Plain);

public sealed class UnionTests
{
    // RFC 9846 section 4.2 lists max_fragment_length as 1 (RFC 6066 section 4: one byte), status_request as 5 and heartbeat as 15.
    private const string Hex = "0012" + "0001000103" + "000f0000" + "000500050100000000";

    [Fact]
    public void A_case_is_the_content_of_a_vector_like_an_extension_of_TLS()
    {
        Assert.True(WireSerializer.TryRead<Extensions>(Convert.FromHexString(Hex), out var read, out var error), error.ToString());
        Assert.Equal(new MaxFragmentLength(3), read.Items[0]);
        Assert.Equal(new Heartbeat(), read.Items[1]);
        Assert.Equal("0100000000", Convert.ToHexString(Assert.IsType<Extension.Other>(read.Items[2]).Data.Span));
        Assert.Equal(Hex, Convert.ToHexStringLower(WireSerializer.ToArray(read)));
    }

    [Theory]
    [InlineData("0006" + "000100020300", 5 + 2, "Items[0]", WireErrorReason.TrailingBytes)]
    [InlineData("0004" + "00010000", 4 + 2, "Items[0].Code", WireErrorReason.Truncated)]
    [InlineData("0005" + "000f000100", 4 + 2, "Items[0]", WireErrorReason.TrailingBytes)]
    [InlineData("0004" + "00050001", 4 + 2, "Items[0]", WireErrorReason.Truncated)]
    [InlineData("0011" + "0005000d01020304050607080910111213", 17 + 2, "Items[0]", WireErrorReason.Rejected)]
    public void A_case_that_does_not_fill_its_vector_is_rejected(string hex, int offset, string path, WireErrorReason reason)
    {
        Assert.False(WireSerializer.TryRead<Extensions>(Convert.FromHexString(hex), out _, out var error));
        Assert.Equal((offset, path, reason), (error.Offset, error.Path, error.Reason));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(19)]
    public void An_unknown_case_with_a_declared_tag_is_not_written(int tag)
    {
        var refusal = Assert.Throws<ArgumentException>(() => WireSerializer.ToArray<Extension>(new Extension.Other((ExtensionType)tag, new byte[] { 1, 2 })));
        Assert.StartsWith($"The tag {tag} belongs to a declared case", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_union_without_an_unknown_case_rejects_an_undeclared_tag_at_its_offset()
    {
        Assert.Equal("010107", Convert.ToHexStringLower(WireSerializer.ToArray<Parity>(new Odd(7))));
        Assert.False(WireSerializer.TryRead<Parity>([2, 1, 7], out _, out var error));
        Assert.Equal((0, WireErrorReason.UnknownValue), (error.Offset, error.Reason));
        Assert.Equal("The message is invalid at byte 0: the union has no case with the tag 2.", error.ToString());
    }

    [Fact]
    public void A_message_with_bounds_is_the_content_of_a_vector()
    {
        Assert.Equal("010203", Convert.ToHexStringLower(WireSerializer.ToArray(new Wrapped(new Even(2), new Odd(3)))));
        Assert.False(WireSerializer.TryRead<Wrapped>([2, 2, 0, 3], out _, out var error));
        Assert.Equal((2, "Inside", WireErrorReason.TrailingBytes), (error.Offset, error.Path, error.Reason));
        Assert.False(WireSerializer.TryRead<Wrapped>([0, 3], out _, out error));
        Assert.Equal((0, "Inside", WireErrorReason.LengthOutOfBounds), (error.Offset, error.Path, error.Reason));
    }
}
