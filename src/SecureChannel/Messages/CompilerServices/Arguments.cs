using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SecureChannel.Messages;

namespace SecureChannel.CompilerServices;

/// <summary>
/// Methods that read and write a field whose type is a type argument of a generic message: a number, Boolean, UUID, time, string, byte array, enum or message.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Arguments
{
    /// <summary>Tries to read a value.</summary>
    /// <returns>True if the input contains the value; otherwise, false.</returns>
    /// <exception cref="NotSupportedException">The type cannot be a field of a message.</exception>
    public static bool TryReadArgument<T>(
        this scoped ref WireReader reader, [MaybeNullWhen(false)] out T value) => ValueCodec<T>.Instance.TryRead(ref reader, out value);

    /// <summary>Tries to read a value that is an element of a vector, and so must have at least one byte.</summary>
    /// <returns>True if the input contains the value; otherwise, false.</returns>
    /// <exception cref="NotSupportedException">The type cannot be a field of a message.</exception>
    public static bool TryReadArgumentElement<T>(this scoped ref WireReader reader, [MaybeNullWhen(false)] out T value)
    {
        var start = reader.BytesConsumed;
        return reader.TryReadArgument(out value) && (reader.BytesConsumed > start || reader.Fail(WireErrorReason.EmptyElement));
    }

    /// <summary>Writes a value.</summary>
    /// <exception cref="ArgumentException">The value is null.</exception>
    /// <exception cref="NotSupportedException">The type cannot be a field of a message.</exception>
    public static void WriteArgument<T>(this scoped ref WireWriter writer, T value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (value is null)
            WireWriter.ThrowNull<T>(name);
        ValueCodec<T>.Instance.Write(ref writer, value);
    }

    /// <summary>Writes a value that is an element of a vector.</summary>
    /// <exception cref="ArgumentException">The value is null, or has no bytes: a reader could not count such elements.</exception>
    /// <exception cref="NotSupportedException">The type cannot be a field of a message.</exception>
    public static void WriteArgumentElement<T>(this scoped ref WireWriter writer, T value)
    {
        var start = writer.BytesWritten;
        writer.WriteArgument(value, null);
        if (writer.BytesWritten == start)
            WireWriter.ThrowEmptyElement<T>();
    }
}
