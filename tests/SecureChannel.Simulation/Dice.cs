namespace SecureChannel.Simulation;

/// <summary>A seeded source of choices (SplitMix64). The same seed produces the same choices on every machine.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Creates an independent source, so that one part of a run can draw more without changing the choices of another.</summary>
    public Dice Fork() => new(Next());

    /// <summary>Gets a number from 0 to <paramref name="limit"/> - 1.</summary>
    public int Below(int limit) => (int)(Next() % (ulong)limit);

    /// <summary>Gets a number from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    /// <summary>Gets a number up to <paramref name="high"/>, where each power of two is equally likely.</summary>
    public int Logarithmic(int high)
    {
        var bits = Below(33 - int.LeadingZeroCount(Math.Max(1, high)));
        return Math.Min(high, bits == 0 ? Below(2) : (1 << (bits - 1)) + Below(1 << (bits - 1)));
    }

    /// <summary>Returns true with a probability in percent.</summary>
    public bool Chance(int percent) => Below(100) < percent;

    /// <summary>Gets one of several values.</summary>
    public T Pick<T>(params ReadOnlySpan<T> values) => values[Below(values.Length)];

    /// <summary>Gets a duration up to a maximum, where each power of two of microseconds is equally likely.</summary>
    public TimeSpan Duration(TimeSpan maximum) => TimeSpan.FromMicroseconds(Logarithmic((int)Math.Min(int.MaxValue / 2, maximum.TotalMicroseconds)));

    private ulong Next()
    {
        var mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
