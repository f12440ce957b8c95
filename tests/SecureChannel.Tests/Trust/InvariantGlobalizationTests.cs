using SecureChannel.Testing;

namespace SecureChannel.Tests;

/// <summary>The tests of names, in a process without culture data. Their expected results are the same.</summary>
public sealed class InvariantGlobalizationTests
{
    private const string Variable = "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT";

    [Theory]
    [InlineData(typeof(NameTests))]
    [InlineData(typeof(PathBuildingTests))]
    public async Task Names_have_the_same_meaning_without_culture_data(Type tests)
    {
        var result = await RunAsync("1", tests);
        Assert.True(result.ExitCode == 0, result.Output);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 2)]
    public async Task The_variable_removes_the_culture_data(string value, int exitCode) =>
        Assert.Equal(exitCode, (await RunAsync(value, typeof(CultureDataProbe))).ExitCode);

    private static Task<Command> RunAsync(string value, Type tests) => Command.DotnetAsync(AppContext.BaseDirectory,
        new Dictionary<string, string> { [Variable] = value, [CultureDataProbe.Variable] = "1" }, "SecureChannel.Tests.dll", "--filter-class", tests.FullName!);
}

/// <summary>A test that fails without culture data. It shows that the process of the other tests has none.</summary>
public sealed class CultureDataProbe
{
    internal const string Variable = "SECURECHANNEL_TESTS_PROBE";

    [Fact]
    public void The_culture_data_of_the_platform_is_present()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not null)
            Assert.Equal("S", "\u017F".ToUpperInvariant());
    }
}
