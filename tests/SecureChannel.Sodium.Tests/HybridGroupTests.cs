using SecureChannel.Cryptography;
using SecureChannel.Testing;

namespace SecureChannel.Sodium.Tests;

/// <summary>Handshakes with X25519MLKEM768 (draft-ietf-tls-ecdhe-mlkem), alone and after a HelloRetryRequest.</summary>
public sealed class HybridGroupTests
{
    private const NamedGroup Hybrid = NamedGroup.X25519MLKem768;

    [Fact]
    public async Task Sessions_use_the_hybrid_group_by_default()
    {
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Stream, Client(), Server());
        AssertNegotiated(pair, Hybrid, isRetried: false);
        await AssertExchangesAsync(pair);
    }

    [Theory]
    [InlineData(new[] { NamedGroup.X25519 }, new[] { NamedGroup.X25519 }, NamedGroup.X25519, false)]
    [InlineData(new[] { Hybrid, NamedGroup.X25519 }, new[] { NamedGroup.X25519 }, NamedGroup.X25519, false)]
    [InlineData(new[] { NamedGroup.X25519, Hybrid }, new[] { Hybrid, NamedGroup.X25519 }, Hybrid, false)]
    [InlineData(new[] { Hybrid, NamedGroup.X25519 }, new[] { NamedGroup.X25519, Hybrid }, NamedGroup.X25519, false)]
    [InlineData(new[] { Hybrid, NamedGroup.X25519 }, new[] { NamedGroup.Secp256r1, NamedGroup.X25519 }, NamedGroup.X25519, false)]
    [InlineData(new[] { Hybrid, NamedGroup.X25519, NamedGroup.Secp384r1 }, new[] { NamedGroup.Secp384r1 }, NamedGroup.Secp384r1, true)]
    [InlineData(new[] { NamedGroup.X25519, NamedGroup.Secp521r1 }, new[] { NamedGroup.Secp521r1 }, NamedGroup.Secp521r1, true)]
    public async Task The_server_selects_the_group_by_its_preference(NamedGroup[] client, NamedGroup[] server, NamedGroup expected, bool isRetried)
    {
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Stream, Client() with { Groups = client }, Server() with { Groups = server });
        AssertNegotiated(pair, expected, isRetried);
        await AssertExchangesAsync(pair);
    }

    [Fact]
    public async Task A_server_requests_the_hybrid_group_that_it_prefers()
    {
        var client = Client() with { InitialKeyShares = [NamedGroup.X25519] };
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Stream, client, Server());
        AssertNegotiated(pair, Hybrid, isRetried: true);
        await AssertExchangesAsync(pair);
    }

    [Fact]
    public async Task A_server_does_not_request_another_group_that_is_not_hybrid()
    {
        var client = Client() with { Groups = [NamedGroup.X25519, NamedGroup.Secp256r1], InitialKeyShares = [NamedGroup.Secp256r1] };
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Stream, client, Server());
        AssertNegotiated(pair, NamedGroup.Secp256r1, isRetried: false);
    }

    [Fact]
    public async Task A_server_sees_the_offer_of_the_client()
    {
        var client = Client() with { ApplicationProtocols = ["bank/1", "other"], Groups = [Hybrid, NamedGroup.X25519] };
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Stream, client, Server() with { ApplicationProtocols = ["bank/1"] });

        var hello = pair.Server.Negotiated!.ClientHello!;
        Assert.Equal(SessionPair.ServerName, hello.ServerName);
        Assert.Equal(["bank/1", "other"], hello.ApplicationProtocols!);
        Assert.Equal([Hybrid, NamedGroup.X25519], hello.Groups!);
        Assert.Same(hello, pair.Server.Negotiated.ClientHello);
        Assert.Null(pair.Client.Negotiated!.ClientHello);
    }

    [Theory]
    [InlineData(Role.Client)]
    [InlineData(Role.Server)]
    public async Task Both_directions_have_new_keys_after_a_request(Role role)
    {
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Stream, Client(), Server());
        var session = role == Role.Client ? pair.Client : pair.Server;
        await session.RequestKeyUpdateAsync(TestContext.Current.CancellationToken);
        await session.RequestKeyUpdateAsync(TestContext.Current.CancellationToken);
        await AssertExchangesAsync(pair);
        await AssertExchangesAsync(pair);
    }

    [Theory]
    [InlineData(new[] { NamedGroup.Secp521r1 }, "'InitialKeyShares' contains secp521r1, which the client does not offer. Add it to 'Groups'.")]
    [InlineData(new[] { NamedGroup.X25519, NamedGroup.X25519 }, "'InitialKeyShares' contains a group twice. List each group once.")]
    public void Invalid_initial_key_shares_are_refused(NamedGroup[] shares, string message)
    {
        var options = Client() with { Groups = [Hybrid, NamedGroup.X25519], InitialKeyShares = shares };
        var exception = Assert.Throws<ArgumentException>(() => SecureSession.Create(Stream.Null, options));
        Assert.StartsWith(message, exception.Message, StringComparison.Ordinal);
        Assert.Equal("InitialKeyShares", exception.ParamName);
    }

    private static void AssertNegotiated(SessionPair pair, NamedGroup group, bool isRetried)
    {
        Assert.Equal(((NamedGroup?)group, isRetried), (pair.Client.Negotiated!.Group, pair.Client.Negotiated.IsRetried));
        Assert.Equal(((NamedGroup?)group, isRetried), (pair.Server.Negotiated!.Group, pair.Server.Negotiated.IsRetried));
    }

    private static async Task AssertExchangesAsync(SessionPair pair)
    {
        foreach (var (from, to) in new[] { (pair.Client, pair.Server), (pair.Server, pair.Client) })
        {
            var (sent, received) = (new byte[40_000], new byte[40_000]);
            Random.Shared.NextBytes(sent);
            var writing = from.AsStream().WriteAsync(sent, TestContext.Current.CancellationToken).AsTask();
            await to.AsStream().ReadExactlyAsync(received, TestContext.Current.CancellationToken);
            await writing;
            Assert.Equal(sent, received);
        }
    }

    private static ClientOptions Client() => SessionPair.ClientOptions(SessionSecurity.Tls13.Name) with { Cryptography = SodiumProvider.Instance };

    private static ServerOptions Server() => SessionPair.ServerOptions(SessionSecurity.Tls13.Name) with { Cryptography = SodiumProvider.Instance };
}
