using SecureChannel.Messages;

namespace SecureChannel.Tests.Messages;

public partial interface INest
{
    partial record struct InStruct
    {
        internal sealed partial class InClass<T>
        {
            [Message]
            internal sealed partial record Egg(byte Value);
        }
    }
}

[Message]
public sealed partial class PrivatelySet
{
    public int Number { get; private set; }

    public string Name { get; private init; } = "";

    public static PrivatelySet Create(int number, string name) => new() { Number = number, Name = name };
}

[Message]
public sealed partial class Mixture(byte first)
{
    public byte First { get; } = first;

    public required byte Second { get; init; }

    public byte Third { get; set; }

    internal byte Fourth;

    public int Sum => First + Second + Third + Fourth;
}

[Message]
public sealed partial class EvenNumber
{
    private int _value;

    public int Value
    {
        get => _value;
        set => _value = value % 2 == 0 ? value : throw new ArgumentException("the value is odd");
    }
}

[Message]
public readonly partial record struct Range32(int From, int To)
{
    public int To { get; init; } = To >= From ? To : throw new ArgumentException("the end is before the beginning");
}

[Message]
public sealed partial record Ranges(List<Range32> Spans, EvenNumber Step);

/// <summary>Tests of the forms of a C# type that can be a message. Rule SCH1002 rejects the others, such as a file-local type.</summary>
public sealed class DeclarationFormTests
{
    [Fact]
    public void A_message_can_be_nested_in_an_interface_a_struct_and_a_generic_class()
    {
        var egg = new INest.InStruct.InClass<string>.Egg(5);
        Assert.Equal([5], WireSerializer.ToArray(egg));
        Assert.Equal(egg, Read<INest.InStruct.InClass<string>.Egg>([5]));
    }

    [Fact]
    public void Private_setters_are_set()
    {
        var bytes = WireSerializer.ToArray(PrivatelySet.Create(7, "x"));
        Assert.Equal("00000007" + "0178", Convert.ToHexString(bytes));
        var read = Read<PrivatelySet>(bytes);
        Assert.Equal((7, "x"), (read.Number, read.Name));
    }

    [Fact]
    public void A_primary_constructor_required_members_properties_and_fields_can_be_combined()
    {
        var read = Read<Mixture>([1, 2, 3, 4]);
        Assert.Equal(((byte)1, (byte)2, (byte)3, (byte)4, 10), (read.First, read.Second, read.Third, read.Fourth, read.Sum));
        Assert.Equal([1, 2, 3, 4], WireSerializer.ToArray(read));
    }

    [Theory]
    [InlineData("08" + "00000001" + "00000000" + "00000002", 9, "Spans[0]", "the end is before the beginning")]
    [InlineData("08" + "00000001" + "00000002" + "00000003", 13, "Step", "the value is odd")]
    public void An_exception_of_a_constructor_or_setter_rejects_the_input_with_its_message(string hex, int offset, string path, string words)
    {
        Assert.False(WireSerializer.TryRead<Ranges>(Convert.FromHexString(hex), out _, out var error));
        Assert.Equal((offset, path, WireErrorReason.Rejected), (error.Offset, error.Path, error.Reason));
        Assert.Contains(words, error.ToString(), StringComparison.Ordinal);
    }

    private static T Read<T>(byte[] bytes)
        where T : IMessage<T>
    {
        Assert.True(WireSerializer.TryRead<T>(bytes, out var read, out var error), error.ToString());
        return read;
    }
}
