using MemoryPack;
using MessagePack;
using PolyType;
using ProtoBuf;
using NerdbankKey = Nerdbank.MessagePack.KeyAttribute;

namespace SecureChannel.Benchmarks.Shapes;

/// <summary>The small shape: an int, a long, a bool, a Guid and a string of 12 characters. Every contender that supports ordinary types writes this object.</summary>
[Message, MemoryPackable, MessagePackObject, ProtoContract, GenerateShape]
public sealed partial class Small
{
    [Key(0), NerdbankKey(0), ProtoMember(1)]
    public int Number { get; set; }

    [Key(1), NerdbankKey(1), ProtoMember(2)]
    public long Account { get; set; }

    [Key(2), NerdbankKey(2), ProtoMember(3)]
    public bool IsOpen { get; set; }

    [Key(3), NerdbankKey(3), ProtoMember(4)]
    public Guid Id { get; set; }

    [Key(4), NerdbankKey(4), ProtoMember(5)]
    [ByteLength(0, 64)]
    public string Name { get; set; } = null!;

    public static Small Create(int seed) => new()
    {
        Number = 1_000_003 * seed,
        Account = 1_000_000_007L * seed,
        IsOpen = seed % 2 == 1,
        Id = new Guid(seed, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
        Name = $"account {seed % 10_000:D4}",
    };
}

/// <summary>A view of the small shape.</summary>
[Message]
public ref partial struct SmallView
{
    public int Number;

    public long Account;

    public bool IsOpen;

    public Guid Id;

    [ByteLength(0, 64)]
    public ReadOnlySpan<byte> Name;
}
