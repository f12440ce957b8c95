using SecureChannel.Testing;

namespace Rpc.Tests;

/// <summary>The program, started like a user starts it.</summary>
public sealed class ProgramTests() : SampleProgramTests("Rpc")
{
    [Fact]
    public async Task Demo_shows_results_failures_and_a_cancellation()
    {
        var demo = await RunAsync();
        Assert.True(demo.ExitCode == 0, demo.Output);
        Assert.Contains(demo.Lines, line => line.EndsWith(" calls per second, all answers correct", StringComparison.Ordinal));
        string[] outcomes = ["failed: division by zero", "failed: unknown method 'multiply'", "result: 3", "canceled"];
        Assert.Equal(outcomes, demo.Lines.Where(line => outcomes.Contains(line)));
    }

    [Theory]
    [InlineData("add", "1", "two", "--port", "1")]
    [InlineData("--handshake", "none")]
    [InlineData("unknown")]
    [InlineData("wait", "1")]
    public Task Invalid_command_line_shows_the_help(params string[] arguments) => AssertUsageErrorAsync(arguments);
}
