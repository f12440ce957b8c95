using System.Net;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>Resumption through the public API: options, listener and sessions over sockets.</summary>
public sealed class ResumptionSessionTests
{
    private static ServerOptions Server => new() { Identity = Tls13Ends.Identity };

    private static ClientOptions Client => new() { Trust = Tls13Ends.Client.Trust, ServerName = Tls13Ends.ServerName, SessionCache = new ClientSessionCache() };

    [Fact]
    public async Task A_listener_resumes_the_sessions_of_its_clients()
    {
        await using var listener = SecureListener.Start(new IPEndPoint(IPAddress.Loopback, 0), Server);
        var client = Client;
        Assert.False(await ExchangeAsync(listener, client));
        Assert.True(await ExchangeAsync(listener, client));
        Assert.True(await ExchangeAsync(listener, client));
        client.SessionCache!.Clear();
        Assert.False(await ExchangeAsync(listener, client));
    }

    [Fact]
    public async Task Two_listeners_resume_each_others_sessions_only_with_shared_keys()
    {
        var endPoint = new IPEndPoint(IPAddress.Loopback, 0);
        var shared = new TicketKeys(new byte[32]);
        await using var first = SecureListener.Start(endPoint, Server with { Tickets = shared });
        await using var second = SecureListener.Start(endPoint, Server with { Tickets = new TicketKeys(new byte[32]) });
        await using var third = SecureListener.Start(endPoint, Server);
        var client = Client;
        Assert.False(await ExchangeAsync(first, client));
        Assert.True(await ExchangeAsync(second, client));
        Assert.True(await ExchangeAsync(first, client));
        Assert.False(await ExchangeAsync(third, client));
    }

    [Fact]
    public async Task Clients_resume_in_parallel()
    {
        await using var listener = SecureListener.Start(new IPEndPoint(IPAddress.Loopback, 0), Server with { MaxHandshakesPerAddress = 100 });
        var client = Client;
        Assert.False(await ExchangeAsync(listener, client));
        var resumed = 0;
        for (var round = 0; round < 3; round++)
        {
            var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ConnectAndCloseAsync(listener, client)).Append(AcceptAsync(listener, 8)));
            resumed += results.Sum();
        }

        // Each full handshake brings two tickets, and each resumed one replaces its own.
        Assert.True(resumed >= 8, $"{resumed} of 24 sessions were resumed.");
    }

    [Theory]
    [InlineData("key-transport")]
    [InlineData("sslstream")]
    public void Options_for_resumption_are_refused_where_they_have_no_effect(string security)
    {
        var chosen = security == "sslstream" ? SessionSecurity.SslStream : SessionSecurity.KeyTransport;
        var client = Assert.Throws<ArgumentException>(() => SecureSession.Create(Stream.Null, Client with { Security = chosen }));
        Assert.Equal(nameof(ClientOptions.SessionCache), client.ParamName);
        var server = new ServerOptions { Identity = SessionPair.IdentityFor(chosen), Security = chosen, Tickets = new TicketKeys(new byte[32]) };
        Assert.Equal(nameof(ServerOptions.Tickets), Assert.Throws<ArgumentException>(() => SecureListener.Start(0, server)).ParamName);
    }

    private static async Task<bool> ExchangeAsync(SecureListener listener, ClientOptions options)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var accepting = listener.AcceptAsync(cancellation);
        await using var client = await SecureSession.ConnectAsync(listener.LocalEndPoint, options, cancellation);
        await using var server = await accepting;
        var (up, down) = (client.AsStream(), server.AsStream());
        await up.WriteAsync(new byte[] { 1, 2, 3 }, cancellation);
        await up.FlushAsync(cancellation);
        var buffer = new byte[3];
        await down.ReadExactlyAsync(buffer, cancellation);
        await down.WriteAsync(buffer, cancellation);
        await down.FlushAsync(cancellation);
        await up.ReadExactlyAsync(buffer, cancellation);
        Assert.Equal([1, 2, 3], buffer);
        Assert.Equal(client.Negotiated!.IsResumed, server.Negotiated!.IsResumed);
        await Task.WhenAll(client.CloseAsync(cancellation).AsTask(), server.CloseAsync(cancellation).AsTask());
        return client.Negotiated.IsResumed;
    }

    private static async Task<int> ConnectAndCloseAsync(SecureListener listener, ClientOptions options)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var client = await SecureSession.ConnectAsync(listener.LocalEndPoint, options, cancellation);
        await client.AsStream().ReadExactlyAsync(new byte[1], cancellation);
        await client.CloseAsync(cancellation);
        return client.Negotiated!.IsResumed ? 1 : 0;
    }

    private static async Task<int> AcceptAsync(SecureListener listener, int count)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
        {
            await using var server = await listener.AcceptAsync(cancellation);
            await server.AsStream().WriteAsync(new byte[1], cancellation);
            await server.AsStream().FlushAsync(cancellation);
            await server.CloseAsync(cancellation);
        }));
        return 0;
    }
}
