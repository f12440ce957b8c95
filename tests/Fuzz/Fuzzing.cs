namespace SecureChannel.Fuzz;

/// <summary>
/// A fuzzing run: mutates inputs at random, and retains each input that takes a branch that no input took before, or that takes a branch a different number of
/// times (in powers of two). Retained inputs are mutated further. The same seed results in the same run.
/// </summary>
internal sealed class Fuzzing(InstrumentedCode code, int seed)
{
    private readonly List<byte[]> _corpus = [];
    private readonly byte[] _seen = new byte[code.Branches.Length];
    private readonly Mutator _mutator = new(seed);

    /// <summary>Gets the inputs that took a new branch, in order.</summary>
    public IReadOnlyList<byte[]> Corpus => _corpus;

    /// <summary>Gets the number of inputs that ran.</summary>
    public long Runs { get; private set; }

    /// <summary>Gets the number of branches that were taken.</summary>
    public int Branches => _seen.Count(bits => bits != 0);

    /// <summary>Runs an input without a mutation.</summary>
    /// <returns>The failed check, or null.</returns>
    public string? Add(byte[] input)
    {
        Runs++;
        var finding = code.Run(input);
        if (IsNew(code.Branches))
            _corpus.Add(input);
        return finding;
    }

    /// <summary>Mutates an input of the corpus and runs it.</summary>
    /// <returns>The input and the failed check, or null.</returns>
    public (byte[] Input, string Finding)? Step()
    {
        var input = _mutator.Mutate(_corpus);
        return Add(input) is { } finding ? (input, finding) : null;
    }

    /// <summary>Selects inputs that together take all branches, small inputs first, in an order that does not depend on the order of the inputs.</summary>
    public static IReadOnlyList<byte[]> Minimize(InstrumentedCode code, IEnumerable<byte[]> inputs)
    {
        var smaller = new Fuzzing(code, 0);
        foreach (var input in inputs.OrderBy(input => input.Length).ThenBy(Convert.ToHexString, StringComparer.Ordinal))
            smaller.Add(input);
        return smaller.Corpus;
    }

    private bool IsNew(ReadOnlySpan<byte> branches)
    {
        var isNew = false;
        for (var i = branches.IndexOfAnyExcept((byte)0); i >= 0;)
        {
            // One bit each for 1, 2, 3, 4 to 7, 8 to 15, 16 to 31, 32 to 127, and 128 or more.
            var bit = (byte)(branches[i] switch { 1 => 1, 2 => 2, 3 => 4, < 8 => 8, < 16 => 16, < 32 => 32, < 128 => 64, _ => 128 });
            isNew |= (_seen[i] & bit) == 0;
            _seen[i] |= bit;
            var next = branches[(i + 1)..].IndexOfAnyExcept((byte)0);
            i = next < 0 ? -1 : i + 1 + next;
        }

        return isNew;
    }
}
