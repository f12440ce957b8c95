using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Testing;
using SecureChannel.Tls13;

namespace SecureChannel.Tests.Tls13;

public sealed class ClientOfferTests
{
    private static readonly ClientHandshakeParameters Parameters = Tls13Ends.Client with
    {
        Groups = [NamedGroup.Secp256r1, NamedGroup.Secp384r1],
        ApplicationProtocols = ["bank/1", "bank/2"],
        Session = new() { IdleTimeout = TimeSpan.FromSeconds(30) },
    };

    [Fact]
    public void A_client_offers_exactly_the_parameters_that_it_supports()
    {
        using var offer = ClientOffer.Create(Parameters);
        Assert.Equal(ProtocolVersion.Tls12, offer.Hello.LegacyVersion);
        Assert.Equal(32, offer.Hello.LegacySessionId.Length);
        Assert.Equal([0], offer.Hello.LegacyCompressionMethods.ToArray());
        Assert.Equal(CryptographyProvider.Platform.CipherSuites, offer.Hello.CipherSuites.Skip(1));

        Assert.Equal([ProtocolVersion.Tls13], Find<ClientHelloExtension.SupportedVersions>(offer).Versions.Skip(1));
        Assert.Equal("bank.example"u8.ToArray(), Assert.Single(Find<ClientHelloExtension.ServerNames>(offer).Names).Name.ToArray());
        Assert.Equal(Parameters.Groups, Find<ClientHelloExtension.SupportedGroups>(offer).Groups.Skip(1));
        Assert.Equal(CryptographyProvider.Platform.SignatureSchemes, Find<ClientHelloExtension.SignatureAlgorithms>(offer).Schemes);
        Assert.Contains(SignatureScheme.RsaPkcs1Sha256, Find<ClientHelloExtension.SignatureAlgorithmsCert>(offer).Schemes);
        Assert.Equal([6, .. "bank/1"u8, 6, .. "bank/2"u8], Find<ClientHelloExtension.ApplicationProtocols>(offer).Names.ToArray());
        Assert.Equal(Parameters.Session.Encode().ToArray(), Find<ClientHelloExtension.Parameters>(offer).Content.ToArray());

        // One key share, of the first group, because no group is hybrid.
        Assert.Equal(NamedGroup.Secp256r1, Assert.Single(Find<ClientHelloExtension.KeyShares>(offer).Entries).Group);

        ExtensionType[] known =
        [
            ExtensionType.SupportedVersions, ExtensionType.ServerName, ExtensionType.SupportedGroups, ExtensionType.SignatureAlgorithms, ExtensionType.SignatureAlgorithmsCert,
            ExtensionType.ApplicationLayerProtocolNegotiation, ExtensionType.SessionParameters, ExtensionType.KeyShare,
        ];
        Assert.Equal(known.Length, offer.Extensions.Length - 1);
        Assert.All(known, type => Assert.True(offer.Has(type)));
    }

    /// <summary>RFC 8701 section 3.1: one reserved value of each kind.</summary>
    [Fact]
    public void A_client_offers_a_reserved_value_that_differs_between_connections()
    {
        var seen = new HashSet<ushort>();
        for (var n = 0; n < 200; n++)
        {
            using var offer = ClientOffer.Create(Parameters);
            var value = (ushort)offer.Hello.CipherSuites[0];
            Assert.Equal((value & 0xFF, 0x0A), (value >> 8, value & 0x0F));
            seen.Add(value);

            var reserved = Assert.IsType<ClientHelloExtension.Other>(offer.Extensions[0]);
            Assert.Equal((value, 0), ((ushort)reserved.Type, reserved.Content.Length));
            Assert.Equal(value, (ushort)Find<ClientHelloExtension.SupportedVersions>(offer).Versions[0]);
            Assert.Equal(value, (ushort)Find<ClientHelloExtension.SupportedGroups>(offer).Groups[0]);
        }

        // The probability that one of 16 values is not chosen in 200 attempts is below 0.00004.
        Assert.InRange(seen.Count, 15, 16);
    }

    [Fact]
    public void Initial_key_shares_are_sent_in_the_order_of_the_groups()
    {
        using var offer = ClientOffer.Create(Parameters with { InitialKeyShares = [NamedGroup.Secp256r1, NamedGroup.Secp384r1] });
        Assert.Equal([NamedGroup.Secp256r1, NamedGroup.Secp384r1], Find<ClientHelloExtension.KeyShares>(offer).Entries.Select(entry => entry.Group));
        Assert.Equal([NamedGroup.Secp256r1, NamedGroup.Secp384r1], offer.Shares.Select(share => share.Group));
    }

    [Theory]
    [InlineData(NamedGroup.Secp384r1, NamedGroup.Secp256r1)]
    [InlineData(NamedGroup.Secp256r1, NamedGroup.Secp256r1)]
    [InlineData(NamedGroup.Secp256r1, NamedGroup.Secp521r1)]
    public void Initial_key_shares_must_be_offered_groups_in_order(NamedGroup first, NamedGroup second)
    {
        var exception = Assert.Throws<ArgumentException>(() => ClientOffer.Create(Parameters with { InitialKeyShares = [first, second] }));
        Assert.Contains($"but {second.Name} is not.", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("2001:db8::1")]
    public void An_address_is_not_sent_as_a_server_name(string address)
    {
        // RFC 6066 section 3: "Literal IPv4 and IPv6 addresses are not permitted in "HostName"."
        using var offer = ClientOffer.Create(Parameters with { ServerName = address });
        Assert.False(offer.Has(ExtensionType.ServerName));
    }

    [Fact]
    public void No_two_offers_share_a_random_value_a_session_id_or_a_key()
    {
        using var one = ClientOffer.Create(Parameters);
        using var other = ClientOffer.Create(Parameters);
        Assert.NotEqual(one.Hello.Random.ToArray(), other.Hello.Random.ToArray());
        Assert.NotEqual(one.Hello.LegacySessionId.ToArray(), other.Hello.LegacySessionId.ToArray());
        Assert.NotEqual(one.Hello.Random.ToArray(), one.Hello.LegacySessionId.ToArray());
        Assert.NotEqual(one.Shares[0].PublicKey.ToArray(), other.Shares[0].PublicKey.ToArray());
    }

    /// <summary>RFC 9846 sections 4.2.2, 4.3.2 and 4.3.8.</summary>
    [Fact]
    public void A_second_hello_differs_from_the_first_only_in_its_key_share_and_cookie()
    {
        using var offer = ClientOffer.Create(Parameters);
        var (first, extensions) = (offer.Hello, offer.Extensions);
        offer.Retry(NamedGroup.Secp384r1, new byte[] { 1, 2, 3 });

        Assert.Equal(first with { Extensions = offer.Hello.Extensions }, offer.Hello);
        Assert.Equal(NamedGroup.Secp384r1, Assert.Single(Find<ClientHelloExtension.KeyShares>(offer).Entries).Group);
        Assert.Equal([1, 2, 3], Find<ClientHelloExtension.Cookie>(offer).Value.ToArray());
        Assert.Equal(
            extensions.Where(extension => extension is not ClientHelloExtension.KeyShares),
            offer.Extensions.Where(extension => extension is not (ClientHelloExtension.KeyShares or ClientHelloExtension.Cookie)));
    }

    [Fact]
    public void A_retry_with_only_a_cookie_does_not_change_the_key_share()
    {
        using var offer = ClientOffer.Create(Parameters);
        var share = offer.Shares[0];
        offer.Retry(null, new byte[] { 7 });
        Assert.Same(share, offer.Shares[0]);
        Assert.Equal([7], Find<ClientHelloExtension.Cookie>(offer).Value.ToArray());
    }

    private static TExtension Find<TExtension>(ClientOffer offer)
        where TExtension : ClientHelloExtension => Assert.Single(offer.Extensions.OfType<TExtension>());
}
