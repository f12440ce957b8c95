using SecureChannel.Tests;

namespace FileTransfer.Tests;

/// <summary>The sample, started as its user starts it.</summary>
public sealed class ProgramTests() : SampleProgramTests("FileTransfer")
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

    [Theory]
    [InlineData("--size", "none")]
    [InlineData("--handshake", "none")]
    [InlineData("surprise")]
    [InlineData("download", "x")]
    public Task What_is_not_understood_is_said_with_the_help(params string[] arguments) => AssertNotUnderstoodAsync(arguments);
}
