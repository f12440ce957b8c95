using SecureChannel.Interop.Tests;
using SecureChannel.Tests;

namespace Mqtt.Tests;

/// <summary>The sample, started as its user starts it.</summary>
public sealed class ProgramTests() : SampleProgramTests("Mqtt")
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Mqtt.dll");

    [Fact]
    public async Task The_tour_publishes_and_delivers()
    {
        var tour = await RunAsync();
        Assert.True(tour.ExitCode == 0, tour.Output);
        Assert.Contains("delivered home/kitchen/temperature at QoS 0: 21.5", tour.Lines);
        Assert.Contains("delivered home/attic/temperature at QoS 1: 21.5", tour.Lines);
        Assert.Contains("delivered home/cellar/temperature at QoS 2: 21.5", tour.Lines);
        Assert.Contains("the broker answers a ping", tour.Lines);
    }

    [Theory]
    [InlineData("session")]
    [InlineData("plain")]
    public async Task A_broker_a_subscriber_and_a_publisher_are_three_processes(string wire)
    {
        var authority = Path.GetTempFileName();
        string[] common = ["--wire", wire, "--authority", authority, "--qos", "2", "--port"];
        await using var broker = Start(["broker", .. common, "0"]);
        var port = (await broker.HearAsync("listening on port (\\d+)")).Groups[1].Value;
        await using var subscriber = Start(["subscribe", "home/#", .. common, port]);
        await subscriber.HearAsync("^subscribed to home/#$");

        var publisher = await RunAsync(["publish", "home/kitchen", "good day", .. common, port]);

        Assert.True(publisher.ExitCode == 0, publisher.Output);
        await subscriber.HearAsync("^home/kitchen at QoS 2: good day$");
        File.Delete(authority);
    }

    [Fact]
    public async Task Help_tells_of_the_wires() => Assert.Contains("--wire NAME", (await RunAsync("--help")).Output);

    [Theory]
    [InlineData("--handshake", "none")]
    [InlineData("--qos", "3")]
    [InlineData("surprise")]
    [InlineData("subscribe", "x")]
    [InlineData("subscribe", "x", "--wire", "plain")]
    [InlineData("broker", "--wire", "string")]
    public Task What_is_not_understood_is_said_with_the_help(params string[] arguments) => AssertNotUnderstoodAsync(arguments);

    private static ExternalProgram Start(params string[] arguments) =>
        ExternalProgram.Start(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", AppContext.BaseDirectory, [Program, .. arguments]);
}
