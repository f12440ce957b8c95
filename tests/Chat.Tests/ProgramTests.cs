using SecureChannel.Testing;

namespace Chat.Tests;

/// <summary>The program, started like a user starts it.</summary>
public sealed class ProgramTests() : SampleProgramTests("Chat")
{
    [Fact]
    public async Task Demo_shows_members_that_talk_and_leave_and_a_room_that_closes()
    {
        var demo = await RunAsync();
        Assert.True(demo.ExitCode == 0, demo.Output);
        Assert.Contains("[bob] ann: hello", demo.Lines);
        Assert.Contains("[eve] bob: I must go", demo.Lines);
        Assert.Contains("[ann] bob: has left", demo.Lines);
        var left = demo.Lines.Where(line => line.EndsWith(" has left", StringComparison.Ordinal) && !line.StartsWith('['));
        Assert.Equal(["ann has left", "bob has left", "eve has left"], left.Order());
    }

    [Theory]
    [InlineData("--handshake", "none")]
    [InlineData("unknown")]
    [InlineData("join", "ann")]
    public Task Invalid_command_line_shows_the_help(params string[] arguments) => AssertUsageErrorAsync(arguments);
}
