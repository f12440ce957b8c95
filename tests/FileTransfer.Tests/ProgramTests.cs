using SecureChannel.Testing;

namespace FileTransfer.Tests;

/// <summary>The sample, started as its user starts it.</summary>
public sealed class ProgramTests
{
    [Fact]
    public async Task The_tour_cuts_cancels_resumes_and_brings_the_same_file_back()
    {
        var tour = await RunAsync("--size", "8");
        Assert.True(tour.ExitCode == 0, tour.Output);
        Assert.Contains(tour.Lines, line => line.StartsWith("up: Complete, resumed at ", StringComparison.Ordinal));
        Assert.Contains(tour.Lines, line => line.StartsWith("down: Cancelled, resumed at 0 MB", StringComparison.Ordinal));
        Assert.Contains(tour.Lines, line => line.StartsWith("down: Complete, resumed at ", StringComparison.Ordinal));
        Assert.Contains("the file that came back is the same", tour.Lines);
    }

    [Fact]
    public async Task Help_is_help()
    {
        var help = await RunAsync("--help");
        Assert.Equal(0, help.ExitCode);
        Assert.Contains("--handshake NAME", help.Output);
    }

    [Theory]
    [InlineData("--size", "none")]
    [InlineData("--handshake", "none")]
    [InlineData("surprise")]
    [InlineData("download", "x")]
    public async Task What_is_not_understood_is_said_with_the_help(params string[] arguments)
    {
        var run = await RunAsync(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--handshake NAME", run.Output);
    }

    private static Task<Command> RunAsync(params string[] arguments) =>
        Command.DotnetAsync(AppContext.BaseDirectory, null, [Path.Combine(AppContext.BaseDirectory, "FileTransfer.dll"), .. arguments]);
}
