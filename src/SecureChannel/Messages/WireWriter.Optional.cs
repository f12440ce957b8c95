using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SecureChannel.Messages;

// optional<T> (RFC 9420 section 2.1.1): a byte that is 0 or 1, then the value if there is one.
public ref partial struct WireWriter
{
    /// <summary>Writes <c>optional&lt;T&gt;</c> of what has a fixed size: a flag, an integer, a floating-point number, an open enum, a UUID, an instant or a span of time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteOptional<T>(T? value)
        where T : unmanaged
    {
        if (value is { } present)
            WriteFixed(true, present);
        else
            WriteBoolean(false);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void WriteOne<T>(T value)
        where T : unmanaged
    {
        if (TryTake(FixedField.SizeOf<T>(), out var bytes))
            FixedField.Write(ref MemoryMarshal.GetReference(bytes), value);
    }

    /// <summary>Writes an optional string of UTF-8, <c>opaque v&lt;min..max&gt;</c>.</summary>
    /// <exception cref="ArgumentException">The size lies outside the bound, or the string holds half of a surrogate pair.</exception>
    public void WriteOptionalString(int min, int max, string? value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        WriteBoolean(value is not null);
        if (value is not null)
            WriteString(min, max, value, name);
    }

    /// <summary>Writes an optional string of UTF-8, <c>opaque v&lt;V&gt;</c>.</summary>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes, or the string holds half of a surrogate pair.</exception>
    public void WriteOptionalString(string? value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        WriteBoolean(value is not null);
        if (value is not null)
            WriteString(value, name);
    }
}
