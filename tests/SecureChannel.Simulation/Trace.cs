using System.Globalization;

namespace SecureChannel.Simulation;

/// <summary>The events of a run in order. Its hash shows whether two runs of a seed were the same.</summary>
/// <param name="output">The writer that receives a line for each event, or null.</param>
internal sealed class Trace(TextWriter? output)
{
    /// <summary>Gets a hash of all events (FNV-1a).</summary>
    public ulong Hash { get; private set; } = 14695981039346656037;

    /// <summary>Gets or sets the clock.</summary>
    public VirtualTime? Time { get; set; }

    public void Add(string subject, string what, long first = 0, long second = 0)
    {
        var now = Time!.Now;
        Mix((ulong)now.Ticks);
        foreach (var letter in what)
            Mix(letter);
        Mix((ulong)first);
        Mix((ulong)second);
        output?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{now.TotalMilliseconds,14:F3} ms  {subject,-6} {what}{Values(first, second)}"));
    }

    private static string Values(long first, long second) => second != 0 ? $" {first} {second}" : first != 0 ? $" {first}" : "";

    private void Mix(ulong value) => Hash = (Hash ^ value) * 1099511628211;
}
