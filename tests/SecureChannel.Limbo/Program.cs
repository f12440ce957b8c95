using System.Diagnostics;
using SecureChannel.Limbo;

if (args is not [var path, ..])
{
    Console.WriteLine("Usage: SecureChannel.Limbo LIMBO_JSON [--server-only]");
    return 2;
}

using var file = File.OpenRead(path);
var disagreements = new List<(LimboCase Case, string? Reason)>();
var byCategory = new SortedDictionary<string, (int All, int Agreed, int Lenient, int Strict)>(StringComparer.Ordinal);
var slowest = (Id: "", Time: TimeSpan.Zero);
foreach (var entry in LimboCase.ReadAll(file))
{
    if (!entry.IsServer && args.Contains("--server-only"))
        continue;
    var watch = Stopwatch.StartNew();
    var reason = entry.Verify();
    if (watch.Elapsed > slowest.Time)
        slowest = (entry.Id, watch.Elapsed);

    var category = string.Join("::", entry.Id.Split("::")[..^1]);
    var count = byCategory.GetValueOrDefault(category);
    var (isLenient, isStrict) = (reason is null && !entry.IsAccepted, reason is not null && entry.IsAccepted);
    byCategory[category] = (count.All + 1, count.Agreed + (isLenient || isStrict ? 0 : 1), count.Lenient + (isLenient ? 1 : 0), count.Strict + (isStrict ? 1 : 0));
    if (isLenient || isStrict)
        disagreements.Add((entry, reason));
}

Console.WriteLine("| category | cases | agree | too lenient | too strict |");
Console.WriteLine("|---|---|---|---|---|");
foreach (var (category, (all, agreed, lenient, strict)) in byCategory)
    Console.WriteLine($"| {category} | {all} | {agreed} | {lenient} | {strict} |");
Console.WriteLine($"| all | {byCategory.Values.Sum(count => count.All)} | {byCategory.Values.Sum(count => count.Agreed)} "
    + $"| {byCategory.Values.Sum(count => count.Lenient)} | {byCategory.Values.Sum(count => count.Strict)} |");
Console.WriteLine();
foreach (var (entry, reason) in disagreements)
    Console.WriteLine(reason is null ? $"lenient {entry.Id}" : $"strict {entry.Id}: {reason}");
Console.WriteLine($"Slowest: {slowest.Id}, {slowest.Time.TotalMilliseconds:F1} ms");
return 0;
