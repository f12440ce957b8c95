using System.Diagnostics.CodeAnalysis;

namespace SecureChannel.Messages;

/// <summary>
/// How values of a type that is not one's own travel; named by <see cref="ConverterAttribute{TConverter}"/>. What a converter reads and would write otherwise is
/// refused, so that a value has one encoding.
/// </summary>
/// <typeparam name="T">The type.</typeparam>
public interface IConverter<T>
{
    /// <summary>Reads a value. What it throws refuses the input, as does false, for which <see cref="WireReader.Fail(WireErrorReason)"/> tells why.</summary>
    /// <param name="reader">Where to read.</param>
    /// <param name="value">The value.</param>
    static abstract bool TryRead(scoped ref WireReader reader, [MaybeNullWhen(false)] out T value);

    /// <summary>Writes a value.</summary>
    /// <param name="writer">Where to write.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">The value cannot travel.</exception>
    static abstract void Write(scoped ref WireWriter writer, T value);
}
