using System.Diagnostics.CodeAnalysis;

namespace SecureChannel.Messages;

/// <summary>
/// The encoding of a type that is not a message, such as a type of another library. <see cref="ConverterAttribute{TConverter}"/> assigns it to a type or a
/// field. Bytes that the converter would not write for the value that it read are rejected, so that each value has one encoding.
/// </summary>
/// <typeparam name="T">The type of the values.</typeparam>
public interface IConverter<T>
{
    /// <summary>Tries to read a value. An exception rejects the input.</summary>
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
