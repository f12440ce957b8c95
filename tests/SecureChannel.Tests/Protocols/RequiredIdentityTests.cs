using SecureChannel.Protocols;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Protocols;

/// <summary>A protocol that only identified clients may use.</summary>
[Protocol("vault/1")]
[RequiresIdentity(Role.Client)]
internal enum Vault
{
    [Client<OpenVault>(Opening)]
    Start,

    [Server<VaultOpened>(Closed)]
    Opening,

    [Final]
    Closed,
}

[Message(1)]
internal readonly partial record struct OpenVault(int Number);

[Message(2)]
internal readonly partial record struct VaultOpened(int Number);

public sealed class RequiredIdentityTests
{
    private static readonly CertificateIdentity Identity = SessionPair.Authority.IssueClient("teller.example");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Securities => [SessionSecurity.Tls13.Name, SessionSecurity.SslStream.Name];

    [Theory]
    [MemberData(nameof(Securities))]
    public async Task An_identified_client_runs_the_protocol(string security)
    {
        await using var pair = await EstablishAsync(security, Identity);
        var serving = new VaultService().RunAsync(pair.Server, Cancellation);
        var (opened, _) = await VaultClient.Begin(pair.Client).SendAsync(new OpenVault(7), Cancellation).ReceiveAsync(Cancellation);
        Assert.Equal(7, opened.Number);
        await serving;
    }

    [Theory]
    [MemberData(nameof(Securities))]
    public async Task A_client_without_an_identity_cannot_begin_and_its_session_remains_open(string security)
    {
        await using var pair = await EstablishAsync(security, null);
        var failure = Assert.Throws<InvalidOperationException>(() => VaultClient.Begin(pair.Client));

        Assert.StartsWith("vault/1, client: the protocol requires the identity of the client, but this endpoint presented none.", failure.Message, StringComparison.Ordinal);
        Assert.Null(pair.Client.End);
        await pair.Client.AsStream().WriteAsync(new byte[1], Cancellation);
        await pair.Server.AsStream().ReadExactlyAsync(new byte[1], Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation);
    }

    [Theory]
    [MemberData(nameof(Securities))]
    public async Task A_server_refuses_a_client_without_an_identity_with_access_denied(string security)
    {
        await using var pair = await EstablishAsync(security, null);
        var failure = await Assert.ThrowsAsync<SessionException>(() => new VaultService().RunAsync(pair.Server, Cancellation));

        Assert.Equal((SessionErrorKind.UntrustedPeer, SessionErrorCode.NotAuthorized, AlertDescription.AccessDenied), (failure.Error.Kind, failure.Error.Code, failure.Error.Alert));
        Assert.StartsWith("vault/1, server: the protocol requires the identity of the client, but the client has proven none.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(SessionEndReason.Failed, pair.Server.End!.Reason);
        var received = await Assert.ThrowsAsync<SessionException>(() =>
            pair.Client.AsStream().ReadExactlyAsync(new byte[1], Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation));
        if (security == SessionSecurity.Tls13.Name)
            Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.AccessDenied), (received.Error.Kind, received.Error.Alert));
    }

    [Fact]
    public async Task A_token_of_a_server_is_refused_like_a_handler()
    {
        await using var pair = await EstablishAsync(SessionSecurity.Tls13.Name, null);
        var failure = Assert.Throws<SessionException>(() => VaultServer.Begin(pair.Server));
        Assert.Equal(SessionErrorCode.NotAuthorized, failure.Error.Code);
        Assert.Equal(SessionErrorCode.NotAuthorized, pair.Server.End!.Error!.Code);
    }

    [Fact]
    public async Task A_unit_test_can_provide_the_identity_of_the_client()
    {
        var (client, server) = InMemoryChannel.CreatePair(new InMemoryChannelOptions { ClientIdentity = PeerIdentity.CreateForTesting("teller.example") });
        Assert.Equal(("teller.example", null), (server.PeerIdentity!.Name, server.PeerIdentity.Certificate));
        Assert.Null(client.PeerIdentity);
        var serving = new VaultService().RunAsync(server, Cancellation);
        await VaultClient.Begin(client).SendAsync(new OpenVault(7), Cancellation).ReceiveAsync(Cancellation);
        await serving;

        (client, server) = InMemoryChannel.CreatePair(new InMemoryChannelOptions { ServerIdentity = PeerIdentity.CreateForTesting("bank.example") });
        Assert.Equal("bank.example", client.PeerIdentity!.Name);
        Assert.Throws<InvalidOperationException>(() => VaultClient.Begin(client));
        Assert.Throws<SessionException>(() => VaultServer.Begin(server));
    }

    private static Task<SessionPair> EstablishAsync(string security, CertificateIdentity? identity) => SessionPair.EstablishAsync(
        TransportKind.Stream,
        SessionPair.ClientOptions(security) with { Identity = identity },
        SessionPair.ServerOptions(security) with
        {
            ClientAuthentication = ClientAuthenticationMode.Request, ClientTrust = TrustPolicy.FromAuthorities(SessionPair.Authority.Certificate),
        });

    private sealed class VaultService : VaultServer.Handler
    {
        protected override ValueTask<VaultServer.Opening.Answer> OnOpenVaultAsync(OpenVault openVault, VaultServer.Opening state) => new(new VaultOpened(openVault.Number));
    }
}
