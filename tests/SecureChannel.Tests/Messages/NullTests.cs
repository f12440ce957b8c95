using System.Buffers;
using System.Collections.Immutable;
using SecureChannel.Messages;

namespace SecureChannel.Tests.Messages;

[Message]
public sealed partial record Inner(byte Value);

[Message(9)]
public sealed partial record Everything
{
    [ByteLength(0, 40)]
    public string Text { get; set; } = "";

    public string Free { get; set; } = "";

    [ByteLength(0, 40)]
    public byte[] Bytes { get; set; } = [];

    public byte[] FreeBytes { get; set; } = [];

    public int[] Numbers { get; set; } = [];

    [ByteLength(0, 40)]
    public List<short> NumberList { get; set; } = [];

    public List<string> Texts { get; set; } = [];

    public Inner[] Messages { get; set; } = [];

    public List<Inner> MessageList { get; set; } = [];

    [ElementByteLength(0, 9)]
    public string[] Pieces { get; set; } = [];

    public IReadOnlyList<bool> Flags { get; set; } = [];

    public Dictionary<int, string> Map { get; set; } = [];

    public ImmutableDictionary<int, int> FixedMap { get; set; } = ImmutableDictionary<int, int>.Empty;

    public Inner Inner { get; set; } = new(1);

    [ByteLength(0, 40)]
    public Inner Boxed { get; set; } = new(2);

    public Paint Paint { get; set; } = new Red(3);

    [Converter<VersionConverter>]
    public Version Version { get; set; } = new(1, 2);

    public (string Name, int) Pair { get; set; } = ("", 0);

    public Sheet<string> Sheet { get; set; } = new([], "", 0);

    public string? Optional { get; set; }

    public ImmutableArray<int> Immutable { get; set; }

    public ReadOnlyMemory<byte> Memory { get; set; }
}

internal sealed class VersionConverter : IConverter<Version>
{
    public static bool TryRead(scoped ref WireReader reader, out Version value)
    {
        var isRead = reader.TryReadInt32(out var major);
        value = new Version(Math.Max(major, 0), 0);
        return isRead;
    }

    public static void Write(scoped ref WireWriter writer, Version value) => writer.WriteInt32(value.Major);
}

/// <summary>Tests of null in a field without '?': the exception has the names of type and field, and nothing is written.</summary>
public sealed class NullTests
{
    public static TheoryData<string, Action<Everything>> Nulls { get; } = new()
    {
        { "'Everything.Text'", everything => everything.Text = null! },
        { "'Everything.Free'", everything => everything.Free = null! },
        { "'Everything.Bytes'", everything => everything.Bytes = null! },
        { "'Everything.FreeBytes'", everything => everything.FreeBytes = null! },
        { "'Everything.Numbers'", everything => everything.Numbers = null! },
        { "'Everything.NumberList'", everything => everything.NumberList = null! },
        { "'Everything.Texts'", everything => everything.Texts = null! },
        { "'Everything.Messages'", everything => everything.Messages = null! },
        { "'Everything.MessageList'", everything => everything.MessageList = null! },
        { "'Everything.Flags'", everything => everything.Flags = null! },
        { "'Everything.Map'", everything => everything.Map = null! },
        { "'Everything.FixedMap'", everything => everything.FixedMap = null! },
        { "'Everything.Inner'", everything => everything.Inner = null! },
        { "'Everything.Boxed'", everything => everything.Boxed = null! },
        { "'Everything.Paint'", everything => everything.Paint = null! },
        { "'Everything.Version'", everything => everything.Version = null! },
        { "'Everything.Pair.Name'", everything => everything.Pair = (null!, 0) },
        { "'Sheet.First'", everything => everything.Sheet = new([], null!, 0) },
        { "An element of a list of 'Inner'", everything => everything.Messages = [null!] },
        { "An element of a list of 'Inner'", everything => everything.MessageList = [new Inner(1), null!] },
        { "An element of a list of 'String'", everything => everything.Sheet = new([null!], "", 0) },
        { "An element of a list of 'String'", everything => everything.Texts = [null!] },
        { "'piecesItem'", everything => everything.Pieces = [null!] },
        { "'MapEntry.Value'", everything => everything.Map = new() { [1] = null! } },
    };

    [Theory]
    [MemberData(nameof(Nulls), DisableDiscoveryEnumeration = true)]
    public void Null_in_a_field_without_a_question_mark_is_rejected_with_the_names_of_type_and_field(string name, Action<Everything> clear)
    {
        var everything = new Everything();
        clear(everything);
        var expected = $"{name} is null, but its declaration requires a value. Set the value, or declare it as nullable with '?'.";
        var buffer = new ArrayBufferWriter<byte>(1024);
        Assert.Equal(expected, Assert.Throws<ArgumentException>(() => WireSerializer.Write(buffer, everything)).Message);
        Assert.Equal(0, buffer.WrittenCount);
        Assert.Equal(expected, Assert.Throws<ArgumentException>(() => WireSerializer.ToArray(everything)).Message);
        Assert.Equal(expected, Assert.Throws<ArgumentException>(() => WireSerializer.GetSize(everything, 1)).Message);
    }

    [Fact]
    public void Nullable_fields_can_be_null_and_structs_can_be_default() =>
        Assert.Equal(WireSerializer.ToArray(new Everything { Immutable = [], Memory = Array.Empty<byte>() }), WireSerializer.ToArray(new Everything()));

    [Fact]
    public void A_null_message_is_a_null_argument()
    {
        Assert.Equal("message", Assert.Throws<ArgumentNullException>(() => WireSerializer.ToArray((Inner)null!)).ParamName);
        Assert.Equal("message", Assert.Throws<ArgumentNullException>(() => WireSerializer.GetSize((Inner)null!)).ParamName);
        Assert.Equal("message", Assert.Throws<ArgumentNullException>(() => WireSerializer.Write(new byte[9], (Inner)null!)).ParamName);
        Assert.Equal("message", Assert.Throws<ArgumentNullException>(() => WireSerializer.Write(new ArrayBufferWriter<byte>(), (Inner)null!)).ParamName);
        Assert.Equal("message", Assert.Throws<ArgumentNullException>(() => WireSerializer.Write(new byte[9], (Inner)null!, 1)).ParamName);
        Assert.Equal("message", Assert.Throws<ArgumentNullException>(() => SecureChannel.Protocols.MessageFraming.Write(new ArrayBufferWriter<byte>(), (Everything)null!)).ParamName);
    }

    [Fact]
    public void A_field_outside_its_bounds_is_rejected_with_the_names_of_type_and_field() => Assert.Equal(
        "'Everything.Text' has 41 bytes, but must have 0 to 40.",
        Assert.Throws<ArgumentException>(() => WireSerializer.ToArray(new Everything { Text = new string('a', 41) })).Message);
}
