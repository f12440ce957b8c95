using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SecureChannel.Messages;

/// <summary>The serializer that converts messages to bytes and back. Safe for concurrent use.</summary>
// The methods are inlined: their callers know the type of the message, so that its codec is called directly, even if the message is a class.
public static partial class WireSerializer
{
    /// <summary>Tries to read a message that fills the whole input: trailing bytes are rejected. Never throws on invalid input.</summary>
    /// <typeparam name="T">The type of the message.</typeparam>
    /// <param name="bytes">The input. A message that is a ref struct refers to it.</param>
    /// <param name="message">The message.</param>
    /// <param name="error">The offset, field and reason of the failure.</param>
    /// <returns>True if the input contains the message and nothing else; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead<T>(ReadOnlySpan<byte> bytes, [MaybeNullWhen(false)] out T message, out WireError error)
        where T : IMessage<T>, allows ref struct
    {
        var reader = new WireReader(bytes);
        if (reader.TryReadMessage(out message) && reader.TryEnd())
        {
            error = default;
            return true;
        }

        message = default;
        error = reader.Error;
        return false;
    }

    /// <summary>Gets the exact size of a message.</summary>
    /// <typeparam name="T">The type of the message.</typeparam>
    /// <param name="message">The message.</param>
    /// <returns>The size in bytes.</returns>
    /// <exception cref="ArgumentException">A field is outside its declared bounds.</exception>
    public static int GetSize<T>(scoped in T message)
        where T : IMessage<T>, allows ref struct
    {
        ThrowIfNull(in message);
        return T.GetSize(message);
    }

    /// <summary>Writes a message to a new array.</summary>
    /// <typeparam name="T">The type of the message.</typeparam>
    /// <param name="message">The message.</param>
    /// <returns>The bytes of the message.</returns>
    /// <exception cref="ArgumentException">A field is outside its declared bounds.</exception>
    public static byte[] ToArray<T>(scoped in T message)
        where T : IMessage<T>, allows ref struct
    {
        var bytes = new byte[GetSize(message)];
        Write(bytes, message);
        return bytes;
    }

    /// <summary>Writes a message to the beginning of a span.</summary>
    /// <typeparam name="T">The type of the message.</typeparam>
    /// <param name="destination">The destination, which must have room for <see cref="GetSize{T}(in T)"/> bytes.</param>
    /// <param name="message">The message.</param>
    /// <returns>The number of bytes that were written.</returns>
    /// <exception cref="ArgumentException">A field is outside its declared bounds, or the destination is too small.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write<T>(Span<byte> destination, scoped in T message)
        where T : IMessage<T>, allows ref struct
    {
        ThrowIfNull(in message);
        var writer = new WireWriter(destination);
        T.Write(ref writer, message);
        return writer.BytesWritten;
    }

    /// <summary>Writes a message to a buffer. Nothing is written if a field is outside its declared bounds.</summary>
    /// <typeparam name="T">The type of the message.</typeparam>
    /// <param name="destination">The destination.</param>
    /// <param name="message">The message.</param>
    /// <exception cref="ArgumentException">A field is outside its declared bounds.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<T>(IBufferWriter<byte> destination, scoped in T message)
        where T : IMessage<T>, allows ref struct
    {
        ArgumentNullException.ThrowIfNull(destination);
        ThrowIfNull(in message);
        // Usually the buffer has room, and the message is written in one pass. Otherwise, the first pass measures it.
        var writer = WireWriter.Try(destination.GetSpan());
        T.Write(ref writer, message);
        if (!writer.HasWritten)
        {
            var size = writer.BytesWritten;
            writer = new WireWriter(destination.GetSpan(size)[..size]);
            T.Write(ref writer, message);
        }

        destination.Advance(writer.BytesWritten);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void ThrowIfNull<T>(scoped ref readonly T message)
        where T : allows ref struct
    {
        if (WireWriter.IsNull(in message))
            ThrowNull();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowNull() => throw new ArgumentNullException("message");
}
