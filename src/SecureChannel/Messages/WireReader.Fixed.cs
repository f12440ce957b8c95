using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SecureChannel.Messages;

// Fields of fixed size that follow each other: their bytes are asked for once, and each is at a place that is known while the code is compiled.
public ref partial struct WireReader
{
    /// <summary>
    /// Reads two fields of fixed size: flags, integers, floating-point numbers, open enums, UUIDs, instants or spans of time. If it returns false,
    /// <see cref="FailOneOf"/> tells which field was refused.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadFixed<T1, T2>(out T1 first, out T2 second)
        where T1 : unmanaged
        where T2 : unmanaged
    {
        var place = Cursor;
        if (!TryReadFixedAt(ref place, out first, out second))
            return false;
        _position = place.Offset;
        return true;
    }

    /// <summary>
    /// Reads three fields of fixed size: flags, integers, floating-point numbers, open enums, UUIDs, instants or spans of time. If it returns false,
    /// <see cref="FailOneOf"/> tells which field was refused.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadFixed<T1, T2, T3>(out T1 first, out T2 second, out T3 third)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
    {
        var place = Cursor;
        if (!TryReadFixedAt(ref place, out first, out second, out third))
            return false;
        _position = place.Offset;
        return true;
    }

    /// <summary>
    /// Reads four fields of fixed size: flags, integers, floating-point numbers, open enums, UUIDs, instants or spans of time. If it returns false,
    /// <see cref="FailOneOf"/> tells which field was refused.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadFixed<T1, T2, T3, T4>(out T1 first, out T2 second, out T3 third, out T4 fourth)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
        where T4 : unmanaged
    {
        var place = Cursor;
        if (!TryReadFixedAt(ref place, out first, out second, out third, out fourth))
            return false;
        _position = place.Offset;
        return true;
    }

    /// <summary>
    /// Reads five fields of fixed size: flags, integers, floating-point numbers, open enums, UUIDs, instants or spans of time. If it returns false,
    /// <see cref="FailOneOf"/> tells which field was refused.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadFixed<T1, T2, T3, T4, T5>(out T1 first, out T2 second, out T3 third, out T4 fourth, out T5 fifth)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
        where T4 : unmanaged
        where T5 : unmanaged
    {
        var place = Cursor;
        if (!TryReadFixedAt(ref place, out first, out second, out third, out fourth, out fifth))
            return false;
        _position = place.Offset;
        return true;
    }

    /// <summary>
    /// Reads six fields of fixed size: flags, integers, floating-point numbers, open enums, UUIDs, instants or spans of time. If it returns false,
    /// <see cref="FailOneOf"/> tells which field was refused.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadFixed<T1, T2, T3, T4, T5, T6>(out T1 first, out T2 second, out T3 third, out T4 fourth, out T5 fifth, out T6 sixth)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
        where T4 : unmanaged
        where T5 : unmanaged
        where T6 : unmanaged
    {
        var place = Cursor;
        if (!TryReadFixedAt(ref place, out first, out second, out third, out fourth, out fifth, out sixth))
            return false;
        _position = place.Offset;
        return true;
    }

    /// <summary>Reads a field of fixed size at a place: a flag, an integer, a floating-point number, an open enum, a UUID, an instant or a span of time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadFixedAt<T>(scoped ref WirePosition place, out T value)
        where T : unmanaged
    {
        var start = place.Offset;
        if (FixedField.SizeOf<T>() <= _end - start)
        {
            var offset = 0;
            place = new WirePosition(start + FixedField.SizeOf<T>());
            if (FixedField.TryRead(ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), start), ref offset, out value))
                return true;
        }

        value = default;
        Seek(new WirePosition(start));
        _ = TryPass<T>(0);
        return false;
    }

    /// <summary>Reads two fields of fixed size at a place, as <see cref="TryReadFixed{T1, T2}(out T1, out T2)"/> does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadFixedAt<T1, T2>(scoped ref WirePosition place, out T1 first, out T2 second)
        where T1 : unmanaged
        where T2 : unmanaged
    {
        var start = place.Offset;
        var size = FixedField.SizeOf<T1>() + FixedField.SizeOf<T2>();
        if (size <= _end - start)
        {
            place = new WirePosition(start + size);
            ref var at = ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), start);
            var offset = 0;
            // All are read before one question is asked.
            if (FixedField.TryRead(ref at, ref offset, out first)
                & FixedField.TryRead(ref at, ref offset, out second))
                return true;
        }

        first = default;
        second = default;
        // One of them is refused.
        Seek(new WirePosition(start));
        _ = TryPass<T1>(0) && TryPass<T2>(1);
        return false;
    }

    /// <summary>Reads three fields of fixed size at a place, as <see cref="TryReadFixed{T1, T2, T3}(out T1, out T2, out T3)"/> does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadFixedAt<T1, T2, T3>(scoped ref WirePosition place, out T1 first, out T2 second, out T3 third)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
    {
        var start = place.Offset;
        var size = FixedField.SizeOf<T1>() + FixedField.SizeOf<T2>() + FixedField.SizeOf<T3>();
        if (size <= _end - start)
        {
            place = new WirePosition(start + size);
            ref var at = ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), start);
            var offset = 0;
            // All are read before one question is asked.
            if (FixedField.TryRead(ref at, ref offset, out first)
                & FixedField.TryRead(ref at, ref offset, out second)
                & FixedField.TryRead(ref at, ref offset, out third))
                return true;
        }

        first = default;
        second = default;
        third = default;
        // One of them is refused.
        Seek(new WirePosition(start));
        _ = TryPass<T1>(0) && TryPass<T2>(1) && TryPass<T3>(2);
        return false;
    }

    /// <summary>Reads four fields of fixed size at a place, as <see cref="TryReadFixed{T1, T2, T3, T4}(out T1, out T2, out T3, out T4)"/> does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadFixedAt<T1, T2, T3, T4>(scoped ref WirePosition place, out T1 first, out T2 second, out T3 third, out T4 fourth)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
        where T4 : unmanaged
    {
        var start = place.Offset;
        var size = FixedField.SizeOf<T1>() + FixedField.SizeOf<T2>() + FixedField.SizeOf<T3>() + FixedField.SizeOf<T4>();
        if (size <= _end - start)
        {
            place = new WirePosition(start + size);
            ref var at = ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), start);
            var offset = 0;
            // All are read before one question is asked.
            if (FixedField.TryRead(ref at, ref offset, out first)
                & FixedField.TryRead(ref at, ref offset, out second)
                & FixedField.TryRead(ref at, ref offset, out third)
                & FixedField.TryRead(ref at, ref offset, out fourth))
                return true;
        }

        first = default;
        second = default;
        third = default;
        fourth = default;
        // One of them is refused.
        Seek(new WirePosition(start));
        _ = TryPass<T1>(0) && TryPass<T2>(1) && TryPass<T3>(2) && TryPass<T4>(3);
        return false;
    }

    /// <summary>Reads five fields of fixed size at a place, as <see cref="TryReadFixed{T1, T2, T3, T4, T5}(out T1, out T2, out T3, out T4, out T5)"/> does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadFixedAt<T1, T2, T3, T4, T5>(scoped ref WirePosition place, out T1 first, out T2 second, out T3 third, out T4 fourth, out T5 fifth)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
        where T4 : unmanaged
        where T5 : unmanaged
    {
        var start = place.Offset;
        var size = FixedField.SizeOf<T1>() + FixedField.SizeOf<T2>() + FixedField.SizeOf<T3>() + FixedField.SizeOf<T4>() + FixedField.SizeOf<T5>();
        if (size <= _end - start)
        {
            place = new WirePosition(start + size);
            ref var at = ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), start);
            var offset = 0;
            // All are read before one question is asked.
            if (FixedField.TryRead(ref at, ref offset, out first)
                & FixedField.TryRead(ref at, ref offset, out second)
                & FixedField.TryRead(ref at, ref offset, out third)
                & FixedField.TryRead(ref at, ref offset, out fourth)
                & FixedField.TryRead(ref at, ref offset, out fifth))
                return true;
        }

        first = default;
        second = default;
        third = default;
        fourth = default;
        fifth = default;
        // One of them is refused.
        Seek(new WirePosition(start));
        _ = TryPass<T1>(0) && TryPass<T2>(1) && TryPass<T3>(2) && TryPass<T4>(3) && TryPass<T5>(4);
        return false;
    }

    /// <summary>Reads six fields of fixed size at a place, as <see cref="TryReadFixed{T1, T2, T3, T4, T5, T6}(out T1, out T2, out T3, out T4, out T5, out T6)"/> does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadFixedAt<T1, T2, T3, T4, T5, T6>(scoped ref WirePosition place, out T1 first, out T2 second, out T3 third, out T4 fourth, out T5 fifth, out T6 sixth)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
        where T4 : unmanaged
        where T5 : unmanaged
        where T6 : unmanaged
    {
        var start = place.Offset;
        var size = FixedField.SizeOf<T1>() + FixedField.SizeOf<T2>() + FixedField.SizeOf<T3>() + FixedField.SizeOf<T4>() + FixedField.SizeOf<T5>() + FixedField.SizeOf<T6>();
        if (size <= _end - start)
        {
            place = new WirePosition(start + size);
            ref var at = ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), start);
            var offset = 0;
            // All are read before one question is asked.
            if (FixedField.TryRead(ref at, ref offset, out first)
                & FixedField.TryRead(ref at, ref offset, out second)
                & FixedField.TryRead(ref at, ref offset, out third)
                & FixedField.TryRead(ref at, ref offset, out fourth)
                & FixedField.TryRead(ref at, ref offset, out fifth)
                & FixedField.TryRead(ref at, ref offset, out sixth))
                return true;
        }

        first = default;
        second = default;
        third = default;
        fourth = default;
        fifth = default;
        sixth = default;
        // One of them is refused.
        Seek(new WirePosition(start));
        _ = TryPass<T1>(0) && TryPass<T2>(1) && TryPass<T3>(2) && TryPass<T4>(3) && TryPass<T5>(4) && TryPass<T6>(5);
        return false;
    }

    /// <summary>Says which of several fields was refused: puts it before the path of <see cref="Error"/>.</summary>
    /// <param name="fields">The fields that were read together, such as <c>Number, Account</c>.</param>
    /// <returns>False.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool FailOneOf(string fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return Fail(fields.Split(", ")[_refused]);
    }

    // Goes over the field with this index once more, to see whether it is the one that was refused.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryPass<T>(int index)
        where T : unmanaged
    {
        _refused = index;
        return TryReadOne<T>(out _);
    }
}
