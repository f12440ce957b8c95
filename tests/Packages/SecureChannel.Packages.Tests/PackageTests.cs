using System.IO.Compression;
using System.Xml.Linq;
using SecureChannel.Testing;

namespace SecureChannel.Packages.Tests;

/// <summary>The packages, as a user references them.</summary>
[Collection(nameof(PackedProject))]
public sealed class PackageTests(PackedProject packed)
{
    [Fact]
    public async Task Package_contains_the_library_and_the_compiler_extensions()
    {
        var names = await NamesAsync("SecureChannel.0.2.0.nupkg");
        string[] expected =
        [
            "lib/net10.0/SecureChannel.dll", "lib/net10.0/SecureChannel.xml", "README.md", "LICENSE",
            "analyzers/dotnet/cs/SecureChannel.Model.dll", "analyzers/dotnet/cs/SecureChannel.Generators.dll",
            "analyzers/dotnet/cs/SecureChannel.Analyzers.dll", "analyzers/dotnet/cs/SecureChannel.CodeFixes.dll",
        ];
        Assert.Equal([], expected.Except(names));
        Assert.Equal(5, names.Count(name => name.EndsWith(".dll", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Sodium_provider_is_a_separate_package()
    {
        Assert.Contains("lib/net10.0/SecureChannel.Sodium.dll", await NamesAsync("SecureChannel.Sodium.0.2.0.nupkg"));
        Assert.Equal(["SecureChannel", "libsodium"], (await DependenciesAsync("SecureChannel.Sodium")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Package_has_no_dependencies() => Assert.Empty(await DependenciesAsync("SecureChannel"));

    [Theory]
    [InlineData("SecureChannel")]
    [InlineData("SecureChannel.Sodium")]
    public async Task Each_package_has_a_symbol_package(string package) =>
        Assert.Contains($"lib/net10.0/{package}.pdb", await NamesAsync($"{package}.0.2.0.snupkg"));

    [Fact]
    public async Task Project_that_references_the_package_declares_and_runs_a_protocol()
    {
        var folder = packed.CreateConsumer("Good");
        var run = await PackedProject.DotnetAsync(folder, "run", "-p:TreatWarningsAsErrors=true", "--disable-build-servers");
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Contains("balance 100.00", run.Output);
    }

    [Fact]
    public async Task Program_that_sends_before_the_handshake_does_not_compile()
    {
        var folder = packed.CreateConsumer("Bad");
        var line = File.ReadLines(Path.Combine(folder, "Program.cs")).Index().Single(each => each.Item.Contains("// too early", StringComparison.Ordinal)).Index + 1;
        var build = await PackedProject.DotnetAsync(folder, "build", "--disable-build-servers");
        Assert.NotEqual(0, build.ExitCode);
        var errors = build.Lines.Where(each => each.Contains("error ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(errors);
        Assert.All(errors, error => Assert.Matches($@"Program\.cs\({line},\d+\): error SCH3001: ", error));
    }

    [Fact]
    public async Task Package_contains_each_page_of_the_user_documentation()
    {
        var pages = Repository.Files("src/SecureChannel/docs", ".md").Select(page => $"docs/{Path.GetFileName(page)}").ToList();
        Assert.NotEmpty(pages);
        var included = (await NamesAsync("SecureChannel.0.2.0.nupkg")).Where(name => Path.GetDirectoryName(name) == "docs");
        Assert.Equal(pages, included.Order(StringComparer.Ordinal));
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
