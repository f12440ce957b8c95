using System.Buffers;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SecureChannel.Messages;

namespace SecureChannel.CompilerServices;

/// <summary>Methods that read and write a value with an <see cref="IConverter{T}"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Converters
{
    private const int MaxStackBytes = 256;

    /// <summary>Tries to read a value. Rejects bytes that differ from those that the converter writes for the value.</summary>
    /// <returns>True if the input contains the value; otherwise, false.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "Every exception that a converter throws on input rejects that input.")]
    public static bool TryReadConverted<TConverter, T>(this scoped ref WireReader reader, [MaybeNullWhen(false)] out T value)
        where TConverter : IConverter<T>
    {
        var start = reader.BytesConsumed;
        try
        {
            if (!TConverter.TryRead(ref reader, out value))
                return reader.Error.Reason == WireErrorReason.None ? reader.Fail(WireErrorReason.Rejected) : false;
            if (IsWrittenAs<TConverter, T>(value, reader.Input[start..reader.BytesConsumed], reader.Version))
                return true;
        }
        catch (Exception rejection)
        {
            value = default;
            return reader.Fail(rejection);
        }

        return reader.FailBack(reader.BytesConsumed - start, WireErrorReason.NotCanonical);
    }

    /// <summary>
    /// Tries to read a value that is an element of a vector. An element must have at least one byte; otherwise, a short vector could have any number of
    /// elements.
    /// </summary>
    /// <returns>True if the input contains the value; otherwise, false.</returns>
    public static bool TryReadConvertedElement<TConverter, T>(this scoped ref WireReader reader, [MaybeNullWhen(false)] out T value)
        where TConverter : IConverter<T>
    {
        var start = reader.BytesConsumed;
        return reader.TryReadConverted<TConverter, T>(out value) && (reader.BytesConsumed > start || reader.Fail(WireErrorReason.EmptyElement));
    }

    /// <summary>Writes a value.</summary>
    /// <exception cref="ArgumentException">The value is null, or the converter cannot write it.</exception>
    public static void WriteConverted<TConverter, T>(this scoped ref WireWriter writer, T value, [CallerArgumentExpression(nameof(value))] string? name = null)
        where TConverter : IConverter<T>
    {
        if (value is null)
            WireWriter.ThrowNull<T>(name);
        TConverter.Write(ref writer, value);
    }

    /// <summary>Writes a value that is an element of a vector.</summary>
    /// <exception cref="ArgumentException">The value is null or has no bytes, or the converter cannot write it.</exception>
    public static void WriteConvertedElement<TConverter, T>(this scoped ref WireWriter writer, T value)
        where TConverter : IConverter<T>
    {
        var start = writer.BytesWritten;
        writer.WriteConverted<TConverter, T>(value, null);
        if (writer.BytesWritten == start)
            WireWriter.ThrowEmptyElement<T>();
    }

    private static bool IsWrittenAs<TConverter, T>(T value, ReadOnlySpan<byte> bytes, int version)
        where TConverter : IConverter<T>
    {
        var rented = bytes.Length > MaxStackBytes ? ArrayPool<byte>.Shared.Rent(bytes.Length) : null;
        var written = rented is null ? stackalloc byte[MaxStackBytes] : rented;
        var writer = WireWriter.Try(written[..bytes.Length], version);
        TConverter.Write(ref writer, value);
        var isSame = writer.HasWritten && written[..writer.BytesWritten].SequenceEqual(bytes);
        if (rented is not null)
        {
            written[..bytes.Length].Clear();
            ArrayPool<byte>.Shared.Return(rented);
        }

        return isSame;
    }
}
