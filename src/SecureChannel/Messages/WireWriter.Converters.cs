using System.Runtime.CompilerServices;

namespace SecureChannel.Messages;

public ref partial struct WireWriter
{
    /// <summary>Writes a value by a converter.</summary>
    /// <typeparam name="TConverter">The converter.</typeparam>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <exception cref="ArgumentException">The value cannot travel.</exception>
    public void WriteConverted<TConverter, T>(T value, [CallerArgumentExpression(nameof(value))] string? name = null)
        where TConverter : IConverter<T>
    {
        if (value is null)
            ThrowNull<T>(name);
        TConverter.Write(ref this, value);
    }

    /// <summary>Writes a value by a converter as an element of a vector.</summary>
    /// <typeparam name="TConverter">The converter.</typeparam>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <exception cref="ArgumentException">The value cannot travel, or has no bytes, so that its reader could not count it.</exception>
    public void WriteConvertedElement<TConverter, T>(T value)
        where TConverter : IConverter<T>
    {
        var start = _position;
        WriteConverted<TConverter, T>(value, null);
        if (_position == start)
            ThrowEmptyElement(typeof(T).Name);
    }
}
