using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using SecureChannel;
using SecureChannel.CodeAnalysis;
using SecureChannel.Sodium;

namespace Samples.Common;

/// <summary>Connects a sample's client to a server.</summary>
public static class SampleClient
{
    /// <summary>Connects to a server in another process.</summary>
    /// <param name="options">The command line.</param>
    /// <param name="protocol">The protocol to offer by ALPN, or null to offer none.</param>
    /// <param name="host">The host name or IP address of the server.</param>
    /// <param name="serverName">The name that the server's certificate must have.</param>
    /// <exception cref="ArgumentException">The command line has no port.</exception>
    /// <exception cref="FileNotFoundException">The file with the authority's certificate does not exist.</exception>
    [return: InState(SessionState.Established)]
    public static async Task<SecureSession> ConnectAsync(
        SampleOptions options, string? protocol, string host = "127.0.0.1", string serverName = SampleServer.Name)
    {
        var port = options.GetClientPort();
        using var authority = LoadAuthority(options);
        return await SecureSession.ConnectAsync(host, port, CreateOptions(options, TrustPolicy.FromAuthorities(authority), protocol, serverName));
    }

    /// <summary>Loads the authority's certificate, which the server has written.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    public static X509Certificate2 LoadAuthority(SampleOptions options) => File.Exists(options.AuthorityFile)
        ? X509CertificateLoader.LoadCertificateFromFile(options.AuthorityFile)
        : throw new FileNotFoundException($"'{options.AuthorityFile}' does not exist. Start the server first, or name its authority file with '--authority'.");

    /// <summary>Connects to a server in this process.</summary>
    [return: InState(SessionState.Established)]
    internal static Task<SecureSession> ConnectAsync(SampleOptions options, TrustPolicy trust, string? protocol, int port) =>
        SecureSession.ConnectAsync("127.0.0.1", port, CreateOptions(options, trust, protocol, SampleServer.Name));

    /// <summary>Connects to a server in this process over a socket of the caller.</summary>
    [return: InState(SessionState.Established)]
    internal static async Task<SecureSession> ConnectAsync(SampleOptions options, TrustPolicy trust, string? protocol, int port, Socket socket)
    {
        await socket.ConnectAsync("127.0.0.1", port);
        var session = SecureSession.Create(socket, CreateOptions(options, trust, protocol, SampleServer.Name));
        await session.HandshakeAsync();
        return session;
    }

    private static ClientOptions CreateOptions(SampleOptions options, TrustPolicy trust, string? protocol, string serverName) => new()
    {
        Trust = trust,
        ServerName = serverName,
        Security = options.Security,
        Cryptography = SodiumProvider.Instance,
        ApplicationProtocols = protocol is null ? [] : [protocol],
    };
}
