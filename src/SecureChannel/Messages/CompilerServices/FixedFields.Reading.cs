using System.ComponentModel;
using System.Runtime.CompilerServices;
using SecureChannel.Messages;

namespace SecureChannel.CompilerServices;

/// <summary>
/// Methods that read and write consecutive fields of fixed size with a single bounds check. The JIT knows each offset as a constant. Every field has a
/// type that <see cref="WireReader.TryReadFixed{T}(out T)"/> supports.
/// </summary>
// A method for n fields is the method for n - 1 fields with one more: C# has no variadic generics. Arguments of tuple types would be copied through memory.
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class FixedFields
{
    /// <summary>
    /// Tries to read two fields of fixed size. After a failure, call <see cref="FailOneOf"/> to add the name of the failed field to the error.
    /// </summary>
    /// <returns>True if the input contains the fields; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadFixed<T1, T2>(this scoped ref WireReader reader, out T1 first, out T2 second)
        where T1 : unmanaged
        where T2 : unmanaged
    {
        var position = reader.Position;
        if (!reader.TryReadFixedAt(ref position, out first, out second))
            return false;
        reader.AdvanceTo(position);
        return true;
    }

    /// <summary>
    /// Tries to read three fields of fixed size. After a failure, call <see cref="FailOneOf"/> to add the name of the failed field to the error.
    /// </summary>
    /// <returns>True if the input contains the fields; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadFixed<T1, T2, T3>(this scoped ref WireReader reader, out T1 first, out T2 second, out T3 third)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
    {
        var position = reader.Position;
        if (!reader.TryReadFixedAt(ref position, out first, out second, out third))
            return false;
        reader.AdvanceTo(position);
        return true;
    }

    /// <summary>
    /// Tries to read four fields of fixed size. After a failure, call <see cref="FailOneOf"/> to add the name of the failed field to the error.
    /// </summary>
    /// <returns>True if the input contains the fields; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadFixed<T1, T2, T3, T4>(this scoped ref WireReader reader, out T1 first, out T2 second, out T3 third, out T4 fourth)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
        where T4 : unmanaged
    {
        var position = reader.Position;
        if (!reader.TryReadFixedAt(ref position, out first, out second, out third, out fourth))
            return false;
        reader.AdvanceTo(position);
        return true;
    }

    /// <summary>
    /// Tries to read five fields of fixed size. After a failure, call <see cref="FailOneOf"/> to add the name of the failed field to the error.
    /// </summary>
    /// <returns>True if the input contains the fields; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadFixed<T1, T2, T3, T4, T5>(
        this scoped ref WireReader reader, out T1 first, out T2 second, out T3 third, out T4 fourth, out T5 fifth)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
        where T4 : unmanaged
        where T5 : unmanaged
    {
        var position = reader.Position;
        if (!reader.TryReadFixedAt(ref position, out first, out second, out third, out fourth, out fifth))
            return false;
        reader.AdvanceTo(position);
        return true;
    }

    /// <summary>
    /// Tries to read six fields of fixed size. After a failure, call <see cref="FailOneOf"/> to add the name of the failed field to the error.
    /// </summary>
    /// <returns>True if the input contains the fields; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadFixed<T1, T2, T3, T4, T5, T6>(
        this scoped ref WireReader reader, out T1 first, out T2 second, out T3 third, out T4 fourth, out T5 fifth, out T6 sixth)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
        where T4 : unmanaged
        where T5 : unmanaged
        where T6 : unmanaged
    {
        var position = reader.Position;
        if (!reader.TryReadFixedAt(ref position, out first, out second, out third, out fourth, out fifth, out sixth))
            return false;
        reader.AdvanceTo(position);
        return true;
    }

    /// <summary>
    /// Adds the name of the field that failed to the beginning of the path in <see cref="WireReader.Error"/>. Call this method after an attempt to read several
    /// fields together.
    /// </summary>
    /// <param name="reader">The reader.</param>
    /// <param name="fields">The names of the fields, such as <c>Number, Account</c>.</param>
    /// <returns>Always false.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool FailOneOf(this scoped ref WireReader reader, string fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return reader.FailAt(fields.Split(", ")[reader.FailedField]);
    }
}
