using System.Reflection;
using System.Runtime.CompilerServices;

namespace SecureChannel.Messages;

/// <summary>Which values a closed enum has: those with a name, and of flags every combination of them.</summary>
internal static class ClosedEnum<TEnum>
    where TEnum : unmanaged, Enum
{
    private static readonly ulong? Flags = typeof(TEnum).IsDefined(typeof(FlagsAttribute))
        ? Enum.GetValues<TEnum>().Aggregate(0UL, (bits, value) => bits | BitsOf(value))
        : null;

    public static bool Contains(TEnum value) => Flags is { } flags ? (BitsOf(value) & ~flags) == 0 : Enum.IsDefined(value);

    private static ulong BitsOf(TEnum value) => Unsafe.SizeOf<TEnum>() switch
    {
        1 => Unsafe.BitCast<TEnum, byte>(value),
        2 => Unsafe.BitCast<TEnum, ushort>(value),
        4 => Unsafe.BitCast<TEnum, uint>(value),
        _ => Unsafe.BitCast<TEnum, ulong>(value),
    };
}
