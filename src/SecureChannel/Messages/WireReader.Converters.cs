using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace SecureChannel.Messages;

public ref partial struct WireReader
{
    /// <summary>Reads a value by a converter; refuses bytes that the converter would not write for it.</summary>
    /// <typeparam name="TConverter">The converter.</typeparam>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="value">The value.</param>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever a converter throws on input refuses that input.")]
    public bool TryReadConverted<TConverter, T>([MaybeNullWhen(false)] out T value)
        where TConverter : IConverter<T>
    {
        var start = _position;
        try
        {
            if (!TConverter.TryRead(ref this, out value))
                return _error.Reason == WireErrorReason.None ? Fail(WireErrorReason.Rejected) : false;
            if (IsWrittenAs<TConverter, T>(value, _bytes[start.._position]))
                return true;
        }
        catch (Exception rejection)
        {
            value = default;
            return Fail(rejection);
        }

        return FailBack(_position - start, WireErrorReason.NotCanonical);
    }

    /// <summary>Reads a value by a converter as an element of a vector: it must have bytes, else a list of two bytes could have any number of elements.</summary>
    /// <typeparam name="TConverter">The converter.</typeparam>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="value">The value.</param>
    public bool TryReadConvertedElement<TConverter, T>([MaybeNullWhen(false)] out T value)
        where TConverter : IConverter<T>
    {
        var start = _position;
        return TryReadConverted<TConverter, T>(out value) && (_position > start || Fail(WireErrorReason.EmptyElement));
    }

    private readonly bool IsWrittenAs<TConverter, T>(T value, ReadOnlySpan<byte> bytes)
        where TConverter : IConverter<T>
    {
        var rented = bytes.Length > 256 ? ArrayPool<byte>.Shared.Rent(bytes.Length) : null;
        var written = rented is null ? stackalloc byte[256] : rented;
        var writer = WireWriter.Try(written[..bytes.Length], Version);
        TConverter.Write(ref writer, value);
        var isSame = writer.HasWritten && written[..writer.Position].SequenceEqual(bytes);
        if (rented is not null)
        {
            written[..bytes.Length].Clear();
            ArrayPool<byte>.Shared.Return(rented);
        }

        return isSame;
    }
}
