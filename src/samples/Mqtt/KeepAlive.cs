using SecureChannel;
using SecureChannel.Protocols;

namespace Samples.Mqtt311;

/// <summary>Sends pings for a client, and aborts its connection if the broker does not answer (section 3.1.2.10).</summary>
/// <param name="channel">The channel of the connection.</param>
/// <param name="seconds">The keep-alive in seconds, or 0 to send no pings.</param>
internal sealed class KeepAlive(MessageChannel channel, ushort seconds)
{
    /// <summary>Sends pings until the token is canceled.</summary>
    /// <param name="ping">Sends a ping and completes with its answer.</param>
    /// <param name="connectionEnded">A token that is canceled when the connection ends.</param>
    /// <exception cref="SessionException">The broker did not answer a ping in time.</exception>
    public async Task RunAsync(Func<Task> ping, CancellationToken connectionEnded)
    {
        var (period, time) = (seconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds), channel.TimeProvider);
        while (true)
        {
            await Task.Delay(period, time, connectionEnded).ConfigureAwait(false);
            try
            {
                await ping().WaitAsync(period, time, connectionEnded).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                var reason = $"the broker did not answer a ping within {seconds} s (MQTT 3.1.1 section 3.1.2.10)";
                var error = new SessionError(SessionErrorKind.TimedOut, SessionErrorCode.KeepAliveTimeout, AlertDescription.GeneralError, reason);
                await channel.AbortAsync(error).ConfigureAwait(false);
                throw new SessionException(error);
            }
        }
    }
}
