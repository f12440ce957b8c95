using System.Diagnostics;
using System.Globalization;
using SecureChannel.Fuzz;

const string Help = """
    Usage: SecureChannel.Fuzz fuzz SECONDS CORPUS
           SecureChannel.Fuzz check HEX
           SecureChannel.Fuzz fuzz-handshakes SECONDS
           SecureChannel.Fuzz check-handshake HEX
           SecureChannel.Fuzz fuzz-revocation SECONDS
           SecureChannel.Fuzz check-revocation HEX

    Commands:
      fuzz SECONDS CORPUS    Fuzzes for a number of seconds, starting with the inputs of a corpus file, and writes the minimized corpus back.
      check HEX              Checks one input in hexadecimal digits.
      fuzz-handshakes SECONDS    Fuzzes the engine with both handshakes, starting with complete handshakes.
      check-handshake HEX    Checks one input of the handshakes.
      fuzz-revocation SECONDS    Fuzzes the verification of CRLs and OCSP responses, starting with valid ones.
      check-revocation HEX    Checks one input of the verification of CRLs and OCSP responses.
    """;

switch (args)
{
    case ["check", var hex]:
        var result = Target.Run(Convert.FromHexString(hex));
        Console.WriteLine(result ?? "All checks passed.");
        return result is null ? 0 : 1;
    case ["check-handshake", var hex]:
        var outcome = HandshakeTarget.Run(Convert.FromHexString(hex));
        Console.WriteLine(outcome ?? "All checks passed.");
        return outcome is null ? 0 : 1;
    case ["fuzz-handshakes", var seconds]:
        return FuzzHandshakes(TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)));
    case ["fuzz-revocation", var seconds]:
        return RevocationFuzzing.Run(TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)));
    case ["check-revocation", var hex]:
        return RevocationFuzzing.Check(Convert.FromHexString(hex));
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

static int FuzzHandshakes(TimeSpan duration)
{
    var fuzzing = new Fuzzing(new InstrumentedCode(typeof(HandshakeTarget)), Environment.TickCount);
    foreach (var input in HandshakeTarget.Seeds())
    {
        if (fuzzing.Add(input) is { } finding)
            return Report(input, finding, "check-handshake");
    }

    for (var clock = Stopwatch.StartNew(); clock.Elapsed < duration;)
    {
        if (fuzzing.Step() is { } found)
            return Report(found.Input, found.Finding, "check-handshake");
    }

    Console.WriteLine($"{fuzzing.Runs} runs, {fuzzing.Corpus.Count} inputs, {fuzzing.Branches} branches");
    return 0;
}

static int Report(byte[] input, string finding, string command = "check")
{
    Console.WriteLine(finding);
    Console.WriteLine($"{command} {Convert.ToHexString(input)}");
    return 1;
}
