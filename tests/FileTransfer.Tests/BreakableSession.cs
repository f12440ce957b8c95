using SecureChannel;
using SecureChannel.Testing;

namespace FileTransfer.Tests;

/// <summary>Two established sessions over a connection that a test can break.</summary>
internal sealed class BreakableSession(SecureSession client, SecureSession server, Action breakConnection) : IAsyncDisposable
{
    public SecureSession Client { get; } = client;

    public SecureSession Server { get; } = server;

    public static async Task<BreakableSession> EstablishAsync(string security, TransportKind transport)
    {
        if (transport == TransportKind.Socket)
        {
            var (near, far) = await SessionPair.ConnectSocketsAsync();
            var client = SecureSession.Create(near, SessionPair.ClientOptions(security));
            var server = SecureSession.Create(far, SessionPair.ServerOptions(security));
            await Task.WhenAll(client.HandshakeAsync(), server.HandshakeAsync()).WaitAsync(SessionPair.Patience);
            return new(client, server, () => near.Close(timeout: 0));
        }

        var pair = await SessionPair.EstablishAsync(security, transport);
        return new(pair.Client, pair.Server, pair.Connection!.Cut);
    }

    public void Break() => breakConnection();

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }
}
