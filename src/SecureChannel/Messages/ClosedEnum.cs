using System.Reflection;
using System.Runtime.CompilerServices;

namespace SecureChannel.Messages;

/// <summary>The values of a closed enum: the declared values, and every combination of them if the enum has <see cref="FlagsAttribute"/>.</summary>
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
