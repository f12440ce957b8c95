using MemoryPack;
using MessagePack;
using PolyType;
using ProtoBuf;
using NerdbankKey = Nerdbank.MessagePack.KeyAttribute;

namespace SecureChannel.Benchmarks.Shapes;

/// <summary>The state of an order.</summary>
public enum OrderState : byte
{
    Open,
    Paid,
    Sent,
}

/// <summary>The medium shape: a string of 40 characters, 256 bytes, 32 ints, a nested small shape, an enum, a time stamp and an optional int.</summary>
[Message, MemoryPackable, MessagePackObject, ProtoContract, GenerateShape]
public sealed partial class Medium
{
    [Key(0), NerdbankKey(0), ProtoMember(1)]
    [ByteLength(0, 255)]
    public string Title { get; set; } = null!;

    [Key(1), NerdbankKey(1), ProtoMember(2)]
    [ByteLength(0, 65535)]
    public byte[] Content { get; set; } = null!;

    [Key(2), NerdbankKey(2), ProtoMember(3, IsPacked = true)]
    [ByteLength(0, 65535)]
    public int[] Numbers { get; set; } = null!;

    [Key(3), NerdbankKey(3), ProtoMember(4)]
    public Small Owner { get; set; } = null!;

    [Key(4), NerdbankKey(4), ProtoMember(5)]
    public OrderState State { get; set; }

    [Key(5), NerdbankKey(5), ProtoMember(6)]
    public DateTimeOffset At { get; set; }

    [Key(6), NerdbankKey(6), ProtoMember(7)]
    public int? Discount { get; set; }

    public static Medium Create(int seed) => new()
    {
        Title = $"forty characters, as long as the name {seed % 1000:D3}",
        Content = [.. Enumerable.Range(seed, 256).Select(value => (byte)value)],
        Numbers = [.. Enumerable.Range(0, 32).Select(value => (value + seed) * 40_503)],
        Owner = Small.Create(seed),
        State = (OrderState)(seed % 3),
        At = new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero).AddTicks(seed),
        Discount = seed % 4 == 0 ? null : seed,
    };
}

/// <summary>A view of the medium shape. It has fields, which the codec fills in place.</summary>
[Message]
public ref partial struct MediumView
{
    [ByteLength(0, 255)]
    public ReadOnlySpan<byte> Title;

    [ByteLength(0, 65535)]
    public ReadOnlySpan<byte> Content;

    [ByteLength(0, 65535)]
    public ReadOnlySpan<byte> Numbers;

    public SmallView Owner;

    public OrderState State;

    public DateTimeOffset At;

    public int? Discount;
}
