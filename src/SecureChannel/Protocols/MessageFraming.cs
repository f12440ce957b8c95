using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using SecureChannel.Messages;

namespace SecureChannel.Protocols;

/// <summary>
/// The framing of coded messages in a byte stream: <c>varint code; opaque body&lt;V&gt;</c>. A varint is the minimal variable-size integer of RFC 9420
/// section 2.1.2.
/// </summary>
public static class MessageFraming
{
    /// <summary>The maximum code and the maximum body size: 2^30 - 1, the largest value of a varint.</summary>
    public const int MaxValue = (1 << 30) - 1;

    /// <summary>The default maximum size of a message body: 1 MiB.</summary>
    public const int DefaultMaxMessageSize = 1 << 20;

    /// <summary>Writes a message with its code and length.</summary>
    /// <typeparam name="TMessage">The type of the message.</typeparam>
    /// <param name="output">The destination.</param>
    /// <param name="message">The message to write.</param>
    /// <exception cref="ArgumentException">A field is outside its declared bounds. Nothing was written.</exception>
    public static void Write<TMessage>(IBufferWriter<byte> output, scoped in TMessage message)
        where TMessage : ICodedMessage<TMessage>, allows ref struct => Write(output, message, int.MaxValue);

    /// <summary>Writes a message with its code and length, in the given version of its protocol.</summary>
    /// <typeparam name="TMessage">The type of the message.</typeparam>
    /// <param name="output">The destination.</param>
    /// <param name="message">The message to write.</param>
    /// <param name="version">The version, at least 1. Fields that <see cref="SinceAttribute"/> assigns to a later version are not written.</param>
    /// <exception cref="ArgumentException">A field is outside its declared bounds. Nothing was written.</exception>
    public static void Write<TMessage>(IBufferWriter<byte> output, scoped in TMessage message, int version)
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        var lengthSize = 1;
        if (!TryWrite(output.GetSpan(), message, version, MaxValue, ref lengthSize, out var size))
            TryWrite(output.GetSpan(size), message, version, MaxValue, ref lengthSize, out size);
        output.Advance(size);
    }

    /// <summary>Tries to read the code and length that precede a body. Never throws, even if the received bytes are invalid.</summary>
    /// <param name="input">The received bytes, which may be incomplete.</param>
    /// <param name="maxMessageSize">The maximum size of a body, in bytes.</param>
    /// <param name="header">The code, and the sizes of the header and of the body, in bytes.</param>
    /// <returns><see cref="FrameStatus.Complete"/> if the whole header was received. The body may still be incomplete.</returns>
    public static FrameStatus TryReadHeader(ReadOnlySpan<byte> input, int maxMessageSize, out FrameHeader header)
    {
        header = default;
        var status = TryReadVarint(input, out var code, out var codeSize);
        if (status != FrameStatus.Complete)
            return status;
        status = TryReadVarint(input[codeSize..], out var bodySize, out var lengthSize);
        if (status != FrameStatus.Complete)
            return status;
        header = new FrameHeader(code, codeSize + lengthSize, bodySize);
        return bodySize <= maxMessageSize ? FrameStatus.Complete : FrameStatus.Refused;
    }

    /// <summary>Tries to write a message with its code and length, in one pass.</summary>
    /// <param name="destination">The destination.</param>
    /// <param name="message">The message to write.</param>
    /// <param name="version">The version of the protocol.</param>
    /// <param name="maxSize">The maximum size of a body that the peer receives, in bytes.</param>
    /// <param name="lengthSize">The expected size of the length field, in bytes. If the size differs, the body is moved and this value is corrected.</param>
    /// <param name="size">The number of bytes that were written, or that are needed.</param>
    /// <returns>True if the message fits in the destination; otherwise, false.</returns>
    /// <exception cref="ArgumentException">A field is outside its declared bounds, or the body is longer than the maximum.</exception>
    internal static bool TryWrite<TMessage>(Span<byte> destination, scoped in TMessage message, int version, int maxSize, ref int lengthSize, out int size)
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        WireSerializer.ThrowIfNull(in message);
        var bodyStart = GetVarintSize(TMessage.Code) + lengthSize;
        var writer = WireWriter.Try(destination.Length > bodyStart ? destination[bodyStart..] : default, version);
        TMessage.Write(ref writer, message);
        var bodySize = writer.BytesWritten;
        if ((uint)bodySize > (uint)maxSize)
            ThrowTooLong(typeof(TMessage).Name, bodySize, maxSize);

        lengthSize = GetVarintSize(bodySize);
        size = GetVarintSize(TMessage.Code) + lengthSize + bodySize;
        // A body that is empty needs no room, so that it may begin behind the destination.
        if (!writer.HasWritten || Math.Max(size, bodyStart) > destination.Length)
            return false;
        if (bodyStart + bodySize != size)
        {
            destination.Slice(bodyStart, bodySize).CopyTo(destination[(size - bodySize)..]);
            destination[size..Math.Max(size, bodyStart + bodySize)].Clear();
        }
        WriteVarint(destination, TMessage.Code);
        WriteVarint(destination[GetVarintSize(TMessage.Code)..], bodySize);
        return true;
    }

    internal static SessionError CreateError(FrameHeader header, int maxMessageSize, string limit = "'MaxMessageSize'") => new(
        SessionErrorKind.MalformedMessage,
        header.BodySize > maxMessageSize ? SessionErrorCode.MessageTooLarge : SessionErrorCode.Malformed,
        header.BodySize > maxMessageSize ? AlertDescription.GeneralError : AlertDescription.DecodeError,
        header.BodySize > maxMessageSize
        ? $"A message of {CountBytes(header.BodySize)} (code {header.Code}) was received; {limit} is {CountBytes(maxMessageSize)}."
        : "The code or length of a message is not a minimal variable-size integer (RFC 9420 section 2.1.2).");

    private static void ThrowTooLong(string type, int size, int maxSize) => throw new ArgumentException(
        maxSize == MaxValue
            ? $"'{type}' has {(uint)size} bytes, but a message can have at most {MaxValue}."
            : $"'{type}' has {size} bytes, but the peer receives messages of at most {CountBytes(maxSize)}. Increase 'MaxMessageSize' at the peer, or send the data in parts.");

    private static string CountBytes(int count) => count == 1 ? "1 byte" : $"{count} bytes";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int GetVarintSize(int value) => value switch
    {
        < 1 << 6 => 1,
        < 1 << 14 => 2,
        _ => 4,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteVarint(Span<byte> output, int value)
    {
        switch (GetVarintSize(value))
        {
            case 1:
                output[0] = (byte)value;
                return 1;
            case 2:
                BinaryPrimitives.WriteUInt16BigEndian(output, (ushort)(value | 0x4000));
                return 2;
            default:
                BinaryPrimitives.WriteUInt32BigEndian(output, (uint)value | 0x8000_0000);
                return 4;
        }
    }

    // Fast path: nearly all varints have one or two bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FrameStatus TryReadVarint(ReadOnlySpan<byte> input, out int value, out int size)
    {
        if (input.Length < 2 || input[0] >= 0x80)
            return TryReadAnyVarint(input, out value, out size);
        (value, size) = input[0] < 0x40 ? (input[0], 1) : (((input[0] & 0x3F) << 8) | input[1], 2);
        return size == 1 || value >= 1 << 6 ? FrameStatus.Complete : FrameStatus.Refused;
    }

    private static FrameStatus TryReadAnyVarint(ReadOnlySpan<byte> input, out int value, out int size)
    {
        (value, size) = (0, 0);
        if (input.IsEmpty)
            return FrameStatus.NeedMoreData;
        var prefix = input[0] >> 6;
        if (prefix == 3)
            return FrameStatus.Refused;
        size = 1 << prefix;
        if (input.Length < size)
            return FrameStatus.NeedMoreData;
        value = input[0] & 0x3F;
        for (var i = 1; i < size; i++)
            value = (value << 8) | input[i];
        // RFC 9420 section 2.1.2: "values MUST be encoded in the minimal number of bytes"
        return GetVarintSize(value) == size ? FrameStatus.Complete : FrameStatus.Refused;
    }
}

/// <summary>The header that precedes the body of a message.</summary>
/// <param name="Code">The code that identifies the message.</param>
/// <param name="HeaderSize">The size of the code and length fields, in bytes.</param>
/// <param name="BodySize">The size of the body that follows, in bytes.</param>
public readonly record struct FrameHeader(int Code, int HeaderSize, int BodySize);

/// <summary>The status of reading a frame.</summary>
public enum FrameStatus
{
    /// <summary>The received bytes are valid but incomplete.</summary>
    NeedMoreData,

    /// <summary>The frame is complete. For <see cref="MessageFraming.TryReadHeader"/>, only the header is complete.</summary>
    Complete,

    /// <summary>The received bytes are not a valid message, or the message exceeds the maximum size.</summary>
    Refused,
}
