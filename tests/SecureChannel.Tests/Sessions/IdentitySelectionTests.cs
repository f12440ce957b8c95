using System.Net;
using SecureChannel.Cryptography;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

public sealed class IdentitySelectionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_selector_chooses_the_identity_of_the_requested_name(string security)
    {
        using var bank = Issue(security, "bank.example");
        using var shop = Issue(security, "shop.example");
        using var selector = IdentitySelector.Create(async (request, _) =>
        {
            await Task.Yield();
            return request.ClientHello!.ServerName == "shop.example" ? shop : bank;
        });

        foreach (var (name, expected) in ((string, CertificateIdentity)[])[("bank.example", bank), ("shop.example", shop)])
        {
            await using var pair = await SessionPair.EstablishAsync(TransportKind.Stream, Client(security, name), Server(security, selector));
            Assert.Equal(expected.Certificate.RawData, pair.Client.PeerIdentity!.Certificate!.RawData);
        }
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_selector_receives_the_offer_and_the_endpoint(string security)
    {
        using var bank = Issue(security, SessionPair.ServerName);
        IdentityRequest? received = null;
        using var selector = IdentitySelector.Create((request, _) =>
        {
            received = request;
            return new(bank);
        });
        await using var pair = await SessionPair.EstablishAsync(
            TransportKind.Socket, Client(security, SessionPair.ServerName) with { ApplicationProtocols = ["bank/1"] }, Server(security, selector) with { ApplicationProtocols = ["bank/1"] });

        Assert.Equal((PurposeOf(security), SessionPair.ServerName), (received!.Purpose, received.ClientHello!.ServerName));
        Assert.Equal(pair.Server.RemoteEndPoint, received.RemoteEndPoint);
        Assert.IsType<IPEndPoint>(received.RemoteEndPoint);
        Assert.Empty(received.Authorities);
        var isTls13 = security == SessionSecurity.Tls13.Name;
        Assert.Equal(isTls13 ? CryptographyProvider.Platform.SignatureSchemes : null, received.SignatureSchemes);
        Assert.Equal(isTls13 ? CryptographyProvider.Platform.Groups : null, received.ClientHello.Groups);
        Assert.Equal(security == SessionSecurity.SslStream.Name ? null : ["bank/1"], received.ClientHello.ApplicationProtocols);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_client_for_which_the_selector_selects_nothing_is_refused_with_unrecognized_name(string security)
    {
        using var selector = IdentitySelector.Create((_, _) => new((IdentitySource?)null));

        var (client, server) = await FailAsync(Client(security, "shop.example"), Server(security, selector));

        Assert.Equal((SessionErrorKind.Incompatible, SessionErrorCode.UnknownServerName, AlertDescription.UnrecognizedName), (server.Kind, server.Code, server.Alert));
        Assert.Equal("The client requested the server name 'shop.example', and the identity selector selected no identity for it.", server.Message);
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.UnrecognizedName), (client.Kind, client.Alert));
        Assert.Equal("The peer ended the session with the alert UnrecognizedName.", client.Message);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_client_that_requests_an_unknown_name_is_refused_if_the_option_is_set(string security)
    {
        var options = SessionPair.ServerOptions(security) with { RefuseUnknownServerNames = true };

        var (client, server) = await FailAsync(Client(security, "shop.example"), options);

        Assert.Equal((SessionErrorKind.Incompatible, SessionErrorCode.UnknownServerName, AlertDescription.UnrecognizedName), (server.Kind, server.Code, server.Alert));
        Assert.Equal(
            "The client requested the server name 'shop.example'. The certificate 'CN=bank.example' is not valid for it. "
            + "Issue a certificate for this name, or select one with an 'IdentitySelector'.", server.Message);
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.UnrecognizedName), (client.Kind, client.Alert));
        Assert.Equal("The peer ended the session with the alert UnrecognizedName.", client.Message);
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Stream, SessionPair.ClientOptions(security), options);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_client_that_requests_an_unknown_name_receives_the_default_identity(string security)
    {
        var (client, _) = await FailAsync(Client(security, "shop.example"), SessionPair.ServerOptions(security));

        Assert.Equal((SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateRejected), (client.Kind, client.Code));
        Assert.Contains("is not valid for 'shop.example'", client.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task An_exception_of_the_selector_fails_the_handshake(string security)
    {
        using var selector = IdentitySelector.Create((_, _) => throw new InvalidOperationException("no database"));

        var (_, server) = await FailAsync(SessionPair.ClientOptions(security), Server(security, selector));

        Assert.Equal((SessionErrorKind.LocalError, SessionErrorCode.CallbackFailed), (server.Kind, server.Code));
        Assert.Contains("no database", server.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_selector_that_does_not_answer_is_canceled_by_the_timeout_of_the_handshake(string security)
    {
        var canceled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var selector = IdentitySelector.Create(async (_, cancellationToken) =>
        {
            await using var registration = cancellationToken.Register(canceled.SetResult);
            await canceled.Task;
            return null;
        });

        var (_, server) = await FailAsync(
            SessionPair.ClientOptions(security), Server(security, selector) with { HandshakeTimeout = TimeSpan.FromMilliseconds(200) });

        Assert.Equal((SessionErrorKind.TimedOut, SessionErrorCode.HandshakeTimeout), (server.Kind, server.Code));
        await canceled.Task.WaitAsync(SessionPair.Patience, Cancellation);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_client_that_requests_no_name_is_accepted_if_unknown_names_are_refused(string security)
    {
        // Clients of TLS do not send addresses as server names (RFC 6066 section 3). A client of KeyTransport always names the server.
        using var identity = Issue(security, "127.0.0.1");
        await using var pair = await SessionPair.EstablishAsync(
            TransportKind.Stream, Client(security, "127.0.0.1"), Server(security, identity) with { RefuseUnknownServerNames = true });

        Assert.NotNull(pair.Server.Negotiated);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_selected_identity_of_another_purpose_fails_the_handshake(string security)
    {
        var wrong = SessionPair.IdentityFor(security == SessionSecurity.KeyTransport.Name ? SessionSecurity.Tls13 : SessionSecurity.KeyTransport);
        using var selector = IdentitySelector.Create((_, _) => new(wrong));

        var (_, server) = await FailAsync(SessionPair.ClientOptions(security), Server(security, selector));

        Assert.Equal((SessionErrorKind.LocalError, SessionErrorCode.InvalidConfiguration), (server.Kind, server.Code));
        Assert.StartsWith("The selected identity cannot be used. ", server.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Selectors_that_select_each_other_fail_the_handshake(string security)
    {
        IdentitySelector? selector = null;
        selector = IdentitySelector.Create((_, _) => new(selector));

        var (_, server) = await FailAsync(SessionPair.ClientOptions(security), Server(security, selector));

        Assert.Equal((SessionErrorKind.LocalError, SessionErrorCode.CallbackFailed), (server.Kind, server.Code));
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task No_handshake_fails_while_the_certificate_changes(string security)
    {
        const int Handshakes = 126;
        const int Changes = 6;
        using var run = new RotationRun(security);
        await run.RunAsync(Handshakes, Changes, parallel: 4);

        Assert.Equal((Handshakes, Changes), (run.Completed, run.Changes));
        Assert.InRange(run.Certificates, 2, Changes + 1);
    }

    // 10,000 handshakes take 11 s (Tls13), 17 s (KeyTransport) and 15 s (SslStream) on two cores:
    // dotnet test --project tests/SecureChannel.Tests -- --explicit only --filter-method "*certificate_changes_50_times*"
    [Theory(Explicit = true, Timeout = 600_000)]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task No_handshake_of_10000_fails_while_the_certificate_changes_50_times(string security)
    {
        using var run = new RotationRun(security);
        var started = TimeProvider.System.GetTimestamp();
        await run.RunAsync(10_000, 50, parallel: 4);

        TestContext.Current.SendDiagnosticMessage($"{security}: {run.Completed} handshakes, {run.Certificates} certificates, {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0} s");
        Assert.Equal((10_000, 50), (run.Completed, run.Changes));
        Assert.InRange(run.Certificates, 2, 51);
    }

    private static async Task<(SessionError Client, SessionError Server)> FailAsync(ClientOptions client, ServerOptions server)
    {
        await using var pair = await SessionPair.CreateAsync(TransportKind.Stream, client, server);
        var serving = Assert.ThrowsAsync<SessionException>(() => pair.Server.HandshakeAsync(Cancellation));
        var connecting = Assert.ThrowsAsync<SessionException>(() => pair.Client.HandshakeAsync(Cancellation));
        return ((await connecting.WaitAsync(SessionPair.Patience, Cancellation)).Error, (await serving.WaitAsync(SessionPair.Patience, Cancellation)).Error);
    }

    private static CertificatePurpose PurposeOf(string security) =>
        security == SessionSecurity.KeyTransport.Name ? CertificatePurpose.KeyTransportServer : CertificatePurpose.TlsServer;

    private static CertificateIdentity Issue(string security, string name) => SessionPair.Authority.IssueServer(name, PurposeOf(security));

    private static ClientOptions Client(string security, string name) => SessionPair.ClientOptions(security) with { ServerName = name };

    private static ServerOptions Server(string security, IdentitySource identity) => SessionPair.ServerOptions(security) with { Identity = identity };
}
