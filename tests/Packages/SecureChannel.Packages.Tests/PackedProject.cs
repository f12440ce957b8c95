using SecureChannel.Testing;

namespace SecureChannel.Packages.Tests;

/// <summary>Packs the library once into a folder of its own, and creates projects that restore only from that folder.</summary>
public sealed class PackedProject : IAsyncLifetime
{
    /// <summary>Gets the folder of all files that these tests write. It is outside the repository.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("securechannel-packages-").FullName;

    /// <summary>Gets the folder of the packages.</summary>
    public string Feed => Path.Combine(Folder, "feed");

    /// <summary>The option that skips the analyzers. They have already run in the build of the tests, and take half of the time of a build.</summary>
    public const string SkipAnalyzers = "-p:RunAnalyzersDuringBuild=false";

    public async ValueTask InitializeAsync()
    {
        foreach (var project in (string[])["SecureChannel", "SecureChannel.Sodium"])
        {
            var pack = await Command.DotnetAsync(
                Repository.Root,
                null,
                ["pack", $"src/{project}/{project}.csproj", "-o", Feed, "--artifacts-path", Path.Combine(Folder, "artifacts"), "--disable-build-servers", SkipAnalyzers]);
            Assert.True(pack.ExitCode == 0, pack.Output);
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Creates a project outside the solution that references the package and has one of the programs in Programs.</summary>
    /// <param name="program">The name of the folder in Programs.</param>
    /// <returns>The folder of the project.</returns>
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

    /// <summary>Runs <c>dotnet</c> in a project's folder with a package cache of its own, which is empty at first.</summary>
    public static Task<Command> DotnetAsync(string folder, params IEnumerable<string> arguments) =>
        Command.DotnetAsync(folder, new Dictionary<string, string> { ["NUGET_PACKAGES"] = Path.Combine(folder, "packages") }, arguments);
}

/// <summary>Runs the tests one after the other, because each builds with all cores.</summary>
[CollectionDefinition(nameof(PackedProject))]
public sealed class PackedProjectCollection : ICollectionFixture<PackedProject>;
