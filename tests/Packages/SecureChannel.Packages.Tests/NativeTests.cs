using SecureChannel.Testing;

namespace SecureChannel.Packages.Tests;

/// <summary>The Bank sample as a native program.</summary>
[Collection(nameof(PackedProject))]
public sealed class NativeTests(PackedProject packed)
{
    // Compiling to native code takes 30 seconds alone, and several times as long while other tests use the processors.
    [Fact(Timeout = 600_000)]
    public async Task Bank_sample_publishes_as_native_code_without_warnings_and_runs()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("CI") == "true" || (OperatingSystem.IsLinux() && HasLinker()),
            "Native AOT requires gcc or clang to link, and neither is in the path.");
        // A copy of the sources, so that this build and the build of the tests do not share folders.
        var copy = Path.Combine(packed.Folder, "source");
        foreach (var file in Sources())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(copy, file))!);
            File.Copy(Repository.PathOf(file), Path.Combine(copy, file));
        }

        var output = Path.Combine(packed.Folder, "native");
        var publish = await Command.DotnetAsync(
            copy, null, "publish", "src/samples/Bank", "-r", "linux-x64", "-p:PublishAot=true", "-o", output, "--disable-build-servers", PackedProject.SkipAnalyzers);
        Assert.True(publish.ExitCode == 0, publish.Output);
        Assert.DoesNotMatch("warning (IL|AOT|CS|NETSDK)?[0-9]+", publish.Output);

        var run = await Command.RunAsync(Path.Combine(output, "Bank"), packed.Folder, null);
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.DoesNotContain("Bank.dll", Directory.EnumerateFiles(output).Select(Path.GetFileName));
    }

    private static IEnumerable<string> Sources() => Repository.Files()
        .Where(file => file.Split('/')[0] is "src" or "generators" or "analyzers" || !file.Contains('/', StringComparison.Ordinal))
        .Where(file => Path.GetFileName(file) != "nuget.config");

    private static bool HasLinker() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "gcc")) || File.Exists(Path.Combine(folder, "clang")));
}
