using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SecureChannel.Messages;

public static partial class WireSerializer
{
    /// <summary>Tries to read a message, in a given version of its protocol. The message must fill the whole input. Never throws on invalid input.</summary>
    /// <typeparam name="T">The type of the message.</typeparam>
    /// <param name="bytes">The input. A message that is a ref struct refers to it.</param>
    /// <param name="version">The version. The input does not contain fields whose <see cref="SinceAttribute"/> names a later version.</param>
    /// <param name="message">The message.</param>
    /// <param name="error">The offset, field and reason of the failure.</param>
    /// <returns>True if the input contains the message and nothing else; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead<T>(ReadOnlySpan<byte> bytes, int version, [MaybeNullWhen(false)] out T message, out WireError error)
        where T : IMessage<T>, allows ref struct
    {
        var reader = new WireReader(bytes, version);
        if (reader.TryReadMessage(out message) && reader.TryEnd())
        {
            error = default;
            return true;
        }

        message = default;
        error = reader.Error;
        return false;
    }

    /// <summary>Tries to read a message. The message must fill the whole input, which can have several segments. Never throws on invalid input.</summary>
    /// <typeparam name="T">The type of the message.</typeparam>
    /// <param name="bytes">The input. Several segments are copied to a rented buffer first; a single segment is not copied.</param>
    /// <param name="message">The message.</param>
    /// <param name="error">The offset, field and reason of the failure. The offset counts from the beginning of the first segment.</param>
    /// <returns>True if the input contains the message and nothing else; otherwise, false.</returns>
    public static bool TryRead<T>(in ReadOnlySequence<byte> bytes, [MaybeNullWhen(false)] out T message, out WireError error)
        where T : IMessage<T> => TryRead(bytes, int.MaxValue, out message, out error);

    /// <summary>
    /// Tries to read a message, in a given version of its protocol. The message must fill the whole input, which can have several segments. Never throws on
    /// invalid input.
    /// </summary>
    /// <typeparam name="T">The type of the message.</typeparam>
    /// <param name="bytes">The input. Several segments are copied to a rented buffer first; a single segment is not copied.</param>
    /// <param name="version">The version. The input does not contain fields whose <see cref="SinceAttribute"/> names a later version.</param>
    /// <param name="message">The message.</param>
    /// <param name="error">The offset, field and reason of the failure. The offset counts from the beginning of the first segment.</param>
    /// <returns>True if the input contains the message and nothing else; otherwise, false.</returns>
    public static bool TryRead<T>(in ReadOnlySequence<byte> bytes, int version, [MaybeNullWhen(false)] out T message, out WireError error)
        where T : IMessage<T>
    {
        if (bytes.IsSingleSegment)
            return TryRead(bytes.FirstSpan, version, out message, out error);
        if (bytes.Length > Array.MaxLength)
        {
            message = default;
            var detail = $"the input has {bytes.Length} bytes, but can have at most {Array.MaxLength}";
            error = new WireError(0, "", WireErrorReason.LengthOutOfBounds) { Detail = detail };
            return false;
        }

        var length = (int)bytes.Length;
        var whole = ArrayPool<byte>.Shared.Rent(length);
        bytes.CopyTo(whole);
        var isRead = TryRead(whole.AsSpan(0, length), version, out message, out error);
        // The message may be secret, and the next user of the buffer is unknown.
        whole.AsSpan(0, length).Clear();
        ArrayPool<byte>.Shared.Return(whole);
        return isRead;
    }

    /// <summary>Gets the exact size of a message of a given version of its protocol.</summary>
    /// <typeparam name="T">The type of the message.</typeparam>
    /// <param name="message">The message.</param>
    /// <param name="version">The version. Fields whose <see cref="SinceAttribute"/> names a later version are not written.</param>
    /// <returns>The size in bytes.</returns>
    /// <exception cref="ArgumentException">A field is outside its declared bounds.</exception>
    public static int GetSize<T>(scoped in T message, int version)
        where T : IMessage<T>, allows ref struct
    {
        ThrowIfNull(in message);
        return WireWriter.Measure(message, version);
    }

    /// <summary>Writes a message of a given version of its protocol to a new array.</summary>
    /// <typeparam name="T">The type of the message.</typeparam>
    /// <param name="message">The message.</param>
    /// <param name="version">The version. Fields whose <see cref="SinceAttribute"/> names a later version are not written.</param>
    /// <returns>The bytes of the message.</returns>
    /// <exception cref="ArgumentException">A field is outside its declared bounds.</exception>
    public static byte[] ToArray<T>(scoped in T message, int version)
        where T : IMessage<T>, allows ref struct
    {
        var bytes = new byte[GetSize(message, version)];
        Write(bytes, message, version);
        return bytes;
    }

    /// <summary>Writes a message of a given version of its protocol to the beginning of a span.</summary>
    /// <typeparam name="T">The type of the message.</typeparam>
    /// <param name="destination">The destination, which must have room for <see cref="GetSize{T}(in T, int)"/> bytes.</param>
    /// <param name="message">The message.</param>
    /// <param name="version">The version. Fields whose <see cref="SinceAttribute"/> names a later version are not written.</param>
    /// <returns>The number of bytes that were written.</returns>
    /// <exception cref="ArgumentException">A field is outside its declared bounds, or the destination is too small.</exception>
    public static int Write<T>(Span<byte> destination, scoped in T message, int version)
        where T : IMessage<T>, allows ref struct
    {
        ThrowIfNull(in message);
        var writer = new WireWriter(destination, version);
        T.Write(ref writer, message);
        return writer.BytesWritten;
    }

    /// <summary>Writes a message of a given version of its protocol to a buffer. Nothing is written if a field is outside its declared bounds.</summary>
    /// <typeparam name="T">The type of the message.</typeparam>
    /// <param name="destination">The destination.</param>
    /// <param name="message">The message.</param>
    /// <param name="version">The version. Fields whose <see cref="SinceAttribute"/> names a later version are not written.</param>
    /// <exception cref="ArgumentException">A field is outside its declared bounds.</exception>
    public static void Write<T>(IBufferWriter<byte> destination, scoped in T message, int version)
        where T : IMessage<T>, allows ref struct
    {
        ArgumentNullException.ThrowIfNull(destination);
        var size = GetSize(message, version);
        var writer = new WireWriter(destination.GetSpan(size)[..size], version);
        T.Write(ref writer, message);
        destination.Advance(writer.BytesWritten);
    }
}
