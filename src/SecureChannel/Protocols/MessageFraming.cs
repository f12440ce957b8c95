using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using SecureChannel.Messages;

namespace SecureChannel.Protocols;

/// <summary>
/// How coded messages follow each other in a stream of bytes: <c>varint code; opaque body&lt;V&gt;</c>, where a varint is the minimal variable-size integer
/// of RFC 9420 section 2.1.2.
/// </summary>
public static class MessageFraming
{
    /// <summary>The greatest code and the greatest size of a body: what a varint can carry, 2^30 - 1.</summary>
    public const int MaxValue = (1 << 30) - 1;

    /// <summary>The bound of a message's body where nothing else was chosen: 1 MiB.</summary>
    public const int DefaultMaxMessageSize = 1 << 20;

    /// <summary>Writes a message with its code and its length.</summary>
    /// <typeparam name="TMessage">The message.</typeparam>
    /// <param name="output">Where to write.</param>
    /// <param name="message">The message.</param>
    /// <exception cref="ArgumentException">A field lies outside its declared bound; nothing was written.</exception>
    public static void Write<TMessage>(IBufferWriter<byte> output, scoped in TMessage message)
        where TMessage : ICodedMessage<TMessage>, allows ref struct => Write(output, message, int.MaxValue);

    /// <summary>Writes a message with its code and its length, in a certain version of its protocol.</summary>
    /// <typeparam name="TMessage">The message.</typeparam>
    /// <param name="output">Where to write.</param>
    /// <param name="message">The message.</param>
    /// <param name="version">The version, 1 or more: fields that <see cref="SinceAttribute"/> gives to a later one are not written.</param>
    /// <exception cref="ArgumentException">A field lies outside its declared bound; nothing was written.</exception>
    public static void Write<TMessage>(IBufferWriter<byte> output, scoped in TMessage message, int version)
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        var lengthSize = 1;
        if (!TryWrite(output.GetSpan(), message, version, ref lengthSize, out var size))
            TryWrite(output.GetSpan(size), message, version, ref lengthSize, out size);
        output.Advance(size);
    }

    /// <summary>Reads the code and the length that precede a body. Never throws on input.</summary>
    /// <param name="input">The bytes that have arrived; they need not be complete.</param>
    /// <param name="maxMessageSize">The bound of a body in bytes.</param>
    /// <param name="header">Code, and sizes in bytes of the header itself and of the body after it.</param>
    /// <returns><see cref="FrameStatus.Complete"/> once the header, though perhaps not the body, is there.</returns>
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

    /// <summary>Writes a message with its code and its length, in one pass where there is room.</summary>
    /// <param name="destination">Where to write.</param>
    /// <param name="message">The message.</param>
    /// <param name="version">The version of the protocol.</param>
    /// <param name="lengthSize">How many bytes the length is expected to take: where that is wrong, the body is moved, and this is set right.</param>
    /// <param name="size">How many bytes were written, or are needed.</param>
    /// <returns>Whether there was room.</returns>
    /// <exception cref="ArgumentException">A field lies outside its declared bound.</exception>
    internal static bool TryWrite<TMessage>(Span<byte> destination, scoped in TMessage message, int version, ref int lengthSize, out int size)
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        WireSerializer.ThrowIfNull(in message);
        var bodyStart = GetVarintSize(TMessage.Code) + lengthSize;
        var writer = WireWriter.Try(destination.Length > bodyStart ? destination[bodyStart..] : default, version);
        TMessage.Write(ref writer, message);
        var bodySize = writer.BytesWritten;
        if ((uint)bodySize > MaxValue)
            throw new ArgumentException($"{typeof(TMessage).Name} takes {bodySize} bytes; a message has at most {MaxValue}.", nameof(message));

        lengthSize = GetVarintSize(bodySize);
        size = GetVarintSize(TMessage.Code) + lengthSize + bodySize;
        if (!writer.HasWritten || size > destination.Length)
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

    internal static SessionError Explain(FrameHeader header, int maxMessageSize) => new(SessionErrorKind.MalformedMessage, AlertDescription.DecodeError, header.BodySize > maxMessageSize
        ? $"a message of {header.BodySize} bytes (code {header.Code}) arrived; the limit is {maxMessageSize}"
        : "a message's code or length is not a minimal variable-size integer (RFC 9420 section 2.1.2)");

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

    // One byte or two is what nearly all are.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FrameStatus TryReadVarint(ReadOnlySpan<byte> input, out int value, out int size)
    {
        if (input.Length < 2 || input[0] >= 0x80)
            return TryReadOtherVarint(input, out value, out size);
        (value, size) = input[0] < 0x40 ? (input[0], 1) : (((input[0] & 0x3F) << 8) | input[1], 2);
        return size == 1 || value >= 1 << 6 ? FrameStatus.Complete : FrameStatus.Refused;
    }

    private static FrameStatus TryReadOtherVarint(ReadOnlySpan<byte> input, out int value, out int size)
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

/// <summary>What precedes the body of a message.</summary>
/// <param name="Code">What tells the message apart.</param>
/// <param name="HeaderSize">Size in bytes of code and length.</param>
/// <param name="BodySize">Size in bytes of the body that follows.</param>
public readonly record struct FrameHeader(int Code, int HeaderSize, int BodySize);

/// <summary>How far the reading of a frame has come.</summary>
public enum FrameStatus
{
    /// <summary>What has arrived is right so far, but not all of it.</summary>
    NeedMoreData,

    /// <summary>It is there.</summary>
    Complete,

    /// <summary>What has arrived cannot become a message.</summary>
    Refused,
}
