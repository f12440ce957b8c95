using System.Diagnostics;
using System.Globalization;

namespace SecureChannel.Benchmarks.Generator;

/// <summary>What the generator adds to <c>dotnet build</c>: the same 500 types with it, without it, and with MemoryPack's.</summary>
internal static class BuildCost
{
    // The first rounds start the server, and its own code is compiled.
    private const int WarmUps = 2;
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

            foreach (var server in (bool[])[true, false])
                Print(folder, [.. projects.Select(project => project.Name)], server);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Print(string folder, string[] names, bool server)
    {
        var times = names.Select(_ => new List<double>()).ToArray();
        for (var round = -WarmUps; round < Rounds; round++)
        {
            for (var i = 0; i < names.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                Build(Path.Combine(folder, names[i]), "build", "--no-restore", "--no-incremental", $"-p:UseSharedCompilation={server}");
                if (round >= 0)
                    times[i].Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }

        var fastest = times.Select(list => list.Min()).ToArray();
        Console.WriteLine();
        Console.WriteLine($"| 500 types, `dotnet build`, {(server ? "the compiler's server, as by default" : "a compiler process each")} | seconds | ratio |");
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
