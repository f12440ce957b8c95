using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SecureChannel.Messages;

/// <summary>Messages to bytes and back. Safe for concurrent use.</summary>
// Its methods go into their callers: there the message's type is known, so that its codec is called directly, also where the message is a class.
public static partial class WireSerializer
{
    /// <summary>Reads a message that fills the whole input: trailing bytes are refused. Never throws on input.</summary>
    /// <typeparam name="T">The message.</typeparam>
    /// <param name="bytes">The input; a message that is a ref struct refers to it.</param>
    /// <param name="message">The message.</param>
    /// <param name="error">Where and why the input was refused.</param>
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

    /// <summary>The exact number of bytes of a message.</summary>
    /// <exception cref="ArgumentException">A field lies outside its declared bound.</exception>
    public static int GetSize<T>(scoped in T message)
        where T : IMessage<T>, allows ref struct
    {
        ThrowIfNull(in message);
        return T.GetSize(message);
    }

    /// <summary>The bytes of a message.</summary>
    /// <exception cref="ArgumentException">A field lies outside its declared bound.</exception>
    public static byte[] ToArray<T>(scoped in T message)
        where T : IMessage<T>, allows ref struct
    {
        var bytes = new byte[GetSize(message)];
        Write(bytes, message);
        return bytes;
    }

    /// <summary>Writes a message to the beginning of a span.</summary>
    /// <param name="destination">Where to write: room for <see cref="GetSize{T}(in T)"/> bytes.</param>
    /// <param name="message">The message.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="ArgumentException">A field lies outside its declared bound, or there is not enough room.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write<T>(Span<byte> destination, scoped in T message)
        where T : IMessage<T>, allows ref struct
    {
        ThrowIfNull(in message);
        var writer = new WireWriter(destination);
        T.Write(ref writer, message);
        return writer.Position;
    }

    /// <summary>Writes a message to a buffer. Nothing is written if a field lies outside its declared bound.</summary>
    /// <exception cref="ArgumentException">A field lies outside its declared bound.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<T>(IBufferWriter<byte> destination, scoped in T message)
        where T : IMessage<T>, allows ref struct
    {
        ArgumentNullException.ThrowIfNull(destination);
        ThrowIfNull(in message);
        // Mostly the buffer has room: then the message is gone through once. If not, the rest of it was measured.
        var writer = WireWriter.Try(destination.GetSpan());
        T.Write(ref writer, message);
        if (!writer.HasWritten)
        {
            var size = writer.Position;
            writer = new WireWriter(destination.GetSpan(size)[..size]);
            T.Write(ref writer, message);
        }

        destination.Advance(writer.Position);
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
