using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace SecureChannel.Benchmarks.Channel;

/// <summary>TLS 1.3 of the platform, with full handshakes and the same ECDSA certificates and authority as sessions.</summary>
/// <param name="isMutual">True if the client authenticates with a certificate too; otherwise, false.</param>
internal sealed class SslStreamContender(bool isMutual = false) : ChannelContender("SslStream")
{
    private readonly SslServerAuthenticationOptions _server = new()
    {
        ServerCertificateContext = SslStreamCertificateContext.Create(Authority.IssueServer(ServerName, CertificatePurpose.TlsServer).Certificate, [], offline: true),
        EnabledSslProtocols = SslProtocols.Tls13,
        AllowTlsResume = false,
        ClientCertificateRequired = isMutual,
        CertificateChainPolicy = CreatePolicy(),
    };

    private readonly SslClientAuthenticationOptions _client = new()
    {
        TargetHost = ServerName,
        EnabledSslProtocols = SslProtocols.Tls13,
        AllowTlsResume = false,
        ClientCertificateContext = isMutual ? SslStreamCertificateContext.Create(Authority.IssueClient("device-7").Certificate, [], offline: true) : null,
        CertificateChainPolicy = CreatePolicy(),
    };

    public override bool IsMutual => isMutual;

    public override async Task<ChannelPair> ConnectAsync(Stream client, Stream server, bool carriesMessages)
    {
        var (clientEnd, serverEnd) = (new SslStream(client), new SslStream(server));
        await Task.WhenAll(serverEnd.AuthenticateAsServerAsync(_server), clientEnd.AuthenticateAsClientAsync(_client)).ConfigureAwait(false);
        return new StreamPair(clientEnd, serverEnd);
    }

    private static X509ChainPolicy CreatePolicy() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { Authority.Certificate },
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };
}
