using System.Buffers.Binary;
using System.Reflection;
using SecureChannel.Handshakes;
using SecureChannel.Messages;

namespace SecureChannel.Testing;

/// <summary>Reads and writes unprotected handshake messages on the wire, as an attacker can.</summary>
public static class HandshakeWire
{
    /// <summary>Returns the handshake messages, each with its header, in a stream of unprotected records.</summary>
    public static List<byte[]> Messages(ReadOnlySpan<byte> records)
    {
        var content = new List<byte>();
        while (!records.IsEmpty)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(records[3..]);
            content.AddRange(records.Slice(RecordFormat.HeaderLength, length));
            records = records[(RecordFormat.HeaderLength + length)..];
        }

        var messages = new List<byte[]>();
        for (ReadOnlySpan<byte> rest = content.ToArray(); !rest.IsEmpty; rest = rest[messages[^1].Length..])
            messages.Add(rest[..(4 + (int)(BinaryPrimitives.ReadUInt32BigEndian(rest) & 0xFFFFFF))].ToArray());
        return messages;
    }

    /// <summary>Creates an unprotected record.</summary>
    public static byte[] Record(RecordFormat format, byte contentType, params ReadOnlySpan<byte> content)
    {
        var record = new byte[RecordFormat.HeaderLength + content.Length];
        record[0] = contentType;
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(1), format.Version);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(3), (ushort)content.Length);
        content.CopyTo(record.AsSpan(RecordFormat.HeaderLength));
        return record;
    }

    /// <summary>Encodes a message with its header.</summary>
    public static byte[] Frame<TMessage>(scoped in TMessage message)
        where TMessage : ICodedMessage<TMessage>
    {
        var body = WireSerializer.ToArray(message);
        return [(byte)TMessage.Code, (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body];
    }

    /// <summary>Returns the record writer of an engine, to send records that the engine does not send.</summary>
    public static RecordWriter WriterOf(EngineEnd end) =>
        (RecordWriter)RecordsOf(end).GetType().GetProperty("Writer")!.GetValue(RecordsOf(end))!;

    /// <summary>Returns the write keys of an engine.</summary>
    public static TrafficKeys WriteKeysOf(EngineEnd end) =>
        (TrafficKeys)typeof(RecordWriter).GetField("_keys", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(WriterOf(end))!;

    private static object RecordsOf(EngineEnd end) =>
        typeof(ChannelEngine).GetField("_records", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(end.Engine)!;
}
