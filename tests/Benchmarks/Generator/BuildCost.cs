using System.Diagnostics;
using System.Globalization;

namespace SecureChannel.Benchmarks.Generator;

/// <summary>Measures the time that the generator adds to <c>dotnet build</c>: the same 500 types without a generator, with this one and with MemoryPack's.</summary>
internal static class BuildCost
{
    // The first rounds start the compiler server and warm it up.
    private const int WarmUps = 2;
    private const int Rounds = 5;

    private static readonly BuildKind[] Builds =
    [
        new("`dotnet build` of a clean checkout, with the compiler server (the default)", HasServer: true, IsClean: true),
        new("`dotnet build` of a clean checkout, with a new compiler process", HasServer: false, IsClean: true),
        new("`dotnet build --no-restore --no-incremental`, with a new compiler process", HasServer: false, IsClean: false),
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

            foreach (var kind in Builds)
                Print(folder, [.. projects.Select(project => project.Name)], kind);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Print(string folder, string[] names, BuildKind kind)
    {
        var times = names.Select(_ => new List<double>()).ToArray();
        for (var round = -WarmUps; round < Rounds; round++)
        {
            for (var i = 0; i < names.Length; i++)
            {
                var time = Build(Path.Combine(folder, names[i]), kind);
                if (round >= 0)
                    times[i].Add(time.TotalSeconds);
            }
        }

        var fastest = times.Select(list => list.Min()).ToArray();
        Console.WriteLine();
        Console.WriteLine($"| 500 types, {kind.Title} | seconds | ratio |");
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

    private static TimeSpan Build(string folder, BuildKind kind)
    {
        if (kind.IsClean)
        {
            foreach (var outputFolder in (string[])["bin", "obj"])
            {
                if (Directory.Exists(Path.Combine(folder, outputFolder)))
                    Directory.Delete(Path.Combine(folder, outputFolder), recursive: true);
            }
        }

        string[] arguments = ["build", "-v:q", "-nologo", $"-p:UseSharedCompilation={kind.HasServer}", .. kind.IsClean ? (string[])[] : ["--no-restore", "--no-incremental"]];
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? Stopwatch.GetElapsedTime(started) : throw new InvalidOperationException(output);
    }

    private sealed record BuildKind(string Title, bool HasServer, bool IsClean);
}
