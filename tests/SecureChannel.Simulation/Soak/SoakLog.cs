namespace SecureChannel.Simulation;

/// <summary>Prints violations, and counts the results of operations and the ends of sessions. Thread-safe.</summary>
internal sealed class SoakLog
{
    private const int MaxViolationLines = 50;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, long> _counts = [];

    public int Violations { get; private set; }

    public void Report(string violation)
    {
        lock (_gate)
        {
            if (++Violations <= MaxViolationLines)
                Console.WriteLine($"violation at {DateTime.Now:HH:mm:ss}: {violation}");
        }
    }

    public void Count(SoakOutcome outcome) => Count($"operations {outcome}");

    public void Count(SessionEnd? end) => Count($"ends {end?.Reason} {end?.Error?.Code}");

    public void PrintCounts()
    {
        lock (_gate)
        {
            foreach (var (name, count) in _counts)
                Console.WriteLine($"{name}: {count}");
        }
    }

    private void Count(string name)
    {
        lock (_gate)
            _counts[name] = _counts.GetValueOrDefault(name) + 1;
    }
}
