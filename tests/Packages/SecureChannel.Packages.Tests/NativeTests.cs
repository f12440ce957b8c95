using SecureChannel.Testing;

namespace SecureChannel.Packages.Tests;

/// <summary>The sample as one native file.</summary>
[Collection(nameof(PackedProject))]
public sealed class NativeTests(PackedProject packed)
{
    [Fact]
    public async Task The_sample_publishes_as_native_code_without_a_warning_and_runs()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("CI") == "true" || (OperatingSystem.IsLinux() && HasLinker()),
            "Native AOT needs gcc or clang to link, and neither is on the path.");
        // A copy, so that the build of the tests and this one share no folder.
        var copy = Path.Combine(packed.Folder, "source");
        foreach (var file in Sources())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(copy, file))!);
            File.Copy(Repository.PathOf(file), Path.Combine(copy, file));
        }

        var output = Path.Combine(packed.Folder, "native");
        var publish = await Command.DotnetAsync(
            copy, null, "publish", "src/samples/Bank", "-r", "linux-x64", "-p:PublishAot=true", "-o", output, "--disable-build-servers", PackedProject.WithoutOwnRules);
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
