using SecureChannel.Testing;

namespace Rpc.Tests;

/// <summary>The sample, started as its user starts it.</summary>
public sealed class ProgramTests
{
    [Fact]
    public async Task The_tour_calls_fails_and_cancels()
    {
        var tour = await RunAsync();
        Assert.True(tour.ExitCode == 0, tour.Output);
        Assert.Contains(tour.Lines, line => line.EndsWith(" calls each second, each answered to its caller", StringComparison.Ordinal));
        string[] told = ["failed: nothing can be divided by 0", "failed: there is no such method", "result: 3", "cancelled"];
        Assert.Equal(told, tour.Lines.Where(line => told.Contains(line)));
    }

    [Fact]
    public async Task Help_is_help()
    {
        var help = await RunAsync("--help");
        Assert.Equal(0, help.ExitCode);
        Assert.Contains("--handshake NAME", help.Output);
    }

    [Theory]
    [InlineData("add", "1", "two", "--port", "1")]
    [InlineData("--handshake", "none")]
    [InlineData("surprise")]
    [InlineData("wait", "1")]
    public async Task What_is_not_understood_is_said_with_the_help(params string[] arguments)
    {
        var run = await RunAsync(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--handshake NAME", run.Output);
    }

    private static Task<Command> RunAsync(params string[] arguments) =>
        Command.DotnetAsync(AppContext.BaseDirectory, null, [Path.Combine(AppContext.BaseDirectory, "Rpc.dll"), .. arguments]);
}
