using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SecureChannel.Messages;

// optional<T> (RFC 9420 section 2.1.1): a byte that is 0 or 1, then the value if there is one.
public ref partial struct WireReader
{
    /// <summary>Reads <c>optional&lt;T&gt;</c> of what has a fixed size: a flag, an integer, a floating-point number, an open enum, a UUID, an instant or a span of time.</summary>
    /// <param name="value">The value; null if there is none.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadOptional<T>(out T? value)
        where T : unmanaged
    {
        value = null;
        if (!TryReadBoolean(out var isPresent))
            return false;
        if (!isPresent)
            return true;
        if (!TryReadOne<T>(out var present))
            return false;
        value = present;
        return true;
    }

    /// <summary>Reads an optional string of UTF-8, <c>opaque v&lt;min..max&gt;</c>.</summary>
    /// <param name="min">The least size in bytes.</param>
    /// <param name="max">The greatest size in bytes, from which the width of the length prefix follows; if equal to <paramref name="min"/>, there is none.</param>
    /// <param name="value">The string; null if there is none.</param>
    public bool TryReadOptionalString(int min, int max, out string? value)
    {
        value = null;
        return TryReadBoolean(out var isPresent) && (!isPresent || TryReadString(min, max, out value));
    }

    /// <summary>Reads an optional string of UTF-8, <c>opaque v&lt;V&gt;</c>.</summary>
    /// <param name="value">The string; null if there is none.</param>
    public bool TryReadOptionalString(out string? value)
    {
        value = null;
        return TryReadBoolean(out var isPresent) && (!isPresent || TryReadString(out value));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryReadOne<T>(out T value)
        where T : unmanaged
    {
        var size = FixedField.SizeOf<T>();
        if (!TryTake(size, out var bytes))
        {
            value = default;
            return false;
        }

        var offset = 0;
        return FixedField.TryRead(ref MemoryMarshal.GetReference(bytes), ref offset, out value)
            || FailBack(size, typeof(T) == typeof(bool) ? WireErrorReason.NotBoolean : WireErrorReason.OutOfRange);
    }
}
