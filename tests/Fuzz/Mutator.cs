using System.Numerics;

namespace SecureChannel.Fuzz;

/// <summary>Mutates inputs at random, into inputs that a malicious peer might send.</summary>
/// <param name="seed">The seed. The same seed results in the same mutations.</param>
internal sealed class Mutator(int seed)
{
    private const int MaxLength = 2048;

    // Bounds of integers, variable-size integers (RFC 9420 section 2.1.2) and Booleans, and a byte that is not valid in UTF-8.
    private static readonly byte[] Interesting = [0, 1, 2, 3, 4, 0x3F, 0x40, 0x7F, 0x80, 0xBF, 0xC0, 0xFE, 0xFF];

    // CA5394: the mutations must be reproducible, and need no secure randomness.
#pragma warning disable CA5394
    private readonly Random _random = new(seed);

    /// <summary>Creates a mutated copy of one of the inputs. Later inputs are chosen more often.</summary>
    public byte[] Mutate(IReadOnlyList<byte[]> corpus)
    {
        var input = new List<byte>(Pick(corpus));
        // One mutation in half of the cases, and more with decreasing probability: with many mutations, an input rarely reaches the same branches.
        for (var mutations = 1 + BitOperations.TrailingZeroCount(_random.Next(1 << 4) | 1 << 4); mutations > 0; mutations--)
            MutateOnce(input, corpus);
        return [.. input.Take(MaxLength)];
    }

    private byte[] Pick(IReadOnlyList<byte[]> corpus) =>
        corpus[Math.Max(_random.Next(corpus.Count), _random.Next(corpus.Count))];

    private void MutateOnce(List<byte> input, IReadOnlyList<byte[]> corpus)
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
