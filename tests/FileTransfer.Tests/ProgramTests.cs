using SecureChannel.Testing;

namespace FileTransfer.Tests;

/// <summary>The program, started like a user starts it.</summary>
public sealed class ProgramTests() : SampleProgramTests("FileTransfer")
{
    [Fact]
    public async Task Demo_resumes_both_transfers_and_downloads_the_same_file()
    {
        var demo = await RunAsync("--size", "8");
        Assert.True(demo.ExitCode == 0, demo.Output);
        Assert.Contains(demo.Lines, line => line.StartsWith("upload: Completed, resumed at ", StringComparison.Ordinal));
        Assert.Contains(demo.Lines, line => line.StartsWith("download: Canceled, resumed at 0 MB", StringComparison.Ordinal));
        Assert.Contains(demo.Lines, line => line.StartsWith("download: Completed, resumed at ", StringComparison.Ordinal));
        Assert.Contains("the downloaded file equals the uploaded file", demo.Lines);
    }

    [Theory]
    [InlineData("--size", "none")]
    [InlineData("--handshake", "none")]
    [InlineData("unknown")]
    [InlineData("download", "x")]
    public Task Invalid_command_line_shows_the_help(params string[] arguments) => AssertUsageErrorAsync(arguments);
}
