using SecureChannel.Tests;

namespace Rpc.Tests;

/// <summary>The sample, started as its user starts it.</summary>
public sealed class ProgramTests() : SampleProgramTests("Rpc")
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

    [Theory]
    [InlineData("add", "1", "two", "--port", "1")]
    [InlineData("--handshake", "none")]
    [InlineData("surprise")]
    [InlineData("wait", "1")]
    public Task What_is_not_understood_is_said_with_the_help(params string[] arguments) => AssertNotUnderstoodAsync(arguments);
}
