using SecureChannel.Protocols;

namespace SecureChannel.Simulation;

/// <summary>Both endpoints of an open session, which wait for messages.</summary>
internal sealed class FootprintPair
{
    private const int MessageSize = 1000;

    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(30);

    private readonly SecureSession _client;
    private readonly SecureSession _server;
    private Task<ReceivedMessage?> _clientReceive;
    private Task<ReceivedMessage?> _serverReceive;

    private FootprintPair(SecureSession client, SecureSession server)
    {
        (_client, _server) = (client, server);
        (_clientReceive, _serverReceive) = (ReceiveAsync(client), ReceiveAsync(server));
    }

    /// <summary>Performs the handshake. Then both endpoints wait for a message.</summary>
    public static async Task<FootprintPair> ConnectAsync(FootprintPipe pipe, SessionSecurity security)
    {
        var client = SecureSession.Create(pipe.Client, SoakCredentials.Create(Role.Client, security, IdleTimeout));
        var server = SecureSession.Create(pipe.Server, SoakCredentials.Create(Role.Server, security, IdleTimeout));
        await Task.WhenAll(client.HandshakeAsync(), server.HandshakeAsync());
        return new FootprintPair(client, server);
    }

    /// <summary>Sends a message in both directions. Then both endpoints wait for another one.</summary>
    public async Task ExchangeAsync()
    {
        var content = SoakContent.At(Role.Client, 0, MessageSize);
        await _client.SendAsync(new Parcel(0, content));
        _serverReceive = await ContinueAsync(_serverReceive, _server);
        await _server.SendAsync(new Parcel(0, content));
        _clientReceive = await ContinueAsync(_clientReceive, _client);
    }

    /// <summary>Disposes both sessions.</summary>
    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
        await Task.WhenAll((Task)_clientReceive, _serverReceive).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task<Task<ReceivedMessage?>> ContinueAsync(Task<ReceivedMessage?> receive, SecureSession session)
    {
        if (await receive is null)
            throw new InvalidOperationException("A session ended before its message was received.");
        return ReceiveAsync(session);
    }

    private static Task<ReceivedMessage?> ReceiveAsync(SecureSession session) => session.ReceiveAsync().AsTask();
}
