namespace SecureChannel.Generators.Tests.Messages.Random;

/// <summary>A type in a random declaration.</summary>
/// <param name="Name">The type as source.</param>
/// <param name="Make">The expression for a random value, in which <c>v</c> creates random values.</param>
/// <param name="Size">The size on the wire if all values have the same size; otherwise, -1.</param>
/// <param name="IsReference">True if the type is a reference type.</param>
/// <param name="MayBeEmpty">True if a value can have no bytes.</param>
/// <param name="IsOpenEnded">True if the type ends with a remainder.</param>
/// <param name="Attribute">The attributes of a field of the type.</param>
internal sealed record RandomType(
    string Name, string Make, int Size = -1, bool IsReference = false, bool MayBeEmpty = false, bool IsOpenEnded = false, string Attribute = "");

/// <summary>Creates random types of fields.</summary>
/// <param name="random">The source of random numbers.</param>
internal sealed class RandomTypes(System.Random random)
{
    private static readonly RandomType[] Values =
    [
        .. new[] { ("byte", 1), ("sbyte", 1), ("ushort", 2), ("short", 2), ("uint", 4), ("int", 4), ("ulong", 8), ("long", 8), ("System.UInt128", 16), ("System.Int128", 16), ("System.Guid", 16), ("System.TimeSpan", 8) }
            .Select(value => new RandomType(value.Item1, $"v.Bits<{value.Item1}>()", value.Item2)),
        new("bool", "v.Flag()", 1),
        new("System.DateTimeOffset", "v.Instant()", 8),
        new("System.DateOnly", "v.Day()", 4),
        new("System.TimeOnly", "v.Time()", 8),
        new("string", "v.Text(0, 70)", IsReference: true),
    ];

    private static readonly RandomType[] Inexact =
    [
        .. new[] { ("System.Half", 2), ("float", 4), ("double", 8) }.Select(value => new RandomType(value.Item1, $"v.Bits<{value.Item1}>()", value.Item2)),
        new("decimal", "v.Number()", 13),
        new("Tools.Cents", "new Tools.Cents(v.Bits<long>())"),
    ];

    private readonly List<RandomType> _enums = [];
    private readonly List<RandomType> _messages = [];

    public int Next(int count) => random.Next(count);

    public void AddEnum(RandomType type) => _enums.Add(type);

    public void AddMessage(RandomType type) => _messages.Add(type);

    /// <summary>Returns the type of a field, with its attributes.</summary>
    public RandomType Field() => Next(14) switch
    {
        12 => Sheet(Next(2) == 0 || _messages.Count == 0 ? Values[Next(Values.Length)] : _messages[Next(_messages.Count)]),
        13 => new RandomType("byte[][]", "v.Array(0, 3, () => v.Bytes(1, 9))", IsReference: true, Attribute: "ByteLength(0, 255), ElementByteLength(1, 9)"),
        0 => Text(Next(5), 5 + Next(300)),
        1 => Text(4, 4),
        2 => Bytes(Next(5), 5 + Next(300)),
        3 => Bytes(4, 4),
        4 => BoundedList(),
        5 => new RandomType("System.Uri", "new System.Uri(\"a:/\" + v.Next(1000))", IsReference: true, Attribute: "Converter<Tools.UriConverter>"),
        6 => new RandomType("Tools.Open", "(Tools.Open)(1 + v.Next(2))", 2, Attribute: "ClosedEnum"),
        7 when _messages.Count > 0 => Message() with { Attribute = "ByteLength(0, 0xFFFFFF)", MayBeEmpty = false },
        _ => Type(3),
    };

    /// <summary>Returns a type that can be anywhere in a field.</summary>
    public RandomType Type(int depth) => (depth == 0 ? Next(4) : Next(11)) switch
    {
        0 or 1 => Values[Next(Values.Length)],
        2 => Inexact[Next(Inexact.Length)],
        3 => _enums.Count > 0 ? _enums[Next(_enums.Count)] : Values[0],
        4 => Bytes(0, 40) with { Attribute = "" },
        5 => Optional(Type(depth - 1)),
        6 or 7 => List(Element(depth - 1)),
        8 => Tuple(depth - 1),
        9 => Map(Key(), Type(depth - 1)),
        _ => _messages.Count > 0 ? Message() : Values[0],
    };

    /// <summary>Returns a message, or a type of messages.</summary>
    public RandomType Message() => _messages[Next(_messages.Count)] is var message && message is { IsReference: true, MayBeEmpty: false, IsOpenEnded: false } && Next(4) == 0
        ? new RandomType($"Tools.Page<{message.Name}>", $"new Tools.Page<{message.Name}>(v.List(0, 2, () => {message.Make}), v.MaybeReference(() => {message.Make}), v.Bits<byte>())", IsReference: true)
        : message;

    private RandomType Sheet(RandomType argument) => argument.MayBeEmpty || argument.IsOpenEnded
        ? Sheet(Values[Next(Values.Length)])
        : new RandomType($"Tools.Sheet<{argument.Name}>", $"new Tools.Sheet<{argument.Name}>(v.Array(0, 2, () => {argument.Make}), {argument.Make})", IsReference: true);

    public static RandomType Optional(RandomType type) => type.Name.EndsWith('?')
        ? type
        : new RandomType(type.Name + "?", $"v.{(type.IsReference ? "MaybeReference" : "MaybeValue")}<{type.Name}>(() => {type.Make})");

    private RandomType Element(int depth)
    {
        var type = Type(depth);
        return type.MayBeEmpty ? Values[Next(Values.Length)] : type;
    }

    private RandomType Key() => Next(4) == 0 && _enums.Count > 0 ? _enums[Next(_enums.Count)] : Values[Next(Values.Length)];

    private static RandomType Text(int min, int max) => new("string", $"v.Text({min}, {max})", IsReference: true, Attribute: Bound(min, max));

    private RandomType Bytes(int min, int max) => Next(2) == 0
        ? new RandomType("byte[]", $"v.Bytes({min}, {max})", IsReference: true, Attribute: Bound(min, max))
        : new RandomType("System.ReadOnlyMemory<byte>", $"v.Bytes({min}, {max})", Attribute: Bound(min, max));

    private static string Bound(int min, int max) => min == max ? $"ByteLength({min})" : $"ByteLength({min}, {max})";

    private RandomType BoundedList()
    {
        var element = Next(2) == 0 ? Values[Next(Values.Length - 1)] : Tuple(0);
        if (element.Size <= 0)
            return List(Element(2)) with { Attribute = "ByteLength(0, 0xFFFFFF)" };
        var (min, max) = (Next(3), 3 + Next(3));
        return Next(3) == 0
            ? List(element, max, max) with { Attribute = $"ByteLength({max * element.Size})" }
            : List(element, min, max) with { Attribute = $"ByteLength({min * element.Size}, {(max + 1) * element.Size - 1})" };
    }

    private RandomType List(RandomType element, int min = 0, int max = 3) => Next(4) switch
    {
        0 => new RandomType($"{element.Name}[]", $"v.Array<{element.Name}>({min}, {max}, () => {element.Make})", IsReference: true),
        1 => new RandomType($"System.Collections.Generic.IReadOnlyList<{element.Name}>", $"v.Array<{element.Name}>({min}, {max}, () => {element.Make})", IsReference: true),
        2 => new RandomType($"System.Collections.Immutable.ImmutableArray<{element.Name}>", $"v.Immutable<{element.Name}>({min}, {max}, () => {element.Make})"),
        _ => new RandomType($"System.Collections.Generic.List<{element.Name}>", $"v.List<{element.Name}>({min}, {max}, () => {element.Make})", IsReference: true),
    };

    private static RandomType Plain(RandomType type) => type with { Attribute = "" };

    private RandomType Tuple(int depth)
    {
        var items = Enumerable.Range(0, 2 + Next(7)).Select(_ => Plain(Type(depth))).ToArray();
        var size = items.All(item => item.Size >= 0) ? items.Sum(item => item.Size) : -1;
        return new RandomType(
            $"({string.Join(", ", items.Select((item, i) => i % 2 == 0 ? $"{item.Name} Item{(char)('A' + i)}" : item.Name))})",
            $"({string.Join(", ", items.Select(item => item.Make))})",
            size,
            MayBeEmpty: items.All(item => item.MayBeEmpty));
    }

    private RandomType Map(RandomType key, RandomType value) => Next(3) switch
    {
        0 => new RandomType($"System.Collections.Immutable.ImmutableDictionary<{key.Name}, {value.Name}>", $"v.ImmutableMap<{key.Name}, {value.Name}>(() => {key.Make}, () => {value.Make})", IsReference: true),
        1 => new RandomType($"System.Collections.Generic.IReadOnlyDictionary<{key.Name}, {value.Name}>", $"v.Map<{key.Name}, {value.Name}>(() => {key.Make}, () => {value.Make})", IsReference: true),
        _ => new RandomType($"System.Collections.Generic.Dictionary<{key.Name}, {value.Name}>", $"v.Map<{key.Name}, {value.Name}>(() => {key.Make}, () => {value.Make})", IsReference: true),
    };
}
