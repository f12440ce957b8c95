using System.Globalization;
using SecureChannel.Testing;

namespace Mqtt.Tests;

/// <summary>The programs mosquitto_pub and mosquitto_sub.</summary>
internal static class MosquittoClients
{
    /// <summary>Publishes a message.</summary>
    /// <returns>The output of mosquitto_pub.</returns>
    public static async Task<string> PublishAsync(int port, string topic, string text, string quality, params IEnumerable<string> more)
    {
        var command = await Command.RunAsync(
            Programs.Require("mosquitto_pub"),
            Path.GetTempPath(),
            null,
            ["-h", "localhost", "-p", Text(port), "-t", topic, "-m", text, "-q", quality, "-d", .. more]);
        Assert.True(command.ExitCode == 0, command.Output);
        return command.Output;
    }

    /// <summary>Starts a subscriber that logs each step and ends after one message.</summary>
    public static ExternalProgram Subscribe(int port, string filter, string quality, params IEnumerable<string> more) => ExternalProgram.Start(
        // Without stdbuf, mosquitto_sub writes its output at its end.
        Programs.Require("stdbuf"),
        Path.GetTempPath(),
        ["-oL", Programs.Require("mosquitto_sub"), "-h", "localhost", "-p", Text(port), "-t", filter, "-q", quality, "-C", "1", "-v", "-d", .. more]);

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
