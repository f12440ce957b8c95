// CA1051: public fields are fields of a message.
#pragma warning disable CA1051
using System.Collections.Immutable;

namespace SecureChannel.Tests.Messages;

public enum Color : ushort
{
    Red = 1,
    Green = 0x0203,
}

[ClosedEnum]
public enum Level : byte
{
    Low = 1,
    High = 2,
}

[Message(1)]
public readonly partial record struct Numbers(
    byte A, sbyte B, ushort C, short D, uint E, int F, ulong G, long H, UInt128 I, Int128 J, bool K, Half L, float M, double N);

[Message(2)]
public readonly partial record struct Named(Guid Id, DateTimeOffset At, TimeSpan For, Color Color, Level Level);

[Message(3)]
public sealed partial record Login([property: ByteLength(1, 64)] string User, [ByteLength(0, 300)] string Token, string Note);

[Message]
public sealed partial record Blob(
    [property: ByteLength(4)] byte[] Exact, [property: ByteLength(0, 70000)] ReadOnlyMemory<byte> Bounded, byte[] Free);

[Message(4)]
public readonly ref partial struct InPlace
{
    [ByteLength(4)]
    public ReadOnlySpan<byte> Random { get; init; }

    public required Color Color { get; init; }

    [ByteLength(1, 16)]
    public ReadOnlySpan<byte> Session { get; init; }
}

[Message]
public readonly ref partial struct Constructed(ReadOnlySpan<byte> head, ushort version)
{
    [ByteLength(2)]
    public ReadOnlySpan<byte> Head { get; } = head;

    public ushort Version { get; } = version;

    public int HeadLength => Head.Length;
}

[Message]
public readonly ref partial struct Outer(Constructed inner, byte tail)
{
    public Constructed Inner { get; } = inner;

    public readonly byte Tail = tail;
}

[Message]
public partial class User
{
    public required string Name { get; set; }

    public int? Age { get; set; }

    public string? Mail;
}

[Message(5)]
public sealed partial record Roster
{
    [ByteLength(2, 400)]
    public ushort[] Ids { get; init; } = [];

    public List<User> Users { get; init; } = [];

    public ImmutableArray<string> Tags { get; init; } = [];

    public List<byte[]>[] Nested { get; init; } = [];

    [ByteLength(0, 64)]
    public List<Color?>? Colors { get; init; }

    public int Count => Users.Count;
}

[Message]
public sealed partial class Tree
{
    public byte Value { get; init; }

    public Tree? Next { get; init; }
}

[Message]
public readonly partial record struct Nothing;

[Message]
public sealed partial record Nothings(List<Nothing> Items);

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

[Message]
public sealed partial record Report(Percent[] Shares);

[Message]
internal readonly partial record struct Hidden(int Reader, int Message, int Writer, int @class, int? Note, bool HasNote, int NoteValue);

public static partial class Container
{
    [Message(6)]
    public readonly partial record struct Inside(int Code, Inside.Color Tint)
    {
        public enum Color : byte
        {
            Blue,
        }
    }
}

[Message]
public readonly partial record struct Page<T>(T Content, byte Number)
    where T : SecureChannel.Messages.IMessage<T>;

[Union, UnionCase<Shape.Circle>(1), UnionCase<Square>(7)]
public abstract partial record Shape
{
    [Message]
    public sealed partial record Circle(ushort Radius) : Shape;
}

[Message]
public sealed partial record Square(byte Side, string Label) : Shape;

[Message(8), Union(Tag = typeof(Color)), UnionCase<Red>(Color.Red), UnionCase<Green>(Color.Green)]
public abstract partial record Paint
{
    [UnknownCase]
    public sealed record Other(Color Tag, ReadOnlyMemory<byte> Content) : Paint;
}

[Message]
public sealed partial record Red(byte Depth) : Paint;

[Message]
public sealed partial record Green(string Name) : Paint;
