using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using SecureChannel.Messages;

namespace SecureChannel.Tests.Messages;

public static partial class Refusable
{
    [Message]
    public sealed partial record Letter(
        [property: ByteLength(1, 4)] string Text,
        bool IsOpen,
        Level Level,
        byte[] More,
        List<Letter> Copies,
        Dictionary<byte, byte> Marks,
        DateOnly Day,
        Percent Share,
        List<Blank> Blanks,
        [property: Converter<LowerCase>] Uri Host);

    [Message]
    public readonly partial record struct Blank;

    [Message]
    public sealed partial class Chain
    {
        public Chain? Next { get; init; }
    }

    public sealed class LowerCase : IConverter<Uri>
    {
        public static bool TryRead(scoped ref WireReader reader, [MaybeNullWhen(false)] out Uri value)
        {
            value = reader.TryReadString(1, 40, out var text) ? new Uri(text.ToLowerInvariant(), UriKind.Relative) : null;
            return value is not null;
        }

        public static void Write(scoped ref WireWriter writer, Uri value) => writer.WriteString(1, 40, value.OriginalString);
    }
}

/// <summary>Tests of the offset, field and reason of every error.</summary>
public sealed class RefusalTests
{
    private const string Valid = "0161" + "01" + "01" + "00" + "00" + "00" + "00000000" + "05" + "00" + "0161";

    [Theory]
    [InlineData("0161" + "01" + "01" + "00" + "00" + "00" + "00000000" + "05" + "00" + "01", 14, "Host", WireErrorReason.Truncated)]
    [InlineData("00", 0, "Text", WireErrorReason.LengthOutOfBounds)]
    [InlineData("056162636465", 0, "Text", WireErrorReason.LengthOutOfBounds)]
    [InlineData("01ff", 1, "Text", WireErrorReason.InvalidText)]
    [InlineData("0161" + "02", 2, "IsOpen", WireErrorReason.NotBoolean)]
    [InlineData("0161" + "01" + "03", 3, "Level", WireErrorReason.UnknownValue)]
    [InlineData("0161" + "01" + "01" + "4000", 4, "More", WireErrorReason.NotMinimal)]
    [InlineData("0161" + "01" + "01" + "00" + "0f" + "0161" + "02", 8, "Copies[0].IsOpen", WireErrorReason.NotBoolean, "000000000000000000000000")]
    [InlineData("0161" + "01" + "01" + "00" + "1e" + Valid + "0161" + "01" + "03", 24, "Copies[1].Level", WireErrorReason.UnknownValue, "0000000000000000000000")]
    [InlineData("0161" + "01" + "01" + "00" + "00" + "04" + "0201" + "0101", 9, "Marks[1]", WireErrorReason.NotAscending)]
    [InlineData("0161" + "01" + "01" + "00" + "00" + "00" + "ffffffff", 7, "Day", WireErrorReason.OutOfRange)]
    [InlineData("0161" + "01" + "01" + "00" + "00" + "00" + "00000000" + "65", 12, "Share", WireErrorReason.Rejected)]
    [InlineData("0161" + "01" + "01" + "00" + "00" + "00" + "00000000" + "05" + "0100", 13, "Blanks[0]", WireErrorReason.EmptyElement)]
    [InlineData("0161" + "01" + "01" + "00" + "00" + "00" + "00000000" + "05" + "00" + "0141", 13, "Host", WireErrorReason.NotCanonical)]
    [InlineData(Valid + "00", 15, "", WireErrorReason.TrailingBytes)]
    public void An_error_has_offset_field_and_reason(string hex, int offset, string path, WireErrorReason reason, string more = "")
    {
        var bytes = Convert.FromHexString(hex + more);
        Assert.False(WireSerializer.TryRead<Refusable.Letter>(bytes, out var letter, out var error));
        Assert.Null(letter);
        Assert.Equal((offset, path, reason), (error.Offset, error.Path, error.Reason));
        Assert.StartsWith($"{(path.Length == 0 ? "The message" : $"'{path}'")} is invalid at byte {offset}: ", error.ToString(), StringComparison.Ordinal);
        Assert.False(WireSerializer.TryRead<Refusable.Letter>(new ReadOnlySequence<byte>(bytes), out _, out var ofSequence));
        Assert.Equal(error, ofSequence);
    }

    [Fact]
    public void A_message_that_is_nested_too_deep_is_rejected_at_its_offset()
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)1, WireReader.MaxDepth), 0];
        Assert.False(WireSerializer.TryRead<Refusable.Chain>(bytes, out _, out var error));
        Assert.Equal((WireReader.MaxDepth, WireErrorReason.TooDeep), (error.Offset, error.Reason));
        Assert.Equal(string.Join('.', Enumerable.Repeat("Next", WireReader.MaxDepth)), error.Path);
    }

    [Fact]
    public void The_valid_input_is_accepted()
    {
        var bytes = Convert.FromHexString(Valid);
        Assert.True(WireSerializer.TryRead<Refusable.Letter>(bytes, out var letter, out var error), error.ToString());
        Assert.Equal(bytes, WireSerializer.ToArray(letter));
    }

    [Fact]
    public void Every_reason_is_tested() =>
        Assert.Equal(
            Enum.GetValues<WireErrorReason>().Except([WireErrorReason.None, WireErrorReason.TooDeep]).Order(),
            typeof(RefusalTests).GetMethod(nameof(An_error_has_offset_field_and_reason))!
                .GetCustomAttributesData()
                .Where(attribute => attribute.AttributeType == typeof(InlineDataAttribute))
                .SelectMany(attribute => (IEnumerable<System.Reflection.CustomAttributeTypedArgument>)attribute.ConstructorArguments[0].Value!)
                .Where(argument => argument.ArgumentType == typeof(WireErrorReason))
                .Select(argument => (WireErrorReason)(int)argument.Value!)
                .Distinct()
                .Order());
}
