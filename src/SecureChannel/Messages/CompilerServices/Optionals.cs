using System.ComponentModel;
using System.Runtime.CompilerServices;
using SecureChannel.Messages;

namespace SecureChannel.CompilerServices;

/// <summary>
/// Methods that read and write an <c>optional&lt;T&gt;</c> (RFC 9420 section 2.1.1) of a UTF-8 string: a byte that is 0 or 1, then the string if the byte is 1.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Optionals
{
    /// <summary>Tries to read an optional string of <paramref name="min"/> to <paramref name="max"/> bytes. An absent string is null.</summary>
    /// <returns>True if the input contains the optional string; otherwise, false.</returns>
    public static bool TryReadOptional(this scoped ref WireReader reader, int min, int max, out string? value)
    {
        value = null;
        return reader.TryReadBoolean(out var isPresent) && (!isPresent || reader.TryReadString(min, max, out value));
    }

    /// <summary>Tries to read an optional string whose length is a variable-size integer. An absent string is null.</summary>
    /// <returns>True if the input contains the optional string; otherwise, false.</returns>
    public static bool TryReadOptional(this scoped ref WireReader reader, out string? value)
    {
        value = null;
        return reader.TryReadBoolean(out var isPresent) && (!isPresent || reader.TryReadString(out value));
    }

    /// <summary>Writes an optional string of <paramref name="min"/> to <paramref name="max"/> bytes.</summary>
    /// <exception cref="ArgumentException">The size is outside the bounds, or the string contains an unpaired surrogate.</exception>
    public static void WriteOptional(
        this scoped ref WireWriter writer, int min, int max, string? value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        writer.WriteBoolean(value is not null);
        if (value is not null)
            writer.WriteString(min, max, value, name);
    }

    /// <summary>Writes an optional string whose length is a variable-size integer.</summary>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes, or the string contains an unpaired surrogate.</exception>
    public static void WriteOptional(this scoped ref WireWriter writer, string? value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        writer.WriteBoolean(value is not null);
        if (value is not null)
            writer.WriteString(value, name);
    }
}
