using System.Diagnostics;
using System.Globalization;

namespace SecureChannel.Benchmarks.Generator;

/// <summary>What the generator adds to <c>dotnet build</c>: the same 500 types with it, without it, and with MemoryPack's.</summary>
internal static class BuildCost
{
    private const int Rounds = 5;

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
            foreach (var (name, _) in projects)
                Build(Path.Combine(folder, name), "restore");

            var times = projects.Select(_ => new List<double>()).ToArray();
            for (var round = 0; round <= Rounds; round++)
            {
                for (var i = 0; i < projects.Length; i++)
                {
                    var start = Stopwatch.GetTimestamp();
                    Build(Path.Combine(folder, projects[i].Name), "build", "--no-restore", "--no-incremental");
                    // The first round starts servers.
                    if (round > 0)
                        times[i].Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
                }
            }

            var fastest = times.Select(list => list.Min()).ToArray();
            Console.WriteLine();
            Console.WriteLine("| 500 types, `dotnet build` | seconds | ratio |");
            Console.WriteLine("|---|---:|---:|");
            for (var i = 0; i < projects.Length; i++)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {projects[i].Name} | {fastest[i]:F2} | {fastest[i] / fastest[0]:F2} |"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
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

    private static void Build(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [.. arguments, "-v:q", "-nologo"]) { WorkingDirectory = folder, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(output);
    }
}
