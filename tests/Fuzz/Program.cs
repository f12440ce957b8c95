using System.Diagnostics;
using System.Globalization;
using SecureChannel.Fuzz;

// fuzz SECONDS CORPUS: starts with the corpus, and writes it back, minimized, with the new inputs. check HEX: runs one input.
switch (args)
{
    case ["check", var hex]:
        var result = Target.Run(Convert.FromHexString(hex));
        Console.WriteLine(result ?? "All checks passed.");
        return result is null ? 0 : 1;
    case ["fuzz", var seconds, var path]:
        return Fuzz(TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)), path);
    default:
        Console.Error.WriteLine("Expected the arguments 'fuzz SECONDS CORPUS' or 'check HEX'.");
        return 2;
}

static int Fuzz(TimeSpan duration, string path)
{
    var code = new InstrumentedCode(typeof(Target));
    var fuzzing = new Fuzzing(code, Environment.TickCount);
    foreach (var input in Target.Seeds().Concat(File.Exists(path) ? CorpusFile.Read(path) : []))
    {
        if (fuzzing.Add(input) is { } finding)
            return Report(input, finding);
    }

    Console.WriteLine($"{fuzzing.Corpus.Count} inputs reach {fuzzing.Branches} branches");
    var clock = Stopwatch.StartNew();
    for (var next = TimeSpan.Zero; clock.Elapsed < duration;)
    {
        if (fuzzing.Step() is { } found)
            return Report(found.Input, found.Finding);
        if (clock.Elapsed < next)
            continue;
        next += TimeSpan.FromSeconds(5);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds:F0} s: {fuzzing.Runs} runs, {fuzzing.Corpus.Count} inputs, {fuzzing.Branches} branches"));
    }

    CorpusFile.Write(path, Fuzzing.Minimize(code, fuzzing.Corpus));
    return 0;
}

static int Report(byte[] input, string finding)
{
    Console.WriteLine(finding);
    Console.WriteLine($"check {Convert.ToHexString(input)}");
    return 1;
}
