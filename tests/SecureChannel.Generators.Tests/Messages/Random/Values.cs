using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace SecureChannel.Generators.Tests.Messages.Random;

/// <summary>Random values for the fields of random declarations, whose source calls these methods. The same seed produces the same values.</summary>
public sealed class Values(int seed)
{
    private const string Characters = "aZ09 ~\0\u00e9\u00df\u20ac\u4e2d\U0001f600\U0010ffff";

    private readonly System.Random _random = new(seed);

    public int Depth { get; set; }

    // Recursive messages end here.
    private bool IsDeep => Depth > 4;

    public int Next(int count) => _random.Next(count);

    public bool Flag() => Next(2) == 0;

    // Every bit pattern, with the extreme values more often than random.
    public T Bits<T>()
        where T : unmanaged
    {
        Span<byte> bytes = stackalloc byte[Unsafe.SizeOf<T>()];
        switch (Next(5))
        {
            case 0:
                bytes.Fill(0xFF);
                break;
            case 1:
                bytes.Clear();
                break;
            default:
                _random.NextBytes(bytes);
                break;
        }

        return MemoryMarshal.Read<T>(bytes);
    }

    public decimal Number() => new(Bits<int>(), Bits<int>(), Bits<int>(), Flag(), (byte)Next(29));

    public DateTimeOffset Instant() => new(_random.NextInt64(DateTimeOffset.MaxValue.Ticks + 1), TimeSpan.Zero);

    public DateOnly Day() => DateOnly.FromDayNumber(Next(DateOnly.MaxValue.DayNumber + 1));

    public TimeOnly Time() => new(_random.NextInt64(TimeOnly.MaxValue.Ticks + 1));

    public string Text(int min, int max)
    {
        var runes = Characters.EnumerateRunes().ToArray();
        var text = new StringBuilder();
        for (var size = min + Next(max - min + 1); size > 0;)
        {
            var rune = runes[Next(runes.Length)];
            rune = rune.Utf8SequenceLength > size ? new Rune('x') : rune;
            text.Append(rune);
            size -= rune.Utf8SequenceLength;
        }

        return text.ToString();
    }

    public byte[] Bytes(int min, int max)
    {
        var bytes = new byte[min + Next(max - min + 1)];
        _random.NextBytes(bytes);
        return bytes;
    }

    public T? MaybeValue<T>(Func<T> make)
        where T : struct => IsDeep || Flag() ? null : make();

    public T? MaybeReference<T>(Func<T> make)
        where T : class => IsDeep || Flag() ? null : make();

    public List<T> List<T>(int min, int max, Func<T> make) => [.. Enumerable.Range(0, IsDeep ? min : min + Next(max - min + 1)).Select(_ => make())];

    public T[] Array<T>(int min, int max, Func<T> make) => [.. List(min, max, make)];

    public ImmutableArray<T> Immutable<T>(int min, int max, Func<T> make) => [.. List(min, max, make)];

    public Dictionary<TKey, TValue> Map<TKey, TValue>(Func<TKey> key, Func<TValue> value)
        where TKey : notnull
    {
        var map = new Dictionary<TKey, TValue>();
        for (var left = IsDeep ? 0 : Next(4); left > 0; left--)
            map[key()] = value();
        return map;
    }

    public ImmutableDictionary<TKey, TValue> ImmutableMap<TKey, TValue>(Func<TKey> key, Func<TValue> value)
        where TKey : notnull => Map(key, value).ToImmutableDictionary();

    public T Inside<T>(Func<T> make)
    {
        Depth++;
        var made = make();
        Depth--;
        return made;
    }

    public byte[] Mutate(byte[] bytes)
    {
        var at = Next(bytes.Length + 1);
        var count = Math.Min(1 + Next(3), bytes.Length - at);
        return Next(6) switch
        {
            0 => bytes[..at],
            1 => [.. bytes[..at], (byte)Next(256), .. bytes[at..]],
            2 => [.. bytes[..at], .. bytes[(at + count)..]],
            3 => [.. bytes[..at], .. bytes[at..(at + count)], .. bytes[at..]],
            4 when at < bytes.Length => [.. bytes[..at], (byte)(bytes[at] ^ (1 << Next(8))), .. bytes[(at + 1)..]],
            _ when at < bytes.Length => [.. bytes[..at], (byte)Next(256), .. bytes[(at + 1)..]],
            _ => [.. bytes, (byte)Next(256)],
        };
    }
}
