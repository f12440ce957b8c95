using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using SecureChannel.Messages;
using SecureChannel.Protocols;

namespace SecureChannel.Tests.Protocols;

/// <summary>A message with a hand-written codec: a sensor number, and a value in decimal digits.</summary>
public readonly record struct Reading(byte Sensor, decimal Value) : ICodedMessage<Reading>
{
    private const int MaxDigits = 12;

    public static int Code => 'r';

    public static bool TryRead(scoped ref WireReader reader, [MaybeNullWhen(false)] out Reading message)
    {
        message = default;
        if (!reader.TryReadByte(out var sensor) || !reader.TryReadRemainder(out var digits))
            return reader.FailAt(nameof(Sensor));
        if (digits.Length > MaxDigits || !decimal.TryParse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            return reader.Fail(WireErrorReason.OutOfRange) || reader.FailAt(nameof(Value));
        message = new Reading(sensor, value);
        return true;
    }

    public static void Write(scoped ref WireWriter writer, scoped in Reading message)
    {
        Span<byte> digits = stackalloc byte[MaxDigits];
        if (!message.Value.TryFormat(digits, out var length, "0.##", CultureInfo.InvariantCulture))
            throw new ArgumentException("The value has too many digits.", nameof(message));
        writer.WriteByte(message.Sensor);
        writer.WriteRemainder(0, MaxDigits, digits[..length]);
    }
}

/// <summary>Requests the reading of a sensor.</summary>
[Message('p')]
public readonly partial record struct Poll(byte Sensor);

/// <summary>Ends the protocol.</summary>
[Message('q')]
public readonly partial record struct Quit;

/// <summary>A protocol that polls a meter, with a custom packet format.</summary>
[Protocol("meter/1")]
internal enum Meter
{
    [Client<Poll>(Polled)]
    [Client<Quit>(Closed)]
    Idle,

    [Server<Reading>(Idle)]
    Polled,

    [Final]
    Closed,
}

/// <summary>A custom framing: the size of the rest as 16 bits, little-endian, then a code of one byte, then the body.</summary>
internal class LittleEndianFraming : StreamFraming
{
    public override void Write<TMessage>(IBufferWriter<byte> output, scoped in TMessage message)
    {
        var body = WireSerializer.GetSize(message);
        var packet = output.GetSpan(3 + body);
        BinaryPrimitives.WriteUInt16LittleEndian(packet, (ushort)(1 + body));
        packet[2] = (byte)TMessage.Code;
        WireSerializer.Write(packet[3..], message);
        output.Advance(3 + body);
    }

    public override FrameStatus TryRead(Memory<byte> input, int maxMessageSize, out int consumed, out ReceivedMessage message, out string? error)
    {
        (consumed, message, error) = (0, default, null);
        if (input.Length < 2)
            return FrameStatus.NeedMoreData;
        var size = BinaryPrimitives.ReadUInt16LittleEndian(input.Span);
        if (size == 0 || size - 1 > maxMessageSize)
        {
            error = $"a packet of {size} bytes";
            return FrameStatus.Refused;
        }

        if (input.Length < 2 + size)
            return FrameStatus.NeedMoreData;
        message = new ReceivedMessage(input.Span[2], input.Slice(3, size - 1));
        consumed = 2 + size;
        return FrameStatus.Complete;
    }
}
