using System.IO.Compression;
using System.Xml.Linq;

namespace SecureChannel.Packages.Tests;

/// <summary>What is built is what is tested: the packages, as a user adds them.</summary>
[Collection(nameof(PackedProject))]
public sealed class PackageTests(PackedProject packed)
{
    [Fact]
    public async Task The_package_carries_the_library_and_what_runs_inside_the_compiler()
    {
        var names = await NamesAsync("SecureChannel.0.2.0.nupkg");
        string[] expected =
        [
            "lib/net10.0/SecureChannel.dll", "lib/net10.0/SecureChannel.xml", "README.md", "LICENSE", "docs/rules/SCH2001.md",
            "analyzers/dotnet/cs/SecureChannel.Model.dll", "analyzers/dotnet/cs/SecureChannel.Generators.dll",
            "analyzers/dotnet/cs/SecureChannel.Analyzers.dll", "analyzers/dotnet/cs/SecureChannel.CodeFixes.dll",
        ];
        Assert.Equal([], expected.Except(names));
        Assert.Equal(5, names.Count(name => name.EndsWith(".dll", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_fast_provider_is_a_package_of_its_own()
    {
        Assert.Contains("lib/net10.0/SecureChannel.Sodium.dll", await NamesAsync("SecureChannel.Sodium.0.2.0.nupkg"));
        Assert.Equal(["SecureChannel", "libsodium"], (await DependenciesAsync("SecureChannel.Sodium")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_package_depends_on_nothing() => Assert.Empty(await DependenciesAsync("SecureChannel"));

    [Theory]
    [InlineData("SecureChannel")]
    [InlineData("SecureChannel.Sodium")]
    public async Task Each_package_has_its_symbols(string package) =>
        Assert.Contains($"lib/net10.0/{package}.pdb", await NamesAsync($"{package}.0.2.0.snupkg"));

    [Fact]
    public async Task A_project_that_adds_the_package_declares_a_protocol_and_speaks_it()
    {
        var folder = packed.CreateConsumer("Good");
        var run = await PackedProject.DotnetAsync(folder, "run", "-p:TreatWarningsAsErrors=true", "--disable-build-servers");
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Contains("balance 100.00", run.Output);
    }

    [Fact]
    public async Task A_program_that_sends_too_early_does_not_compile()
    {
        var folder = packed.CreateConsumer("Bad");
        var line = File.ReadLines(Path.Combine(folder, "Program.cs")).Index().Single(each => each.Item.Contains("// too early", StringComparison.Ordinal)).Index + 1;
        var build = await PackedProject.DotnetAsync(folder, "build", "--disable-build-servers");
        Assert.NotEqual(0, build.ExitCode);
        var errors = build.Lines.Where(each => each.Contains("error ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(errors);
        Assert.All(errors, error => Assert.Matches($@"Program\.cs\({line},\d+\): error SCH3001: ", error));
    }

    private async Task<List<string>> NamesAsync(string package)
    {
        await using var archive = await ZipFile.OpenReadAsync(Path.Combine(packed.Feed, package), TestContext.Current.CancellationToken);
        return [.. archive.Entries.Select(entry => entry.FullName)];
    }

    private async Task<List<string>> DependenciesAsync(string package)
    {
        await using var archive = await ZipFile.OpenReadAsync(Path.Combine(packed.Feed, $"{package}.0.2.0.nupkg"), TestContext.Current.CancellationToken);
        await using var nuspec = await archive.GetEntry($"{package}.nuspec")!.OpenAsync(TestContext.Current.CancellationToken);
        var document = await XDocument.LoadAsync(nuspec, LoadOptions.None, TestContext.Current.CancellationToken);
        return [.. document.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value)];
    }
}
