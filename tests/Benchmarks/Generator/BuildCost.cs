using System.Diagnostics;
using System.Globalization;

namespace SecureChannel.Benchmarks.Generator;

/// <summary>What the generator adds to <c>dotnet build</c>: the same 500 types with it, without it, and with MemoryPack's.</summary>
internal static class BuildCost
{
    // The first rounds start the server, and its own code is compiled.
    private const int WarmUps = 2;
    private const int Rounds = 5;

    private static readonly Way[] Ways =
    [
        new("`dotnet build` of a clean checkout, the compiler's server, as by default", HasServer: true, IsClean: true),
        new("`dotnet build` of a clean checkout, a compiler process each", HasServer: false, IsClean: true),
        new("compiled again without a look at packages (`--no-restore --no-incremental`), a compiler process each", HasServer: false, IsClean: false),
    ];

    public static void Run()
    {
        var folder = Directory.CreateTempSubdirectory("SecureChannel.BuildCost.").FullName;
        try
        {
            (string Name, string[] Analyzers)[] projects =
            [
                ("without", []),
                ("SecureChannel", ["SecureChannel.Generators.dll", "SecureChannel.Model.dll"]),
                ("MemoryPack", [Path.Combine("MemoryPackGenerator", "MemoryPack.Generator.dll")]),
            ];
            foreach (var (name, analyzers) in projects)
                WriteProject(Path.Combine(folder, name), analyzers);

            foreach (var way in Ways)
                Print(folder, [.. projects.Select(project => project.Name)], way);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Print(string folder, string[] names, Way way)
    {
        var times = names.Select(_ => new List<double>()).ToArray();
        for (var round = -WarmUps; round < Rounds; round++)
        {
            for (var i = 0; i < names.Length; i++)
            {
                var time = Build(Path.Combine(folder, names[i]), way);
                if (round >= 0)
                    times[i].Add(time.TotalSeconds);
            }
        }

        var fastest = times.Select(list => list.Min()).ToArray();
        Console.WriteLine();
        Console.WriteLine($"| 500 types, {way.Title} | seconds | ratio |");
        Console.WriteLine("|---|---:|---:|");
        for (var i = 0; i < names.Length; i++)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {names[i]} | {fastest[i]:F2} | {fastest[i] / fastest[0]:F2} |"));
    }

    private static void WriteProject(string folder, string[] analyzers)
    {
        Directory.CreateDirectory(folder);
        foreach (var (path, text) in FiveHundredTypes.Files())
            File.WriteAllText(Path.Combine(folder, path), text);
        string Item(string kind, string file) => $"    <{kind} Include=\"{Path.Combine(AppContext.BaseDirectory, file)}\" />\n";
        File.WriteAllText(Path.Combine(folder, "Bank.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
              </PropertyGroup>
              <ItemGroup>
            {Item("Reference", "SecureChannel.dll")}{Item("Reference", "MemoryPack.Core.dll")}{string.Concat(analyzers.Select(file => Item("Analyzer", file)))}  </ItemGroup>
            </Project>
            """);
    }

    private static TimeSpan Build(string folder, Way way)
    {
        if (way.IsClean)
        {
            foreach (var made in (string[])["bin", "obj"])
            {
                if (Directory.Exists(Path.Combine(folder, made)))
                    Directory.Delete(Path.Combine(folder, made), recursive: true);
            }
        }

        string[] arguments = ["build", "-v:q", "-nologo", $"-p:UseSharedCompilation={way.HasServer}", .. way.IsClean ? (string[])[] : ["--no-restore", "--no-incremental"]];
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? Stopwatch.GetElapsedTime(started) : throw new InvalidOperationException(output);
    }

    private sealed record Way(string Title, bool HasServer, bool IsClean);
}
