using System.ComponentModel;
using System.Runtime.CompilerServices;
using SecureChannel.Messages;

namespace SecureChannel.CompilerServices;

/// <summary>Methods that read and write an enum with <see cref="ClosedEnumAttribute"/> as its underlying integer, big-endian.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ClosedEnums
{
    /// <summary>Tries to read an enum, and rejects an undeclared value.</summary>
    /// <returns>True if the input contains a declared value; otherwise, false.</returns>
    public static bool TryReadClosedEnum<TEnum>(this scoped ref WireReader reader, out TEnum value)
        where TEnum : unmanaged, Enum =>
        reader.TryReadEnum(out value)
        && (ClosedEnum<TEnum>.Contains(value)
            || reader.FailBack(Unsafe.SizeOf<TEnum>(), WireErrorReason.UnknownValue, $"the enum '{typeof(TEnum).Name}' does not declare the value {value:D}"));

    /// <summary>Writes an enum, which must have a declared value.</summary>
    /// <exception cref="ArgumentException">The value is not declared.</exception>
    public static void WriteClosedEnum<TEnum>(this scoped ref WireWriter writer, TEnum value, [CallerArgumentExpression(nameof(value))] string? name = null)
        where TEnum : unmanaged, Enum
    {
        if (!ClosedEnum<TEnum>.Contains(value))
            throw new ArgumentException($"{WireWriter.Describe(name)} is {value:D}, but must be a declared value of the closed enum '{typeof(TEnum).Name}'.");
        writer.WriteEnum(value);
    }
}
