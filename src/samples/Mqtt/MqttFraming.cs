using System.Buffers;
using SecureChannel.Messages;
using SecureChannel.Protocols;

namespace Samples.Mqtt311;

/// <summary>
/// The fixed header of MQTT 3.1.1 (section 2.2): a byte with type and flags, and the remaining length in groups of 7 bits, least significant first. The flags
/// of a PUBLISH packet become the first byte of the message body, where they are an ordinary field.
/// </summary>
public sealed class MqttFraming : StreamFraming
{
    /// <summary>The maximum remaining length in bytes (section 2.2.3).</summary>
    public const int MaxRemainingLength = 268_435_455;

    private const int Publish = 3;
    private const int QualityBits = 0x06;
    private const int FlagBits = 0x09;

    /// <summary>The packet types from 0 to 15, of which the first and the last are reserved (section 2.2.1), and their flags (section 2.2.2).</summary>
    private static readonly (string? Name, int Flags)[] Types =
    [
        (null, 0), ("CONNECT", 0), ("CONNACK", 0), ("PUBLISH", 0), ("PUBACK", 0), ("PUBREC", 0), ("PUBREL", 2), ("PUBCOMP", 0),
        ("SUBSCRIBE", 2), ("SUBACK", 0), ("UNSUBSCRIBE", 2), ("UNSUBACK", 0), ("PINGREQ", 0), ("PINGRESP", 0), ("DISCONNECT", 0), (null, 0),
    ];

    /// <inheritdoc/>
    public override void Write<TMessage>(IBufferWriter<byte> output, scoped in TMessage message)
    {
        ArgumentNullException.ThrowIfNull(output);
        var size = TMessage.GetSize(message);
        var flagsSize = TMessage.Code >> 4 == Publish ? 1 : 0;
        var remaining = size - flagsSize;
        if (remaining > MaxRemainingLength)
            throw new ArgumentException($"The packet has {remaining} bytes; MQTT allows at most {MaxRemainingLength}.", nameof(message));
        var headerSize = 1 + LengthSize(remaining);
        var packet = output.GetSpan(headerSize + remaining)[..(headerSize + remaining)];
        // The flags of a PUBLISH are written over the last byte of the header, and are then copied into the first byte.
        WireSerializer.Write(packet[(headerSize - flagsSize)..], message);
        packet[0] = (byte)(TMessage.Code | (flagsSize == 1 ? packet[headerSize - 1] & FlagBits : 0));
        WriteLength(packet[1..headerSize], remaining);
        output.Advance(packet.Length);
    }

    /// <inheritdoc/>
    public override FrameStatus TryRead(Memory<byte> input, int maxMessageSize, out int consumed, out ReceivedMessage message, out string? error)
    {
        (consumed, message) = (0, default);
        var bytes = input.Span;
        error = bytes.IsEmpty ? null : CheckFirst(bytes[0]);
        if (error is not null)
            return FrameStatus.Refused;
        var (remaining, headerSize) = (0, 1);
        for (var shift = 0; ; shift += 7)
        {
            if (shift > 21)
                return Refuse("the remaining length has more than four bytes (MQTT 3.1.1 section 2.2.3)", out error);
            if (headerSize >= bytes.Length)
                return FrameStatus.NeedMoreData;
            var part = bytes[headerSize++];
            remaining |= (part & 0x7F) << shift;
            if (part < 0x80)
                break;
        }

        if (remaining > maxMessageSize)
            return Refuse($"a packet has {remaining} bytes; the limit is {maxMessageSize}", out error);
        if (bytes.Length - headerSize < remaining)
            return FrameStatus.NeedMoreData;
        consumed = headerSize + remaining;
        int code = bytes[0];
        if (code >> 4 == Publish)
        {
            bytes[headerSize - 1] = (byte)(code & FlagBits);
            message = new ReceivedMessage(code & ~FlagBits, input.Slice(headerSize - 1, remaining + 1));
        }
        else
        {
            message = new ReceivedMessage(code, input.Slice(headerSize, remaining));
        }

        return FrameStatus.Complete;
    }

    private static string? CheckFirst(int code)
    {
        var (name, flags) = Types[code >> 4];
        if (name is null)
            return $"packet type {code >> 4} is reserved (MQTT 3.1.1 section 2.2.1)";
        if (code >> 4 == Publish)
        {
            if ((code & QualityBits) == QualityBits)
                return "a PUBLISH packet has the invalid QoS 3 (MQTT 3.1.1 section 3.3.1.2)";
            return (code & QualityBits) == 0 && ((PublishFlags)code).HasFlag(PublishFlags.Duplicate)
                ? "a PUBLISH packet with QoS 0 has the duplicate flag (MQTT 3.1.1 section 3.3.1.1)"
                : null;
        }

        return (code & 0xF) == flags ? null : $"a {name} packet must have the flags {flags:b4}, but has {code & 0xF:b4} (MQTT 3.1.1 section 2.2.2)";
    }

    private static FrameStatus Refuse(string reason, out string? error)
    {
        error = reason;
        return FrameStatus.Refused;
    }

    private static int LengthSize(int value) => value switch
    {
        < 1 << 7 => 1,
        < 1 << 14 => 2,
        < 1 << 21 => 3,
        _ => 4,
    };

    private static void WriteLength(Span<byte> output, int value)
    {
        for (var index = 0; index < output.Length; index++)
        {
            output[index] = (byte)((value & 0x7F) | (index + 1 < output.Length ? 0x80 : 0));
            value >>= 7;
        }
    }
}
