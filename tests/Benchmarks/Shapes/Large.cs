using MemoryPack;
using MessagePack;
using PolyType;
using ProtoBuf;
using NerdbankKey = Nerdbank.MessagePack.KeyAttribute;

namespace SecureChannel.Benchmarks.Shapes;

/// <summary>The large shape: a list of 100 medium shapes.</summary>
[Message, MemoryPackable, MessagePackObject, ProtoContract, GenerateShape]
public sealed partial class Large
{
    [Key(0), NerdbankKey(0), ProtoMember(1)]
    [ByteLength(0, 16_777_215)]
    public List<Medium> Orders { get; set; } = null!;

    public static Large Create() => new() { Orders = [.. Enumerable.Range(1, 100).Select(Medium.Create)] };
}
