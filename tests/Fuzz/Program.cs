using System.Diagnostics;
using System.Globalization;
using SecureChannel.Fuzz;

const string Help = """
    Usage: SecureChannel.Fuzz fuzz SECONDS CORPUS
           SecureChannel.Fuzz check HEX

    Commands:
      fuzz SECONDS CORPUS    Fuzzes for a number of seconds, starting with the inputs of a corpus file, and writes the minimized corpus back.
      check HEX              Checks one input in hexadecimal digits.
    """;

switch (args)
{
    case ["check", var hex]:
        var result = Target.Run(Convert.FromHexString(hex));
        Console.WriteLine(result ?? "All checks passed.");
        return result is null ? 0 : 1;
    case ["--help" or "-h"]:
        Console.WriteLine(Help);
        return 0;
    case ["fuzz", var seconds, var path]:
        return Fuzz(TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)), path);
    default:
        Console.Error.WriteLine(Help);
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

    Console.WriteLine($"{fuzzing.Corpus.Count} inputs take {fuzzing.Branches} branches");
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
