namespace SecureChannel.Fuzz;

/// <summary>
/// Changes inputs at random and keeps what takes a branch that no input took before, or takes one a different number of times (in powers of two): those are
/// changed further. The same seed gives the same run.
/// </summary>
internal sealed class Fuzzing(InstrumentedCode code, int seed)
{
    private readonly List<byte[]> _corpus = [];
    private readonly byte[] _seen = new byte[code.Branches.Length];
    private readonly Mutator _mutator = new(seed);

    /// <summary>Inputs that took a new branch when they ran, in that order.</summary>
    public IReadOnlyList<byte[]> Corpus => _corpus;

    /// <summary>How many inputs ran.</summary>
    public long Runs { get; private set; }

    /// <summary>How many branches were taken.</summary>
    public int Branches => _seen.Count(bits => bits != 0);

    /// <summary>Runs an input as it is.</summary>
    /// <returns>What does not hold of it; null if all does.</returns>
    public string? Add(byte[] input)
    {
        Runs++;
        var finding = code.Run(input);
        if (IsNew(code.Branches))
            _corpus.Add(input);
        return finding;
    }

    /// <summary>Changes an input of the corpus and runs it.</summary>
    /// <returns>The input and what does not hold of it; null if all does.</returns>
    public (byte[] Input, string Finding)? Step()
    {
        var input = _mutator.Change(_corpus);
        return Add(input) is { } finding ? (input, finding) : null;
    }

    /// <summary>As few of the inputs as take all branches together, small ones first, in an order that does not depend on that of the inputs.</summary>
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
            // 1, 2, 3, 4 to 7, 8 to 15, 16 to 31, 32 to 127, 128 and more: a bit each.
            var bit = (byte)(branches[i] switch { 1 => 1, 2 => 2, 3 => 4, < 8 => 8, < 16 => 16, < 32 => 32, < 128 => 64, _ => 128 });
            isNew |= (_seen[i] & bit) == 0;
            _seen[i] |= bit;
            var next = branches[(i + 1)..].IndexOfAnyExcept((byte)0);
            i = next < 0 ? -1 : i + 1 + next;
        }

        return isNew;
    }
}
