using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>Client certificates over Tls13 and SslStream, and their refusal over KeyTransport.</summary>
public sealed class ClientAuthenticationSessionTests
{
    private static readonly CertificateIdentity Identity = SessionPair.Authority.IssueClient("device-7");

    private static readonly TrustPolicy Trust = TrustPolicy.FromAuthorities(SessionPair.Authority.Certificate);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Securities => [SessionSecurity.Tls13.Name, SessionSecurity.SslStream.Name];

    [Theory]
    [MemberData(nameof(Securities))]
    public async Task The_server_knows_the_identity_of_the_client(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Socket, Client(security), Server(security));

        Assert.Equal(Identity.Certificate.RawData, pair.Server.PeerIdentity!.Certificate!.RawData);
        Assert.Null(pair.Server.PeerIdentity.Name);
        Assert.Equal(SessionPair.ServerName, pair.Client.PeerIdentity!.Name);
        Assert.Equal((true, true), (pair.Client.IsClientAuthenticated, pair.Server.IsClientAuthenticated));
        await ExchangeAsync(pair);
    }

    [Theory]
    [MemberData(nameof(Securities))]
    public async Task A_client_without_an_identity_is_accepted_if_the_server_only_requests_one(string security)
    {
        var server = Server(security) with { ClientAuthentication = ClientAuthenticationMode.Request };
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Stream, SessionPair.ClientOptions(security), server);

        Assert.Null(pair.Server.PeerIdentity);
        Assert.Equal((false, false), (pair.Client.IsClientAuthenticated, pair.Server.IsClientAuthenticated));
        await ExchangeAsync(pair);
    }

    [Theory]
    [MemberData(nameof(Securities))]
    public async Task A_client_presents_no_identity_that_the_server_does_not_request(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Stream, Client(security), SessionPair.ServerOptions(security));

        Assert.Null(pair.Server.PeerIdentity);
        Assert.Equal((false, false), (pair.Client.IsClientAuthenticated, pair.Server.IsClientAuthenticated));
    }

    [Theory]
    [MemberData(nameof(Securities))]
    public async Task A_client_without_an_identity_is_refused_with_certificate_required(string security)
    {
        var (client, server) = await RefuseAsync(SessionPair.ClientOptions(security), Server(security));

        Assert.Equal((SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateMissing, AlertDescription.CertificateRequired), (server.Kind, server.Code, server.Alert));
        AssertRefused(security, client, AlertDescription.CertificateRequired);
    }

    [Theory]
    [MemberData(nameof(Securities))]
    public async Task A_client_of_an_unknown_authority_is_refused_with_unknown_ca(string security)
    {
        using var other = DevelopmentAuthority.Create("Other authority");
        var server = Server(security) with { ClientTrust = TrustPolicy.FromAuthorities(other.Certificate) };

        // A selector decides by itself whether the authorities of the server matter.
        using var selector = IdentitySelector.Create((_, _) => new(Identity));
        var (client, refusal) = await RefuseAsync(Client(security) with { Identity = selector }, server);

        Assert.Equal((SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateRejected, AlertDescription.UnknownCa), (refusal.Kind, refusal.Code, refusal.Alert));
        AssertRefused(security, client, AlertDescription.UnknownCa);
    }

    [Theory]
    [MemberData(nameof(Securities))]
    public async Task A_client_whose_certificate_is_expired_by_the_clock_of_the_server_is_refused(string security)
    {
        var later = new ManualTimeProvider(DateTimeOffset.UtcNow.AddYears(1));
        var (client, refusal) = await RefuseAsync(Client(security), Server(security) with { TimeProvider = later });

        Assert.Equal((SessionErrorKind.UntrustedPeer, AlertDescription.CertificateExpired), (refusal.Kind, refusal.Alert));
        AssertRefused(security, client, AlertDescription.CertificateExpired);
    }

    [Theory]
    [MemberData(nameof(Securities))]
    public async Task A_verifier_decides_which_clients_are_trusted_and_names_them(string security)
    {
        var server = Server(security) with { ClientTrust = TrustPolicy.FromVerifier(new NamingVerifier(Identity)) };
        await using (var pair = await SessionPair.EstablishAsync(TransportKind.Stream, Client(security), server))
            Assert.Equal("device 7 of the bank", pair.Server.PeerIdentity!.Name);

        using var other = SessionPair.Authority.IssueClient("device-8");
        var (_, refusal) = await RefuseAsync(Client(security) with { Identity = other }, server);
        Assert.Equal((SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateRejected), (refusal.Kind, refusal.Code));
        Assert.Contains("not a known device", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Securities))]
    public async Task A_selector_chooses_the_identity_of_the_client(string security)
    {
        IdentityRequest? seen = null;
        using var selector = IdentitySelector.Create(async (request, _) =>
        {
            seen = request;
            await Task.Yield();
            return Identity;
        });
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Socket, Client(security) with { Identity = selector }, Server(security));

        Assert.Equal(Identity.Certificate.RawData, pair.Server.PeerIdentity!.Certificate!.RawData);
        Assert.Equal((CertificatePurpose.TlsClient, SessionPair.ServerName), (seen!.Purpose, seen.ClientHello!.ServerName));
        Assert.Equal(pair.Client.RemoteEndPoint, seen.RemoteEndPoint);
        var isTls13 = security == SessionSecurity.Tls13.Name;
        Assert.Equal(isTls13 ? CryptographyProvider.Platform.SignatureSchemes : null, seen.SignatureSchemes);
        Assert.Equal(isTls13 ? ["CN=Test authority"] : [], seen.Authorities.Select(authority => authority.Name));
    }

    [Theory]
    [MemberData(nameof(Securities))]
    public async Task An_exception_of_the_selector_fails_the_handshake(string security)
    {
        using var selector = IdentitySelector.Create((_, _) => throw new InvalidOperationException("no smart card"));
        await using var pair = await SessionPair.CreateAsync(TransportKind.Stream, Client(security) with { Identity = selector }, Server(security));
        var serving = Record.ExceptionAsync(() => pair.Server.HandshakeAsync(Cancellation).WaitAsync(SessionPair.Patience, Cancellation));
        var failure = await Assert.ThrowsAsync<SessionException>(() => pair.Client.HandshakeAsync(Cancellation).WaitAsync(SessionPair.Patience, Cancellation));

        Assert.Equal((SessionErrorKind.LocalError, SessionErrorCode.CallbackFailed), (failure.Error.Kind, failure.Error.Code));
        Assert.Contains("no smart card", failure.Error.Message, StringComparison.Ordinal);
        await pair.Client.DisposeAsync();
        await serving;
    }

    [Theory]
    [MemberData(nameof(Securities))]
    public async Task A_listener_serves_authenticated_clients_and_reports_the_others(string security)
    {
        var failures = new List<HandshakeFailure>();
        var reported = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var listener = SecureListener.Start(0, Server(security) with
        {
            HandshakeFailed = failure =>
            {
                failures.Add(failure);
                reported.TrySetResult();
            },
        });
        var port = ((System.Net.IPEndPoint)listener.LocalEndPoint).Port;

        await using (var session = await SecureSession.ConnectAsync("127.0.0.1", port, Client(security), Cancellation))
        await using (var served = await listener.AcceptAsync(Cancellation).WaitAsync(SessionPair.Patience, Cancellation))
            Assert.NotNull(served.PeerIdentity);

        await Record.ExceptionAsync(async () =>
        {
            await using var refused = await SecureSession.ConnectAsync("127.0.0.1", port, SessionPair.ClientOptions(security), Cancellation);
            await refused.AsStream().ReadExactlyAsync(new byte[1], Cancellation);
        });
        await reported.Task.WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Equal(SessionErrorCode.CertificateMissing, Assert.Single(failures).Error.Code);
    }

    [Fact]
    public void KeyTransport_refuses_client_authentication_when_a_session_is_created()
    {
        var name = SessionSecurity.KeyTransport.Name;
        var client = Assert.Throws<ArgumentException>(() => SecureSession.Create(Stream.Null, SessionPair.ClientOptions(name) with { Identity = Identity }));
        Assert.Equal("Identity", client.ParamName);
        Assert.StartsWith("The handshake 'key-transport/1' cannot authenticate clients. Remove 'Identity' from the options, or use another 'Security'.", client.Message, StringComparison.Ordinal);

        var options = SessionPair.ServerOptions(name) with { ClientAuthentication = ClientAuthenticationMode.Request, ClientTrust = Trust };
        Assert.Equal("ClientAuthentication", Assert.Throws<ArgumentException>(() => SecureSession.Create(Stream.Null, options)).ParamName);
        Assert.Equal("ClientAuthentication", Assert.Throws<ArgumentException>(() => SecureListener.Start(0, options)).ParamName);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public void Contradictory_options_are_refused_when_a_session_is_created(string security)
    {
        var options = SessionPair.ServerOptions(security);
        var missing = Assert.Throws<ArgumentException>(() => SecureSession.Create(Stream.Null, options with { ClientAuthentication = ClientAuthenticationMode.Require }));
        Assert.Equal("ClientTrust", missing.ParamName);
        Assert.StartsWith("'ClientAuthentication' is Require, which requires 'ClientTrust'", missing.Message, StringComparison.Ordinal);

        var unused = Assert.Throws<ArgumentException>(() => SecureSession.Create(Stream.Null, options with { ClientTrust = Trust }));
        Assert.Equal("ClientAuthentication", unused.ParamName);
        Assert.StartsWith("'ClientTrust' is set, but 'ClientAuthentication' does not request certificates of clients.", unused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Securities))]
    public void An_identity_of_a_server_cannot_authenticate_a_client(string security)
    {
        var options = SessionPair.ClientOptions(security) with { Identity = SessionPair.IdentityFor(SessionSecurity.Tls13) };
        Assert.IsType<CertificateException>(Assert.Throws<ArgumentException>(() => SecureSession.Create(Stream.Null, options)).InnerException);
    }

    [Fact]
    public async Task A_custom_handshake_that_ignores_the_option_does_not_establish_a_session()
    {
        var security = SessionSecurity.Custom(new ForgetfulHandshake());
        await using var pair = await SessionPair.CreateAsync(TransportKind.Stream,
            SessionPair.ClientOptions(SessionSecurity.KeyTransport.Name) with { Security = security },
            SessionPair.ServerOptions(SessionSecurity.KeyTransport.Name) with { Security = security, ClientAuthentication = ClientAuthenticationMode.Require, ClientTrust = Trust });
        var connecting = Record.ExceptionAsync(() => pair.Client.HandshakeAsync(Cancellation).WaitAsync(SessionPair.Patience, Cancellation));
        var failure = await Assert.ThrowsAsync<SessionException>(() => pair.Server.HandshakeAsync(Cancellation).WaitAsync(SessionPair.Patience, Cancellation));

        Assert.Equal((SessionErrorKind.LocalError, SessionErrorCode.InvalidConfiguration), (failure.Error.Kind, failure.Error.Code));
        Assert.StartsWith("The handshake completed without the identity of the client, which 'ClientAuthentication' requires.", failure.Message, StringComparison.Ordinal);
        Assert.Null(pair.Server.Negotiated);
        await connecting;
    }

    private static ClientOptions Client(string security) => SessionPair.ClientOptions(security) with { Identity = Identity };

    private static ServerOptions Server(string security) =>
        SessionPair.ServerOptions(security) with { ClientAuthentication = ClientAuthenticationMode.Require, ClientTrust = Trust };

    private static async Task ExchangeAsync(SessionPair pair)
    {
        var (client, server) = (pair.Client.AsStream(), pair.Server.AsStream());
        await client.WriteAsync(new byte[] { 1 }, Cancellation);
        await server.WriteAsync(new byte[] { 2 }, Cancellation);
        var received = new byte[2];
        await server.ReadExactlyAsync(received.AsMemory(0, 1), Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation);
        await client.ReadExactlyAsync(received.AsMemory(1, 1), Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Equal([1, 2], received);
    }

    // A client of Tls13 finishes before the server has verified its certificate, so that its first read fails.
    private static async Task<(SessionError Client, SessionError Server)> RefuseAsync(ClientOptions client, ServerOptions server)
    {
        await using var pair = await SessionPair.CreateAsync(TransportKind.Socket, client, server);
        var serving = Assert.ThrowsAsync<SessionException>(() => pair.Server.HandshakeAsync(Cancellation).WaitAsync(SessionPair.Patience, Cancellation));
        var failure = await Assert.ThrowsAsync<SessionException>(async () =>
        {
            await pair.Client.HandshakeAsync(Cancellation).WaitAsync(SessionPair.Patience, Cancellation);
            Assert.Same(SessionSecurity.Tls13, client.Security);
            await pair.Client.AsStream().ReadExactlyAsync(new byte[1], Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation);
        });
        var refusal = await serving;
        Assert.Null(pair.Server.Negotiated);
        Assert.Null(pair.Server.PeerIdentity);
        return (failure.Error, refusal.Error);
    }

    private static void AssertRefused(string security, SessionError client, AlertDescription alert)
    {
        // On some platforms SslStream cannot send the alert and only closes the connection.
        if (security == SessionSecurity.SslStream.Name)
            Assert.Contains(client.Kind, (SessionErrorKind[])[SessionErrorKind.AlertReceived, SessionErrorKind.Truncated, SessionErrorKind.TransportFailed]);
        else
            Assert.Equal((SessionErrorKind.AlertReceived, alert), (client.Kind, client.Alert));
    }

    private sealed class ForgetfulHandshake : HandshakeProtocol
    {
        private static readonly HandshakeProtocol Inner = SessionSecurity.KeyTransport.Handshake!;

        public override string Name => "forgetful/1";

        public override RecordFormat Records => Inner.Records;

        public override HandshakeMachine CreateClient(ClientHandshakeParameters parameters) => Inner.CreateClient(parameters);

        public override HandshakeMachine CreateServer(ServerHandshakeParameters parameters) =>
            Inner.CreateServer(parameters with { ClientAuthentication = ClientAuthenticationMode.None, ClientTrust = null });
    }

    private sealed class NamingVerifier(CertificateIdentity known) : CertificateVerifier
    {
        public override async ValueTask<CertificateVerificationResult> VerifyAsync(CertificateVerificationRequest request, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return request.Purpose == CertificatePurpose.TlsClient && request.Chain[0].Span.SequenceEqual(known.Certificate.RawData)
                ? request.Accept("device 7 of the bank")
                : request.Reject(CertificateErrorKind.Rejected, "The certificate is not a known device.");
        }
    }
}
