using SecureChannel.Handshakes;

namespace SecureChannel.Testing;

/// <summary>An authority, a server with its certificate, and a client that trusts it, for TLS 1.3.</summary>
public static class Tls13Ends
{
    public const string ServerName = "bank.example";

    public static DevelopmentAuthority Authority { get; } = DevelopmentAuthority.Create("Test authority");

    public static CertificateIdentity Identity { get; } = Authority.IssueServer(ServerName, CertificatePurpose.TlsServer);

    public static CertificateIdentity ClientIdentity { get; } = Authority.IssueClient("device-7");

    public static ClientHandshakeParameters Client { get; } = new() { ServerName = ServerName, Trust = TrustPolicy.FromAuthorities(Authority.Certificate) };

    public static ServerHandshakeParameters Server { get; } = new() { Identity = Identity };

    /// <summary>Gets a client that presents an identity.</summary>
    public static ClientHandshakeParameters ClientWithIdentity { get; } = Client with { Identity = ClientIdentity };

    /// <summary>Gets a server that requires a certificate of the same authority.</summary>
    public static ServerHandshakeParameters ServerOfClients { get; } = Server with
    {
        ClientAuthentication = ClientAuthenticationMode.Require, ClientTrust = TrustPolicy.FromAuthorities(Authority.Certificate),
    };

    /// <summary>Creates a pair that has not started.</summary>
    public static EnginePair CreatePair(ClientHandshakeParameters? client = null, ServerHandshakeParameters? server = null) =>
        new(SessionSecurity.Tls13.Handshake!, client ?? Client, server ?? Server);
}
