using SecureChannel.Tests;

namespace Chat.Tests;

/// <summary>The sample, started as its user starts it.</summary>
public sealed class ProgramTests() : SampleProgramTests("Chat")
{
    [Fact]
    public async Task The_tour_talks_leaves_and_closes()
    {
        var tour = await RunAsync();
        Assert.True(tour.ExitCode == 0, tour.Output);
        Assert.Contains("bob hears ann: hello", tour.Lines);
        Assert.Contains("eve hears bob: I must go", tour.Lines);
        Assert.Contains("ann hears bob: has left", tour.Lines);
        Assert.Equal(["ann has left", "bob has left", "eve has left"], tour.Lines.Where(line => line.EndsWith(" has left", StringComparison.Ordinal) && !line.Contains(" hears ", StringComparison.Ordinal)).Order());
    }

    [Theory]
    [InlineData("--handshake", "none")]
    [InlineData("surprise")]
    [InlineData("join", "ann")]
    public Task What_is_not_understood_is_said_with_the_help(params string[] arguments) => AssertNotUnderstoodAsync(arguments);
}
