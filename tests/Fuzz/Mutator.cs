using System.Numerics;

namespace SecureChannel.Fuzz;

/// <summary>Changes inputs at random, to resemble what a malicious peer would send.</summary>
/// <param name="seed">The seed. The same seed produces the same changes.</param>
internal sealed class Mutator(int seed)
{
    private const int MaxLength = 2048;

    // The limits of integers, variable-size integers (RFC 9420 section 2.1.2) and Booleans, and a byte that is never UTF-8.
    private static readonly byte[] Interesting = [0, 1, 2, 3, 4, 0x3F, 0x40, 0x7F, 0x80, 0xBF, 0xC0, 0xFE, 0xFF];

    // CA5394: the random numbers are reproducible, and not secret.
#pragma warning disable CA5394
    private readonly Random _random = new(seed);

    /// <summary>Returns a changed copy of one of the inputs. Later inputs are chosen more often.</summary>
    public byte[] Change(IReadOnlyList<byte[]> corpus)
    {
        var input = new List<byte>(Pick(corpus));
        // Usually one change. Each further change has half the probability, because many changes usually lose the branches of the input.
        for (var changes = 1 + BitOperations.TrailingZeroCount(_random.Next(1 << 4) | 1 << 4); changes > 0; changes--)
            ChangeOnce(input, corpus);
        return [.. input.Take(MaxLength)];
    }

    private byte[] Pick(IReadOnlyList<byte[]> corpus) =>
        corpus[Math.Max(_random.Next(corpus.Count), _random.Next(corpus.Count))];

    private void ChangeOnce(List<byte> input, IReadOnlyList<byte[]> corpus)
    {
        var at = _random.Next(input.Count + 1);
        var count = Math.Min(1 << _random.Next(0, 6), input.Count - at);
        switch (_random.Next(8))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < input.Count:
                input[at] = (byte)_random.Next(256);
                break;
            case 2 when at < input.Count:
                input[at] = Interesting[_random.Next(Interesting.Length)];
                break;
            case 3 when at < input.Count:
                input[at] += (byte)_random.Next(-4, 5);
                break;
            case 4:
                input.InsertRange(at, Enumerable.Range(0, 1 << _random.Next(0, 5)).Select(_ => Interesting[_random.Next(Interesting.Length)]));
                break;
            case 5:
                input.RemoveRange(at, count);
                break;
            case 6:
                input.InsertRange(_random.Next(input.Count + 1), input.GetRange(at, count));
                break;
            default:
                var other = Pick(corpus);
                var start = _random.Next(other.Length + 1);
                input.InsertRange(at, other.AsSpan(start, Math.Min(1 << _random.Next(0, 6), other.Length - start)));
                break;
        }
    }
#pragma warning restore CA5394
}
