using SecureChannel;
using SecureChannel.Protocols;

namespace Samples.Mqtt311;

/// <summary>Keeps a client's connection alive by pings, and ends it when one is not answered (section 3.1.2.10).</summary>
/// <param name="channel">The connection's channel.</param>
/// <param name="seconds">How long the client may be silent; 0: for ever.</param>
internal sealed class KeepAlive(MessageChannel channel, ushort seconds)
{
    /// <summary>Runs until it is cancelled, or the broker has not answered in time.</summary>
    /// <param name="ping">Asks the broker, and completes when it has answered.</param>
    /// <param name="ended">The connection has ended.</param>
    public async Task RunAsync(Func<Task> ping, CancellationToken ended)
    {
        var (period, time) = (seconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds), channel.TimeProvider);
        while (true)
        {
            await Task.Delay(period, time, ended).ConfigureAwait(false);
            try
            {
                await ping().WaitAsync(period, time, ended).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                var error = new SessionError(SessionErrorKind.TimedOut, AlertDescription.UserCanceled, $"the broker did not answer a ping within {seconds} s (MQTT 3.1.1 section 3.1.2.10)");
                await channel.AbortAsync(error).ConfigureAwait(false);
                throw new SessionException(error);
            }
        }
    }
}
