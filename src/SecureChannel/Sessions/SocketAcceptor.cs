using System.Net.Sockets;

namespace SecureChannel;

/// <summary>Accepts sockets and continues after errors, such as running out of descriptors.</summary>
/// <param name="accept">The operation that accepts a socket.</param>
/// <param name="failed">Receives each error.</param>
/// <param name="time">The clock for the delays.</param>
internal sealed class SocketAcceptor(Func<CancellationToken, ValueTask<Socket>> accept, Action<SocketException> failed, TimeProvider time)
{
    // Errors persist for a while.
    private static readonly TimeSpan MinDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(1);

    /// <summary>Accepts the next socket. After each consecutive error, the next attempt is made after twice the time, at most 1 second.</summary>
    /// <param name="cancellationToken">The token that stops the listener. An error after its cancellation is thrown.</param>
    public async Task<Socket> AcceptAsync(CancellationToken cancellationToken)
    {
        for (var delay = MinDelay; ; delay = delay * 2 < MaxDelay ? delay * 2 : MaxDelay)
        {
            try
            {
                return await accept(cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException e) when (!cancellationToken.IsCancellationRequested)
            {
                failed(e);
                await Task.Delay(delay, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
