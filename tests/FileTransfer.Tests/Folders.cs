using Samples.Files;
using SecureChannel;
using SecureChannel.Protocols;
using SecureChannel.Tests.Sessions;

namespace FileTransfer.Tests;

/// <summary>A folder for each end, gone after the test.</summary>
internal sealed class Folders : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("file-transfer-tests-");

    public Folders() => (Here, There) = (_root.CreateSubdirectory("client").FullName, _root.CreateSubdirectory("server").FullName);

    /// <summary>The client's.</summary>
    public string Here { get; }

    /// <summary>The server's.</summary>
    public string There { get; }

    /// <summary>Makes a file of bytes that do not repeat with a chunk's size.</summary>
    public static string Make(string folder, int size, string name = "file.bin")
    {
        var path = Path.Combine(folder, name);
        using var file = File.Create(path);
        var bytes = new byte[997 * 64];
        for (var index = 0; index < bytes.Length; index++)
            bytes[index] = (byte)(index * 31 % 251);
        for (var left = size; left > 0; left -= bytes.Length)
            file.Write(bytes, 0, Math.Min(left, bytes.Length));
        return path;
    }

    /// <summary>Runs the server role to its end.</summary>
    public async Task ServeAsync(MessageChannel channel, long maxSize = long.MaxValue)
    {
        await using var service = new FileService(There, maxSize);
        await service.RunAsync(channel);
    }

    public void Dispose() => _root.Delete(recursive: true);
}

/// <summary>An established session over a transport that a test can cut.</summary>
internal sealed class Link(SecureSession client, SecureSession server, Action cut) : IAsyncDisposable
{
    public SecureSession Client { get; } = client;

    public SecureSession Server { get; } = server;

    public static async Task<Link> ConnectAsync(string security, TransportKind transport)
    {
        if (transport == TransportKind.Socket)
        {
            var (near, far) = await SessionPair.ConnectSocketsAsync();
            var (client, server) = (SecureSession.Create(near, SessionPair.ClientOptions(security)), SecureSession.Create(far, SessionPair.ServerOptions(security)));
            await Task.WhenAll(client.HandshakeAsync(), server.HandshakeAsync()).WaitAsync(SessionPair.Patience);
            return new(client, server, () => near.Close(timeout: 0));
        }

        var pair = await SessionPair.EstablishAsync(security, transport);
        return new(pair.Client, pair.Server, pair.Connection!.Cut);
    }

    public void Cut() => cut();

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }
}
