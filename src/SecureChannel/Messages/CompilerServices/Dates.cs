using System.ComponentModel;
using SecureChannel.Messages;

namespace SecureChannel.CompilerServices;

/// <summary>Methods that read and write dates and times of day.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Dates
{
    /// <summary>Tries to read a date: 4 bytes, big-endian, the number of days since 0001-01-01.</summary>
    /// <returns>True if the input contains a valid date; otherwise, false.</returns>
    public static bool TryReadDateOnly(this scoped ref WireReader reader, out DateOnly value)
    {
        value = default;
        if (!reader.TryReadUInt32(out var days))
            return false;
        if (days > (uint)DateOnly.MaxValue.DayNumber)
            return reader.FailBack(sizeof(uint), WireErrorReason.OutOfRange);

        value = DateOnly.FromDayNumber((int)days);
        return true;
    }

    /// <summary>Tries to read a time of day: 8 bytes, big-endian, the number of 100 ns units since midnight.</summary>
    /// <returns>True if the input contains a valid time of day; otherwise, false.</returns>
    public static bool TryReadTimeOnly(this scoped ref WireReader reader, out TimeOnly value)
    {
        value = default;
        if (!reader.TryReadUInt64(out var ticks))
            return false;
        if (ticks > (ulong)TimeOnly.MaxValue.Ticks)
            return reader.FailBack(sizeof(ulong), WireErrorReason.OutOfRange);

        value = new TimeOnly((long)ticks);
        return true;
    }

    /// <summary>Writes a date: 4 bytes, big-endian, the number of days since 0001-01-01.</summary>
    public static void WriteDateOnly(this scoped ref WireWriter writer, DateOnly value) => writer.WriteInt32(value.DayNumber);

    /// <summary>Writes a time of day: 8 bytes, big-endian, the number of 100 ns units since midnight.</summary>
    public static void WriteTimeOnly(this scoped ref WireWriter writer, TimeOnly value) => writer.WriteInt64(value.Ticks);
}
