using SecureChannel.Handshakes;

namespace SecureChannel.Testing;

/// <summary>An authority, a server with its certificate, and a client that trusts it, for KeyTransport.</summary>
/// <remarks>All tests share them, because RSA keys are slow to generate.</remarks>
public static class KeyTransportEnds
{
    public const string ServerName = "bank.example";

    public static DevelopmentAuthority Authority { get; } = DevelopmentAuthority.Create("Test authority");

    public static CertificateIdentity Identity { get; } = Authority.IssueServer(ServerName, CertificatePurpose.KeyTransportServer);

    public static ClientHandshakeParameters Client { get; } = new() { ServerName = ServerName, Trust = TrustPolicy.FromAuthorities(Authority.Certificate) };

    public static ServerHandshakeParameters Server { get; } = new() { Identity = Identity };

    /// <summary>Creates a pair that has not started.</summary>
    public static EnginePair CreatePair(ClientHandshakeParameters? client = null, ServerHandshakeParameters? server = null) =>
        new(SessionSecurity.KeyTransport.Handshake!, client ?? Client, server ?? Server);
}
