using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>Untrusted servers fail the handshake before any application data is sent, with the reason.</summary>
public sealed class SessionTrustTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Handshake_fails_when_the_authority_is_unknown(string security)
    {
        using var other = DevelopmentAuthority.Create("Another authority");
        var error = await RefuseAsync(security, new ClientOptions { Trust = TrustPolicy.FromAuthorities(other.Certificate), ServerName = SessionPair.ServerName, Security = SessionPair.SecurityOf(security) },
            SessionPair.ServerOptions(security));
        Assert.Equal((SessionErrorKind.UntrustedPeer, AlertDescription.UnknownCa), (error.Kind, error.Alert));
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Handshake_fails_when_the_certificate_is_for_another_name(string security)
    {
        var error = await RefuseAsync(security,
            new ClientOptions { Trust = TrustPolicy.FromAuthorities(SessionPair.Authority.Certificate), ServerName = "shop.example", Security = SessionPair.SecurityOf(security) },
            SessionPair.ServerOptions(security));
        Assert.Equal(SessionErrorKind.UntrustedPeer, error.Kind);
        Assert.Contains("shop.example", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Handshake_fails_when_the_certificate_is_expired_by_the_clock_of_the_session(string security)
    {
        var later = new ManualTimeProvider(DateTimeOffset.UtcNow.AddYears(1));
        var error = await RefuseAsync(security, SessionPair.ClientOptions(security, later), SessionPair.ServerOptions(security));
        Assert.Equal((SessionErrorKind.UntrustedPeer, AlertDescription.CertificateExpired), (error.Kind, error.Alert));
    }

    [Fact]
    public async Task A_key_transport_certificate_is_not_valid_for_TLS()
    {
        var identity = SessionPair.IdentityFor(SessionSecurity.KeyTransport);
        Assert.Throws<ArgumentException>(() => SecureSession.Create(
            Stream.Null, new ServerOptions { Identity = identity, Security = SessionSecurity.SslStream }));

        var connection = DuplexConnection.Create();
        await using var ssl = new SslStream(connection.Server);
        await using var client = SecureSession.Create((Stream)connection.Client, SessionPair.ClientOptions(SessionSecurity.SslStream.Name));
        var serving = ssl.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = X509CertificateLoader.LoadPkcs12(identity.Certificate.Export(X509ContentType.Pkcs12), null),
        }, Cancellation);
        var failure = await Assert.ThrowsAsync<SessionException>(() => client.HandshakeAsync(Cancellation).WaitAsync(SessionPair.Patience, Cancellation));
        connection.Cut();
        await Record.ExceptionAsync(() => serving.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Contains(failure.Error.Kind, (SessionErrorKind[])[SessionErrorKind.UntrustedPeer, SessionErrorKind.Incompatible, SessionErrorKind.AlertReceived]);
    }

    private static async Task<SessionError> RefuseAsync(string security, ClientOptions client, ServerOptions server)
    {
        await using var pair = await SessionPair.CreateAsync(TransportKind.Stream, client, server);
        var serving = Record.ExceptionAsync(() => pair.Server.HandshakeAsync(Cancellation).WaitAsync(SessionPair.Patience, Cancellation));
        var failure = await Assert.ThrowsAsync<SessionException>(() => pair.Client.HandshakeAsync(Cancellation).WaitAsync(SessionPair.Patience, Cancellation));

        var refused = Assert.IsType<SessionException>(await serving);
        // On some platforms SslStream cannot send the alert and only closes the connection.
        Assert.Contains(refused.Error.Kind, security == SessionSecurity.SslStream.Name ? (SessionErrorKind[])[SessionErrorKind.AlertReceived, SessionErrorKind.Truncated] : [SessionErrorKind.AlertReceived]);
        Assert.Null(pair.Client.Negotiated);
        Assert.Null(pair.Server.Negotiated);
        Assert.Throws<SessionException>(() => pair.Client.AsStream());
        return failure.Error;
    }
}
