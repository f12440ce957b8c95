using System.Diagnostics;
using SecureChannel.Simulation;

var runs = 100UL;
var seed = 1UL;
for (var i = 0; i + 1 < args.Length; i += 2)
{
    if (args[i] == "--runs") runs = ulong.Parse(args[i + 1]);
    if (args[i] == "--seed") seed = ulong.Parse(args[i + 1]);
}
var verbose = args.Contains("--trace");
var clock = Stopwatch.StartNew();
using var probes = new Probes();
var all = PoolThread.Run(async () =>
{
    var list = new List<RunResult>();
    for (var i = 0UL; i < runs; i++)
        list.Add(await Run.ExecuteAsync(seed + i, verbose, probes));
    return list;
});
foreach (var result in all)
{
    foreach (var violation in result.Violations)
        Console.WriteLine($"seed {result.Seed}: {violation.Rule}: {violation.Detail}");
    if (verbose) Console.WriteLine(result.Description);
}
var hash = all.Aggregate(0UL, (h, r) => (h * 31) ^ r.Hash);
Console.WriteLine($"{runs} runs in {clock.Elapsed.TotalSeconds:F1} s, hash {hash:x}");
foreach (var g in all.SelectMany(r => r.Violations.Select(v => (v.Rule, r.Seed))).GroupBy(v => v.Rule))
    Console.WriteLine($"{g.Key}: {g.Count()}, seeds {string.Join(' ', g.Select(x => x.Seed).Distinct().Take(8))}");
