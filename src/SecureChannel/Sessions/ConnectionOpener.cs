using System.Net;
using System.Net.Sockets;

namespace SecureChannel;

/// <summary>Opens the connection of a client: resolves the host, and tries its addresses one after another.</summary>
internal static class ConnectionOpener
{
    /// <summary>Opens a connection within <see cref="SecureSessionOptions.HandshakeTimeout"/>.</summary>
    /// <exception cref="SessionException">No address accepted the connection, or the time is over.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static async Task<Socket> OpenAsync(EndPoint endPoint, ClientOptions options, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.HandshakeTimeout, options.TimeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await ConnectToAnyAsync(endPoint, options, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (stop.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new SessionException(
                new SessionError(
                    SessionErrorKind.TimedOut, SessionErrorCode.HandshakeTimeout, AlertDescription.GeneralError,
                    $"No connection to {Describe(endPoint)} was made within {options.HandshakeTimeout.TotalSeconds:0.###} s. Check the address and the "
                    + "network, or increase 'HandshakeTimeout', which includes connecting."),
                innerException: e);
        }
    }

    private static async Task<Socket> ConnectToAnyAsync(EndPoint endPoint, ClientOptions options, CancellationToken cancellationToken)
    {
        var failures = new List<(EndPoint EndPoint, SocketException Exception)>();
        try
        {
            foreach (var address in await ResolveAsync(endPoint, cancellationToken).ConfigureAwait(false))
            {
                try
                {
                    return await ConnectAsync(address, options, cancellationToken).ConfigureAwait(false);
                }
                catch (SocketException e)
                {
                    failures.Add((address, e));
                }
            }
            if (failures.Count == 0)
                throw new SocketException((int)SocketError.HostNotFound);
        }
        catch (SocketException e)
        {
            throw CreateException(endPoint, e.Message, e);
        }
        var reasons = failures.Count == 1
            ? failures[0].Exception.Message
            : string.Join("; ", failures.Select(failure => $"{failure.EndPoint}: {failure.Exception.Message}"));
        throw CreateException(endPoint, reasons, failures[^1].Exception);
    }

    private static async Task<IReadOnlyList<EndPoint>> ResolveAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        if (endPoint is not DnsEndPoint dns)
            return [endPoint];
        if (IPAddress.TryParse(dns.Host, out var literal))
            return [new IPEndPoint(literal, dns.Port)];
        // The resolver may ignore the token.
        var addresses = await Dns.GetHostAddressesAsync(dns.Host, dns.AddressFamily, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        return [.. addresses.Select(address => new IPEndPoint(address, dns.Port))];
    }

    private static async Task<Socket> ConnectAsync(EndPoint address, ClientOptions options, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, address is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(address, stop.Token).ConfigureAwait(false);
            return socket;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new SocketException(
                (int)SocketError.TimedOut, $"The address did not answer within {options.ConnectTimeout.TotalSeconds:0.###} s ('ConnectTimeout').");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static SessionException CreateException(EndPoint endPoint, string reason, SocketException cause) => new(
        new SessionError(
            SessionErrorKind.TransportFailed, SessionErrorCode.TransportFailed, AlertDescription.InternalError,
            $"The connection to {Describe(endPoint)} failed: {PeerText.Printable(reason.TrimEnd('.'))}. Check the address, and that the server is running."),
        innerException: cause);

    private static string? Describe(EndPoint endPoint) => endPoint is DnsEndPoint dns ? $"{dns.Host}:{dns.Port}" : endPoint.ToString();
}
