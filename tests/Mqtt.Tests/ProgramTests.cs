using SecureChannel.Testing;

namespace Mqtt.Tests;

/// <summary>The program, started like a user starts it.</summary>
public sealed class ProgramTests() : SampleProgramTests("Mqtt")
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Mqtt.dll");

    [Fact]
    public async Task Demo_publishes_and_delivers_with_each_quality_of_service()
    {
        var demo = await RunAsync();
        Assert.True(demo.ExitCode == 0, demo.Output);
        Assert.Contains("delivered home/kitchen/temperature with QoS 0: 21.5", demo.Lines);
        Assert.Contains("delivered home/attic/temperature with QoS 1: 21.5", demo.Lines);
        Assert.Contains("delivered home/cellar/temperature with QoS 2: 21.5", demo.Lines);
        Assert.Contains("the broker answered a ping", demo.Lines);
    }

    [Theory]
    [InlineData("session")]
    [InlineData("plain")]
    public async Task Broker_subscriber_and_publisher_run_as_three_processes(string transport)
    {
        var authority = Path.GetTempFileName();
        string[] common = ["--transport", transport, "--authority", authority, "--qos", "2", "--port"];
        await using var broker = Start(["broker", .. common, "0"]);
        var port = (await broker.WaitForOutputAsync("listening on port (\\d+)")).Groups[1].Value;
        await using var subscriber = Start(["subscribe", "home/#", .. common, port]);
        await subscriber.WaitForOutputAsync("^subscribed to home/#$");

        var publisher = await RunAsync(["publish", "home/kitchen", "good day", .. common, port]);

        Assert.True(publisher.ExitCode == 0, publisher.Output);
        await subscriber.WaitForOutputAsync("^home/kitchen with QoS 2: good day$");
        File.Delete(authority);
    }

    [Fact]
    public async Task Help_shows_the_transports() => Assert.Contains("--transport NAME", (await RunAsync("--help")).Output);

    [Theory]
    [InlineData("--handshake", "none")]
    [InlineData("--qos", "3")]
    [InlineData("unknown")]
    [InlineData("subscribe", "x")]
    [InlineData("subscribe", "x", "--transport", "plain")]
    [InlineData("broker", "--transport", "string")]
    public Task Invalid_command_line_shows_the_help(params string[] arguments) => AssertUsageErrorAsync(arguments);

    private static ExternalProgram Start(params string[] arguments) =>
        ExternalProgram.Start(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", AppContext.BaseDirectory, [Program, .. arguments]);
}
