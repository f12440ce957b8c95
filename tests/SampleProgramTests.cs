using SecureChannel.Testing;

namespace SecureChannel.Tests;

/// <summary>What holds for every sample that is started as its user starts it.</summary>
/// <param name="sample">The sample's name.</param>
public abstract class SampleProgramTests(string sample)
{
    [Fact]
    public async Task Help_is_help()
    {
        var help = await RunAsync("--help");
        Assert.Equal(0, help.ExitCode);
        Assert.Contains("--handshake NAME", help.Output);
    }

    /// <summary>What the program does not understand it says, with its help.</summary>
    protected async Task AssertNotUnderstoodAsync(string[] arguments)
    {
        var run = await RunAsync(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--handshake NAME", run.Output);
    }

    protected Task<Command> RunAsync(params string[] arguments) =>
        Command.DotnetAsync(AppContext.BaseDirectory, null, [Path.Combine(AppContext.BaseDirectory, sample + ".dll"), .. arguments]);
}
