using System.Runtime.CompilerServices;
using SecureChannel.Messages;
using static SecureChannel.Messages.FixedSizeEncoding;

namespace SecureChannel.CompilerServices;

public static partial class Views
{
    /// <summary>Tries to read a field of fixed size at a position.</summary>
    /// <inheritdoc cref="TryReadBytesAt" path="/returns"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadFixedAt<T>(this scoped ref WireReader reader, scoped ref WirePosition position, out T value)
        where T : unmanaged
    {
        var start = position.Offset;
        if (SizeOf<T>() <= reader.RemainingAt(start))
        {
            var offset = 0;
            position = new WirePosition(start + SizeOf<T>());
            if (TryRead(ref reader.ByteAt(start), ref offset, out value))
                return true;
        }

        value = default;
        reader.Seek(new WirePosition(start));
        _ = IsValid<T>(ref reader, 0);
        return false;
    }

    /// <summary>
    /// Tries to read two fields of fixed size, the first at a position. After a failure, call <see cref="FixedFields.FailOneOf"/> to add the name of the failed
    /// field to the error.
    /// </summary>
    /// <inheritdoc cref="TryReadBytesAt" path="/returns"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadFixedAt<T1, T2>(this scoped ref WireReader reader, scoped ref WirePosition position, out T1 first, out T2 second)
        where T1 : unmanaged
        where T2 : unmanaged
    {
        var start = position.Offset;
        var size = SizeOf<T1>() + SizeOf<T2>();
        if (size <= reader.RemainingAt(start))
        {
            position = new WirePosition(start + size);
            ref var at = ref reader.ByteAt(start);
            var offset = 0;
            // Reads all fields before the only branch.
            if (TryRead(ref at, ref offset, out first)
                & TryRead(ref at, ref offset, out second))
                return true;
        }

        first = default;
        second = default;
        reader.Seek(new WirePosition(start));
        _ = IsValid<T1>(ref reader, 0) && IsValid<T2>(ref reader, 1);
        return false;
    }

    /// <summary>
    /// Tries to read three fields of fixed size, the first at a position. After a failure, call <see cref="FixedFields.FailOneOf"/> to add the name of the
    /// failed field to the error.
    /// </summary>
    /// <inheritdoc cref="TryReadBytesAt" path="/returns"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadFixedAt<T1, T2, T3>(
        this scoped ref WireReader reader, scoped ref WirePosition position, out T1 first, out T2 second, out T3 third)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
    {
        var start = position.Offset;
        var size = SizeOf<T1>() + SizeOf<T2>() + SizeOf<T3>();
        if (size <= reader.RemainingAt(start))
        {
            position = new WirePosition(start + size);
            ref var at = ref reader.ByteAt(start);
            var offset = 0;
            // Reads all fields before the only branch.
            if (TryRead(ref at, ref offset, out first)
                & TryRead(ref at, ref offset, out second)
                & TryRead(ref at, ref offset, out third))
                return true;
        }

        first = default;
        second = default;
        third = default;
        reader.Seek(new WirePosition(start));
        _ = IsValid<T1>(ref reader, 0) && IsValid<T2>(ref reader, 1) && IsValid<T3>(ref reader, 2);
        return false;
    }

    /// <summary>
    /// Tries to read four fields of fixed size, the first at a position. After a failure, call <see cref="FixedFields.FailOneOf"/> to add the name of the
    /// failed field to the error.
    /// </summary>
    /// <inheritdoc cref="TryReadBytesAt" path="/returns"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadFixedAt<T1, T2, T3, T4>(
        this scoped ref WireReader reader, scoped ref WirePosition position, out T1 first, out T2 second, out T3 third, out T4 fourth)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
        where T4 : unmanaged
    {
        var start = position.Offset;
        var size = SizeOf<T1>() + SizeOf<T2>() + SizeOf<T3>() + SizeOf<T4>();
        if (size <= reader.RemainingAt(start))
        {
            position = new WirePosition(start + size);
            ref var at = ref reader.ByteAt(start);
            var offset = 0;
            // Reads all fields before the only branch.
            if (TryRead(ref at, ref offset, out first)
                & TryRead(ref at, ref offset, out second)
                & TryRead(ref at, ref offset, out third)
                & TryRead(ref at, ref offset, out fourth))
                return true;
        }

        first = default;
        second = default;
        third = default;
        fourth = default;
        reader.Seek(new WirePosition(start));
        _ = IsValid<T1>(ref reader, 0) && IsValid<T2>(ref reader, 1) && IsValid<T3>(ref reader, 2) && IsValid<T4>(ref reader, 3);
        return false;
    }

    /// <summary>
    /// Tries to read five fields of fixed size, the first at a position. After a failure, call <see cref="FixedFields.FailOneOf"/> to add the name of the
    /// failed field to the error.
    /// </summary>
    /// <inheritdoc cref="TryReadBytesAt" path="/returns"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadFixedAt<T1, T2, T3, T4, T5>(
        this scoped ref WireReader reader, scoped ref WirePosition position, out T1 first, out T2 second, out T3 third, out T4 fourth, out T5 fifth)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
        where T4 : unmanaged
        where T5 : unmanaged
    {
        var start = position.Offset;
        var size = SizeOf<T1>() + SizeOf<T2>() + SizeOf<T3>() + SizeOf<T4>() + SizeOf<T5>();
        if (size <= reader.RemainingAt(start))
        {
            position = new WirePosition(start + size);
            ref var at = ref reader.ByteAt(start);
            var offset = 0;
            // Reads all fields before the only branch.
            if (TryRead(ref at, ref offset, out first)
                & TryRead(ref at, ref offset, out second)
                & TryRead(ref at, ref offset, out third)
                & TryRead(ref at, ref offset, out fourth)
                & TryRead(ref at, ref offset, out fifth))
                return true;
        }

        first = default;
        second = default;
        third = default;
        fourth = default;
        fifth = default;
        reader.Seek(new WirePosition(start));
        _ = IsValid<T1>(ref reader, 0) && IsValid<T2>(ref reader, 1) && IsValid<T3>(ref reader, 2) && IsValid<T4>(ref reader, 3) && IsValid<T5>(ref reader, 4);
        return false;
    }

    /// <summary>
    /// Tries to read six fields of fixed size, the first at a position. After a failure, call <see cref="FixedFields.FailOneOf"/> to add the name of the failed
    /// field to the error.
    /// </summary>
    /// <inheritdoc cref="TryReadBytesAt" path="/returns"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadFixedAt<T1, T2, T3, T4, T5, T6>(
        this scoped ref WireReader reader, scoped ref WirePosition position,
        out T1 first, out T2 second, out T3 third, out T4 fourth, out T5 fifth, out T6 sixth)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
        where T4 : unmanaged
        where T5 : unmanaged
        where T6 : unmanaged
    {
        var start = position.Offset;
        var size = SizeOf<T1>() + SizeOf<T2>() + SizeOf<T3>() + SizeOf<T4>() + SizeOf<T5>() + SizeOf<T6>();
        if (size <= reader.RemainingAt(start))
        {
            position = new WirePosition(start + size);
            ref var at = ref reader.ByteAt(start);
            var offset = 0;
            // Reads all fields before the only branch.
            if (TryRead(ref at, ref offset, out first)
                & TryRead(ref at, ref offset, out second)
                & TryRead(ref at, ref offset, out third)
                & TryRead(ref at, ref offset, out fourth)
                & TryRead(ref at, ref offset, out fifth)
                & TryRead(ref at, ref offset, out sixth))
                return true;
        }

        first = default;
        second = default;
        third = default;
        fourth = default;
        fifth = default;
        sixth = default;
        reader.Seek(new WirePosition(start));
        _ = IsValid<T1>(ref reader, 0) && IsValid<T2>(ref reader, 1) && IsValid<T3>(ref reader, 2)
            && IsValid<T4>(ref reader, 3) && IsValid<T5>(ref reader, 4) && IsValid<T6>(ref reader, 5);
        return false;
    }

    // Reads a field again after a failure, to find the one that is not valid and its offset.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsValid<T>(scoped ref WireReader reader, int index)
        where T : unmanaged
    {
        reader.FailedField = index;
        return reader.TryReadFixed<T>(out _);
    }
}
