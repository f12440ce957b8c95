using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SecureChannel.Messages;

public static partial class WireSerializer
{
    /// <summary>Reads a message that fills the whole input, in a certain version of its protocol. Never throws on input.</summary>
    /// <typeparam name="T">The message.</typeparam>
    /// <param name="bytes">The input; a message that is a ref struct refers to it.</param>
    /// <param name="version">The version: fields that <see cref="SinceAttribute"/> gives to a later one are not in the input.</param>
    /// <param name="message">The message.</param>
    /// <param name="error">Where and why the input was refused.</param>
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

    /// <summary>Reads a message that fills the whole input, which may lie in several pieces. Never throws on input.</summary>
    /// <typeparam name="T">The message.</typeparam>
    /// <param name="bytes">The input. One piece is read where it lies; several are copied into a rented buffer first.</param>
    /// <param name="message">The message.</param>
    /// <param name="error">Where and why the input was refused; its offset counts from the beginning of the first piece.</param>
    public static bool TryRead<T>(in ReadOnlySequence<byte> bytes, [MaybeNullWhen(false)] out T message, out WireError error)
        where T : IMessage<T> => TryRead(bytes, int.MaxValue, out message, out error);

    /// <summary>Reads a message that fills the whole input, which may lie in several pieces, in a certain version of its protocol. Never throws on input.</summary>
    /// <typeparam name="T">The message.</typeparam>
    /// <param name="bytes">The input. One piece is read where it lies; several are copied into a rented buffer first.</param>
    /// <param name="version">The version: fields that <see cref="SinceAttribute"/> gives to a later one are not in the input.</param>
    /// <param name="message">The message.</param>
    /// <param name="error">Where and why the input was refused; its offset counts from the beginning of the first piece.</param>
    public static bool TryRead<T>(in ReadOnlySequence<byte> bytes, int version, [MaybeNullWhen(false)] out T message, out WireError error)
        where T : IMessage<T>
    {
        if (bytes.IsSingleSegment)
            return TryRead(bytes.FirstSpan, version, out message, out error);
        if (bytes.Length > Array.MaxLength)
        {
            message = default;
            error = new WireError(0, "", WireErrorReason.LengthOutOfBounds) { Detail = $"an input of {bytes.Length} bytes is longer than {Array.MaxLength}" };
            return false;
        }

        var length = (int)bytes.Length;
        var whole = ArrayPool<byte>.Shared.Rent(length);
        bytes.CopyTo(whole);
        var isRead = TryRead(whole.AsSpan(0, length), version, out message, out error);
        // What was read may be a secret, and the next to rent the buffer is anybody.
        whole.AsSpan(0, length).Clear();
        ArrayPool<byte>.Shared.Return(whole);
        return isRead;
    }

    /// <summary>The exact number of bytes of a message in a certain version of its protocol.</summary>
    /// <param name="message">The message.</param>
    /// <param name="version">The version: fields that <see cref="SinceAttribute"/> gives to a later one are not written.</param>
    /// <exception cref="ArgumentException">A field lies outside its declared bound.</exception>
    public static int GetSize<T>(scoped in T message, int version)
        where T : IMessage<T>, allows ref struct
    {
        ThrowIfNull(in message);
        return WireWriter.Measure(message, version);
    }

    /// <summary>The bytes of a message in a certain version of its protocol.</summary>
    /// <param name="message">The message.</param>
    /// <param name="version">The version: fields that <see cref="SinceAttribute"/> gives to a later one are not written.</param>
    /// <exception cref="ArgumentException">A field lies outside its declared bound.</exception>
    public static byte[] ToArray<T>(scoped in T message, int version)
        where T : IMessage<T>, allows ref struct
    {
        var bytes = new byte[GetSize(message, version)];
        Write(bytes, message, version);
        return bytes;
    }

    /// <summary>Writes a message in a certain version of its protocol to the beginning of a span.</summary>
    /// <param name="destination">Where to write: room for <see cref="GetSize{T}(in T, int)"/> bytes.</param>
    /// <param name="message">The message.</param>
    /// <param name="version">The version: fields that <see cref="SinceAttribute"/> gives to a later one are not written.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="ArgumentException">A field lies outside its declared bound, or there is not enough room.</exception>
    public static int Write<T>(Span<byte> destination, scoped in T message, int version)
        where T : IMessage<T>, allows ref struct
    {
        ThrowIfNull(in message);
        var writer = new WireWriter(destination, version);
        T.Write(ref writer, message);
        return writer.Position;
    }

    /// <summary>Writes a message in a certain version of its protocol. Nothing is written if a field lies outside its declared bound.</summary>
    /// <param name="destination">Where to write.</param>
    /// <param name="message">The message.</param>
    /// <param name="version">The version: fields that <see cref="SinceAttribute"/> gives to a later one are not written.</param>
    /// <exception cref="ArgumentException">A field lies outside its declared bound.</exception>
    public static void Write<T>(IBufferWriter<byte> destination, scoped in T message, int version)
        where T : IMessage<T>, allows ref struct
    {
        ArgumentNullException.ThrowIfNull(destination);
        var size = GetSize(message, version);
        var writer = new WireWriter(destination.GetSpan(size)[..size], version);
        T.Write(ref writer, message);
        destination.Advance(writer.Position);
    }
}
