using SecureChannel.Cryptography;

namespace SecureChannel.Benchmarks.Channel;

/// <summary>Sessions of this library.</summary>
/// <param name="name">The name of the contender.</param>
/// <param name="security">The handshake.</param>
/// <param name="cryptography">The cryptography provider of both endpoints.</param>
/// <param name="isCold">True to use new trust policies for each connection, whose chain caches are empty; otherwise, false.</param>
/// <param name="isMutual">True if the client authenticates with a certificate too; otherwise, false.</param>
internal sealed class SessionContender(string name, SessionSecurity security, CryptographyProvider cryptography, bool isCold = false, bool isMutual = false)
    : ChannelContender(name)
{
    private readonly CertificateIdentity? _client = isMutual ? Authority.IssueClient("device-7") : null;
    private readonly TrustPolicy _trust = TrustPolicy.FromAuthorities(Authority.Certificate);
    private readonly Stack<TrustPolicy> _cold = [];

    private readonly ServerOptions _server = new()
    {
        Security = security,
        Cryptography = cryptography,
        Identity = Authority.IssueServer(ServerName, security == SessionSecurity.KeyTransport ? CertificatePurpose.KeyTransportServer : CertificatePurpose.TlsServer),
        ClientAuthentication = isMutual ? ClientAuthenticationMode.Require : ClientAuthenticationMode.None,
        ClientTrust = isMutual ? TrustPolicy.FromAuthorities(Authority.Certificate) : null,
    };

    public override bool IsForHandshakesOnly => isCold;

    public override bool IsMutual => isMutual;

    public override void Prepare(int connections)
    {
        while (isCold && _cold.Count < (isMutual ? 2 : 1) * connections)
            _cold.Push(TrustPolicy.FromAuthorities(Authority.Certificate));
    }

    public override async Task<ChannelPair> ConnectAsync(Stream client, Stream server, bool carriesMessages)
    {
        var clientOptions = new ClientOptions
        {
            Security = security,
            Cryptography = cryptography,
            Trust = isCold ? _cold.Pop() : _trust,
            ServerName = ServerName,
            Identity = _client,
        };
        var serverOptions = isCold && isMutual ? _server with { ClientTrust = _cold.Pop() } : _server;
        var (clientEnd, serverEnd) = (SecureSession.Create(client, clientOptions), SecureSession.Create(server, serverOptions));
        await Task.WhenAll(serverEnd.HandshakeAsync(), clientEnd.HandshakeAsync()).ConfigureAwait(false);
        return carriesMessages ? new SessionPair(clientEnd, serverEnd) : new StreamPair(clientEnd.AsStream(), serverEnd.AsStream());
    }
}
