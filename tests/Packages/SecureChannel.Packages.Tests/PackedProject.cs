using SecureChannel.Testing;

namespace SecureChannel.Packages.Tests;

/// <summary>Packs the library once, into a folder of its own, and makes projects that know nothing but that folder.</summary>
public sealed class PackedProject : IAsyncLifetime
{
    /// <summary>Everything that these tests write: nothing of it lies in the repository.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("securechannel-packages-").FullName;

    /// <summary>Where the packages lie.</summary>
    public string Feed => Path.Combine(Folder, "feed");

    /// <summary>The rules for the library's own source have run in the build of the tests; a second run of them shows nothing, and takes half of a build's time.</summary>
    public const string WithoutOwnRules = "-p:RunAnalyzersDuringBuild=false";

    public async ValueTask InitializeAsync()
    {
        foreach (var project in (string[])["SecureChannel", "SecureChannel.Sodium"])
        {
            var pack = await Command.DotnetAsync(
                Repository.Root,
                null,
                ["pack", $"src/{project}/{project}.csproj", "-o", Feed, "--artifacts-path", Path.Combine(Folder, "artifacts"), "--disable-build-servers", WithoutOwnRules]);
            Assert.True(pack.ExitCode == 0, pack.Output);
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Makes a project outside the solution that adds the package and holds a program of ours.</summary>
    /// <param name="program">A folder below Programs.</param>
    /// <returns>The project's folder.</returns>
    public string CreateConsumer(string program)
    {
        var folder = CreateProject(program);
        File.Copy(Repository.PathOf("src", "samples", "Bank", "Protocol.cs"), Path.Combine(folder, "Protocol.cs"));
        foreach (var file in Directory.EnumerateFiles(Repository.PathOf("tests", "Packages", "SecureChannel.Packages.Tests", "Programs", program)))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return folder;
    }

    /// <summary>Creates a project outside the solution that adds the package and has no source files yet.</summary>
    /// <param name="name">The name of the project and its folder.</param>
    /// <returns>The project's folder.</returns>
    public string CreateProject(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, "consumers", name)).FullName;
        File.WriteAllText(Path.Combine(folder, $"{name}.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="SecureChannel" Version="0.2.0" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <add key="built-here" value="{Feed}" />
              </packageSources>
            </configuration>
            """);
        return folder;
    }

    /// <summary>Runs <c>dotnet</c> in a consumer's folder with a package folder that holds nothing yet.</summary>
    public static Task<Command> DotnetAsync(string folder, params IEnumerable<string> arguments) =>
        Command.DotnetAsync(folder, new Dictionary<string, string> { ["NUGET_PACKAGES"] = Path.Combine(folder, "packages") }, arguments);
}

/// <summary>These tests build, each with all cores; one after the other is faster.</summary>
[CollectionDefinition(nameof(PackedProject))]
public sealed class PackedProjectCollection : ICollectionFixture<PackedProject>;
