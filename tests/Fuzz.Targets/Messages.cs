using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SecureChannel.Messages;

namespace SecureChannel.Fuzz;

// Together, these messages have every form of a field in the presentation language.
public enum Color : ushort
{
    Red = 1,
    Green = 2,
}

[ClosedEnum]
public enum Level : byte
{
    Low = 1,
    High = 2,
}

[Message]
public readonly partial record struct Scalars(
    byte A, sbyte B, ushort C, short D, uint E, int F, ulong G, long H, UInt128 I, Int128 J, bool K, Half L, float M, double N, Guid O, DateTimeOffset P, TimeSpan Q);

[Message]
public sealed partial record Mixed(
    [property: ByteLength(1, 64)] string Name, int Number, bool IsOpen, DateTimeOffset At, Color Color, int? Discount, string? Note, Level Level, Guid Id);

[Message]
public sealed partial record Vectors
{
    [ByteLength(2, 400)]
    public ushort[] Ids { get; init; } = [];

    public List<Mixed> Users { get; init; } = [];

    [ByteLength(0, 70_000)]
    public Scalars[] Table { get; init; } = [];

    public ImmutableArray<string> Tags { get; init; } = [];

    public List<byte[]>[] Nested { get; init; } = [];

    [ByteLength(0, 64)]
    public List<Color?>? Colors { get; init; }

    [ByteLength(4)]
    public ReadOnlyMemory<byte> Exact { get; init; } = new byte[4];

    public byte[] Free { get; init; } = [];
}

[Message]
public sealed partial record Tree(byte Value, Tree? Next, List<Tree> Children);

/// <summary>A view of the bytes of a <see cref="Copy"/>.</summary>
[Message]
public readonly ref partial struct View
{
    [ByteLength(4)]
    public ReadOnlySpan<byte> Random { get; init; }

    public Color Color { get; init; }

    public bool IsLast { get; init; }

    [ByteLength(1, 16)]
    public ReadOnlySpan<byte> Session { get; init; }

    public ReadOnlySpan<byte> Free { get; init; }
}

/// <summary>A message that copies the bytes of a <see cref="View"/>.</summary>
[Message]
public sealed partial record Copy(
    [property: ByteLength(4)] byte[] Random, Color Color, bool IsLast, [property: ByteLength(1, 16)] ReadOnlyMemory<byte> Session, byte[] Free);

[Message]
public sealed partial class Percent
{
    public Percent(byte value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 100);
        Value = value;
    }

    public byte Value { get; }
}

[Union(Tag = typeof(Color)), UnionCase<Red>(Color.Red), UnionCase<Green>(Color.Green)]
public abstract partial record Paint
{
    [UnknownCase]
    public sealed record Other(Color Tag, ReadOnlyMemory<byte> Content) : Paint;
}

[Message]
public sealed partial record Red(Percent Depth) : Paint;

[Message]
public sealed partial record Green(string Name, Paint? Over) : Paint;

[Message]
public sealed partial record Paints(List<Paint> Layers);

[Flags]
public enum Rights
{
    Read = 1,
    Write = 2,
    Own = 0x4000_0000,
}

[Message]
public sealed partial record Composites
{
    [ByteLength(0, 255)]
    public Dictionary<string, int> Prices { get; init; } = [];

    public ImmutableDictionary<Guid, List<string>> Groups { get; init; } = ImmutableDictionary<Guid, List<string>>.Empty;

    public (byte Number, string? Name, (bool, Half) Inner) Tuple { get; init; }

    public decimal Amount { get; init; }

    public DateOnly Day { get; init; }

    public TimeOnly? Hour { get; init; }

    [ClosedEnum]
    public Rights Rights { get; init; }

    [Converter<HostConverter>]
    public Uri Host { get; init; } = new("//h");

    [ByteLength(0, 40)]
    public Tree? Boxed { get; init; }

    public IReadOnlyList<(Level, sbyte)> Levels { get; init; } = [];

    public Page<Percent> Page { get; init; } = new([]);

    public Nothing[] Nothings { get; init; } = [];

    [ByteLength(0, 90), ElementByteLength(1, 9)]
    public List<byte[]> Pieces { get; init; } = [];

    public Sheet<Level> Sheet { get; init; } = new([], Level.Low);

    public Sheet<string>? Texts { get; init; }
}

[Message]
public readonly partial record struct Nothing;

[Message]
public sealed partial record Page<T>(T[] Items)
    where T : IMessage<T>;

[Message]
public sealed partial record Sheet<T>(List<T> Items, T Last);

/// <summary>A host name in lower case.</summary>
public sealed class HostConverter : IConverter<Uri>
{
    public static bool TryRead(scoped ref WireReader reader, [MaybeNullWhen(false)] out Uri value)
    {
        value = reader.TryReadString(1, 40, out var text) ? new Uri("//" + text.ToLowerInvariant(), UriKind.Relative) : null;
        return value is not null;
    }

    public static void Write(scoped ref WireWriter writer, Uri value)
    {
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteString(1, 40, value.OriginalString[2..]);
    }
}

[Message]
public sealed partial record Extended(byte Known, [property: Remainder] ReadOnlyMemory<byte> Rest);

[Message]
public sealed partial record Versioned(byte First, [property: Since(2)] string? Second = null, [property: Since(3)] int Third = 3);
