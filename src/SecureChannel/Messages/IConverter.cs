using System.Diagnostics.CodeAnalysis;

namespace SecureChannel.Messages;

/// <summary>
/// A codec for a type that is not a message, such as a type of another library. <see cref="ConverterAttribute{TConverter}"/> assigns the converter to a type or
/// a field. After the converter reads a value, bytes that differ from those that it writes for this value are rejected, so that each value has one encoding.
/// </summary>
/// <typeparam name="T">The type of the values.</typeparam>
public interface IConverter<T>
{
    /// <summary>Tries to read a value. If the method throws an exception, the input is rejected.</summary>
    /// <param name="reader">The reader. Call its <see cref="WireReader.Fail(WireErrorReason)"/> to set the reason before you return false.</param>
    /// <param name="value">The value.</param>
    /// <returns>True if the input contains the value; otherwise, false.</returns>
    static abstract bool TryRead(scoped ref WireReader reader, [MaybeNullWhen(false)] out T value);

    /// <summary>Writes a value.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">The value cannot be encoded.</exception>
    static abstract void Write(scoped ref WireWriter writer, T value);
}
