using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SecureChannel.Messages;

// Fields of fixed size that follow each other: room is asked for once, and each goes to a place that is known while the code is compiled.
public ref partial struct WireWriter
{
    /// <summary>Writes two fields of fixed size: flags, integers, floating-point numbers, open enums, UUIDs, instants or spans of time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteFixed<T1, T2>(T1 first, T2 second)
        where T1 : unmanaged
        where T2 : unmanaged
    {
        if (!TryTake(FixedField.SizeOf<T1>() + FixedField.SizeOf<T2>(), out var bytes))
            return;
        ref var at = ref FixedField.Write(ref MemoryMarshal.GetReference(bytes), first);
        FixedField.Write(ref at, second);
    }

    /// <summary>Writes three fields of fixed size: flags, integers, floating-point numbers, open enums, UUIDs, instants or spans of time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteFixed<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
    {
        if (!TryTake(FixedField.SizeOf<T1>() + FixedField.SizeOf<T2>() + FixedField.SizeOf<T3>(), out var bytes))
            return;
        ref var at = ref FixedField.Write(ref MemoryMarshal.GetReference(bytes), first);
        at = ref FixedField.Write(ref at, second);
        FixedField.Write(ref at, third);
    }

    /// <summary>Writes four fields of fixed size: flags, integers, floating-point numbers, open enums, UUIDs, instants or spans of time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteFixed<T1, T2, T3, T4>(T1 first, T2 second, T3 third, T4 fourth)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
        where T4 : unmanaged
    {
        if (!TryTake(FixedField.SizeOf<T1>() + FixedField.SizeOf<T2>() + FixedField.SizeOf<T3>() + FixedField.SizeOf<T4>(), out var bytes))
            return;
        ref var at = ref FixedField.Write(ref MemoryMarshal.GetReference(bytes), first);
        at = ref FixedField.Write(ref at, second);
        at = ref FixedField.Write(ref at, third);
        FixedField.Write(ref at, fourth);
    }

    /// <summary>Writes five fields of fixed size: flags, integers, floating-point numbers, open enums, UUIDs, instants or spans of time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteFixed<T1, T2, T3, T4, T5>(T1 first, T2 second, T3 third, T4 fourth, T5 fifth)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
        where T4 : unmanaged
        where T5 : unmanaged
    {
        if (!TryTake(FixedField.SizeOf<T1>() + FixedField.SizeOf<T2>() + FixedField.SizeOf<T3>() + FixedField.SizeOf<T4>() + FixedField.SizeOf<T5>(), out var bytes))
            return;
        ref var at = ref FixedField.Write(ref MemoryMarshal.GetReference(bytes), first);
        at = ref FixedField.Write(ref at, second);
        at = ref FixedField.Write(ref at, third);
        at = ref FixedField.Write(ref at, fourth);
        FixedField.Write(ref at, fifth);
    }

    /// <summary>Writes six fields of fixed size: flags, integers, floating-point numbers, open enums, UUIDs, instants or spans of time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteFixed<T1, T2, T3, T4, T5, T6>(T1 first, T2 second, T3 third, T4 fourth, T5 fifth, T6 sixth)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
        where T4 : unmanaged
        where T5 : unmanaged
        where T6 : unmanaged
    {
        if (!TryTake(FixedField.SizeOf<T1>() + FixedField.SizeOf<T2>() + FixedField.SizeOf<T3>() + FixedField.SizeOf<T4>() + FixedField.SizeOf<T5>() + FixedField.SizeOf<T6>(), out var bytes))
            return;
        ref var at = ref FixedField.Write(ref MemoryMarshal.GetReference(bytes), first);
        at = ref FixedField.Write(ref at, second);
        at = ref FixedField.Write(ref at, third);
        at = ref FixedField.Write(ref at, fourth);
        at = ref FixedField.Write(ref at, fifth);
        FixedField.Write(ref at, sixth);
    }
}
