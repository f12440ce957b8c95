using System.Globalization;
using SecureChannel.Interop.Tests;
using SecureChannel.Testing;

namespace Mqtt.Tests;

/// <summary>mosquitto_pub and mosquitto_sub of this machine.</summary>
internal static class MosquittoClients
{
    /// <summary>Publishes.</summary>
    public static async Task<string> PublishAsync(int port, string topic, string text, string quality, params IEnumerable<string> more)
    {
        var command = await Command.RunAsync(
            Programs.Require("mosquitto_pub"), Path.GetTempPath(), null, ["-h", "localhost", "-p", Text(port), "-t", topic, "-m", text, "-q", quality, "-d", .. more]);
        Assert.True(command.ExitCode == 0, command.Output);
        return command.Output;
    }

    /// <summary>Subscribes, tells each step, and ends after one message.</summary>
    public static ExternalProgram Subscribe(int port, string filter, string quality, params IEnumerable<string> more) => ExternalProgram.Start(
        // Or it would tell all at its end.
        Programs.Require("stdbuf"), Path.GetTempPath(), ["-oL", Programs.Require("mosquitto_sub"), "-h", "localhost", "-p", Text(port), "-t", filter, "-q", quality, "-C", "1", "-v", "-d", .. more]);

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
