namespace SecureChannel.Testing;

/// <summary>The tests that every sample's program must pass. Each sample's tests derive from this class.</summary>
/// <param name="sample">The name of the sample.</param>
public abstract class SampleProgramTests(string sample)
{
    [Fact]
    public async Task Help_shows_the_options()
    {
        var help = await RunAsync("--help");
        Assert.Equal(0, help.ExitCode);
        Assert.Contains("--handshake NAME", help.Output);
    }

    /// <summary>Asserts that the program rejects a command line and shows its help.</summary>
    protected async Task AssertUsageErrorAsync(string[] arguments)
    {
        var run = await RunAsync(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--handshake NAME", run.Output);
    }

    /// <summary>Runs the program to its end.</summary>
    protected Task<Command> RunAsync(params string[] arguments) =>
        Command.DotnetAsync(AppContext.BaseDirectory, null, [Path.Combine(AppContext.BaseDirectory, sample + ".dll"), .. arguments]);
}
