using SecureChannel.Cryptography;

namespace SecureChannel.Benchmarks.Channel;

/// <summary>Sessions of this library.</summary>
/// <param name="name">The name of the contender.</param>
/// <param name="security">The handshake.</param>
/// <param name="cryptography">The cryptography provider of both endpoints.</param>
/// <param name="isCold">True to use a new trust policy for each client, whose chain cache is empty; otherwise, false.</param>
internal sealed class SessionContender(string name, SessionSecurity security, CryptographyProvider cryptography, bool isCold = false) : ChannelContender(name)
{
    private readonly TrustPolicy _trust = TrustPolicy.FromAuthorities(Authority.Certificate);
    private readonly Stack<TrustPolicy> _cold = [];

    private readonly ServerOptions _server = new()
    {
        Security = security,
        Cryptography = cryptography,
        Identity = Authority.IssueServer(ServerName, security == SessionSecurity.KeyTransport ? CertificatePurpose.KeyTransportServer : CertificatePurpose.TlsServer),
    };

    public override bool IsForHandshakesOnly => isCold;

    public override void Prepare(int connections)
    {
        while (isCold && _cold.Count < connections)
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
        };
        var (clientEnd, serverEnd) = (SecureSession.Create(client, clientOptions), SecureSession.Create(server, _server));
        await Task.WhenAll(serverEnd.HandshakeAsync(), clientEnd.HandshakeAsync()).ConfigureAwait(false);
        return carriesMessages ? new SessionPair(clientEnd, serverEnd) : new StreamPair(clientEnd.AsStream(), serverEnd.AsStream());
    }
}
