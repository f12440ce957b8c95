using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SecureChannel.Messages;
using static SecureChannel.Messages.FixedSizeEncoding;

namespace SecureChannel.CompilerServices;

public static partial class FixedFields
{
    /// <summary>Writes two fields of fixed size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteFixed<T1, T2>(this scoped ref WireWriter writer, T1 first, T2 second)
        where T1 : unmanaged
        where T2 : unmanaged
    {
        if (!writer.TryTake(SizeOf<T1>() + SizeOf<T2>(), out var bytes))
            return;
        ref var at = ref Write(ref MemoryMarshal.GetReference(bytes), first);
        Write(ref at, second);
    }

    /// <summary>Writes three fields of fixed size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteFixed<T1, T2, T3>(this scoped ref WireWriter writer, T1 first, T2 second, T3 third)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
    {
        if (!writer.TryTake(SizeOf<T1>() + SizeOf<T2>() + SizeOf<T3>(), out var bytes))
            return;
        ref var at = ref Write(ref MemoryMarshal.GetReference(bytes), first);
        at = ref Write(ref at, second);
        Write(ref at, third);
    }

    /// <summary>Writes four fields of fixed size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteFixed<T1, T2, T3, T4>(this scoped ref WireWriter writer, T1 first, T2 second, T3 third, T4 fourth)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
        where T4 : unmanaged
    {
        if (!writer.TryTake(SizeOf<T1>() + SizeOf<T2>() + SizeOf<T3>() + SizeOf<T4>(), out var bytes))
            return;
        ref var at = ref Write(ref MemoryMarshal.GetReference(bytes), first);
        at = ref Write(ref at, second);
        at = ref Write(ref at, third);
        Write(ref at, fourth);
    }

    /// <summary>Writes five fields of fixed size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteFixed<T1, T2, T3, T4, T5>(this scoped ref WireWriter writer, T1 first, T2 second, T3 third, T4 fourth, T5 fifth)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
        where T4 : unmanaged
        where T5 : unmanaged
    {
        if (!writer.TryTake(SizeOf<T1>() + SizeOf<T2>() + SizeOf<T3>() + SizeOf<T4>() + SizeOf<T5>(), out var bytes))
            return;
        ref var at = ref Write(ref MemoryMarshal.GetReference(bytes), first);
        at = ref Write(ref at, second);
        at = ref Write(ref at, third);
        at = ref Write(ref at, fourth);
        Write(ref at, fifth);
    }

    /// <summary>Writes six fields of fixed size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteFixed<T1, T2, T3, T4, T5, T6>(this scoped ref WireWriter writer, T1 first, T2 second, T3 third, T4 fourth, T5 fifth, T6 sixth)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
        where T4 : unmanaged
        where T5 : unmanaged
        where T6 : unmanaged
    {
        if (!writer.TryTake(SizeOf<T1>() + SizeOf<T2>() + SizeOf<T3>() + SizeOf<T4>() + SizeOf<T5>() + SizeOf<T6>(), out var bytes))
            return;
        ref var at = ref Write(ref MemoryMarshal.GetReference(bytes), first);
        at = ref Write(ref at, second);
        at = ref Write(ref at, third);
        at = ref Write(ref at, fourth);
        at = ref Write(ref at, fifth);
        Write(ref at, sixth);
    }
}
