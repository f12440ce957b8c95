using System.Buffers.Binary;

namespace SecureChannel.Benchmarks.Channel;

/// <summary>A message with 64 bytes of fields.</summary>
[Message(1)]
public readonly partial record struct Tick(long Sequence, long Instrument, long Bid, long Ask, long BidSize, long AskSize, ulong Flags, long Time)
{
    public const int Size = 64;

    public static Tick Create(long sequence) => new(sequence, 4711, 100_00 + sequence, 100_25 + sequence, 300, 200, 1, 1_767_225_600_000 + sequence);

    /// <summary>Writes the fields by hand, with the same bytes as the codec.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64BigEndian(bytes, Sequence);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], Instrument);
        BinaryPrimitives.WriteInt64BigEndian(bytes[16..], Bid);
        BinaryPrimitives.WriteInt64BigEndian(bytes[24..], Ask);
        BinaryPrimitives.WriteInt64BigEndian(bytes[32..], BidSize);
        BinaryPrimitives.WriteInt64BigEndian(bytes[40..], AskSize);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[48..], Flags);
        BinaryPrimitives.WriteInt64BigEndian(bytes[56..], Time);
    }

    /// <summary>Reads the fields that <see cref="Write"/> has written.</summary>
    public static Tick Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt64BigEndian(bytes),
        BinaryPrimitives.ReadInt64BigEndian(bytes[8..]),
        BinaryPrimitives.ReadInt64BigEndian(bytes[16..]),
        BinaryPrimitives.ReadInt64BigEndian(bytes[24..]),
        BinaryPrimitives.ReadInt64BigEndian(bytes[32..]),
        BinaryPrimitives.ReadInt64BigEndian(bytes[40..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[48..]),
        BinaryPrimitives.ReadInt64BigEndian(bytes[56..]));
}
