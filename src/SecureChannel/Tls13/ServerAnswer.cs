using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using SecureChannel.Handshakes;
using SecureChannel.Messages;

namespace SecureChannel.Tls13;

/// <summary>The factory of the messages that contain a server's selection.</summary>
internal class ServerAnswer
{
    private static readonly ServerHelloExtension Version = new ServerHelloExtension.SupportedVersions(ProtocolVersion.Tls13);
    private static readonly EncryptedExtension Named = new EncryptedExtension.ServerName();

    // The Certificate message of an identity never changes.
    private static readonly ConditionalWeakTable<CertificateIdentity, Certificate> Certificates = [];
    private static readonly ConditionalWeakTable<CertificateIdentity, Certificate> StapledCertificates = [];

    /// <summary>
    /// Gets the cookie that a client must send back after a HelloRetryRequest (RFC 9846 section 4.3.2), or null to send no cookie. This server stores the state
    /// of the handshake in memory and needs no cookie.
    /// </summary>
    public virtual ReadOnlyMemory<byte>? Cookie => null;

    /// <summary>Creates the HelloRetryRequest, which requests a key share of another group (RFC 9846 section 4.2.4).</summary>
    public HelloRetryRequest Retry(ReceivedOffer offer, ServerChoice choice)
    {
        List<HelloRetryRequestExtension> extensions = [new HelloRetryRequestExtension.KeyShare(choice.Group)];
        if (Cookie is { } cookie)
            extensions.Add(new HelloRetryRequestExtension.Cookie(cookie));
        extensions.Add(new HelloRetryRequestExtension.SupportedVersions(ProtocolVersion.Tls13));
        return new HelloRetryRequest(Compose(offer, choice, HelloRetryRequest.FixedRandom, WireSerializer.ToArray(new HelloRetryRequestExtensions([.. extensions]))));
    }

    /// <summary>Creates the ServerHello (RFC 9846 section 4.2.3).</summary>
    /// <param name="offer">The client's offer.</param>
    /// <param name="choice">The server's selection.</param>
    /// <param name="random">32 random bytes.</param>
    /// <param name="share">The public key of the server.</param>
    /// <param name="key">The index of the pre-shared key that the server selected; null for a full handshake.</param>
    public virtual ServerHello Hello(ReceivedOffer offer, ServerChoice choice, byte[] random, ReadOnlyMemory<byte> share, ushort? key = null)
    {
        var entry = new ServerHelloExtension.KeyShare(new KeyShareEntry(choice.Group, share));
        var extensions = new ServerHelloExtensions(key is { } index ? [new ServerHelloExtension.PreSharedKey(index), entry, Version] : [entry, Version]);
        return Compose(offer, choice, random, WireSerializer.ToArray(extensions));
    }

    /// <summary>Creates the EncryptedExtensions: the part of the selection that the handshake keys protect (RFC 9846 section 4.4.1).</summary>
    public virtual EncryptedExtensions Encrypted(ServerChoice choice) => new(ExtensionRules.Block(
        // RFC 6066 section 3: a server that used the name "SHALL include an extension of type "server_name"".
        choice.HostName is not null ? Named : null,
        choice.ApplicationProtocol is { } protocol ? new EncryptedExtension.ApplicationProtocol(ProtocolNames.Of(protocol).Wire) : null,
        choice.PeerParameters.IsEmpty ? null : EncryptedExtension.Parameters.Of(choice.OwnParameters)));

    /// <summary>Creates the Certificate (RFC 9846 section 4.5.1).</summary>
    /// <param name="identity">The identity of the server.</param>
    /// <param name="choice">The server's selection.</param>
    public virtual Certificate Certificate(CertificateIdentity identity, ServerChoice choice) => choice.RequestsStatus && !identity.OcspResponse.IsEmpty
        ? StapledCertificates.GetValue(identity, static identity => Create(identity, [new CertificateExtension.Status(new OcspResponse(identity.OcspResponse))]))
        : Certificates.GetValue(identity, static identity => Create(identity, []));

    // RFC 9846 section 4.5.1.1: the status is in the extensions of the server's own certificate.
    private static Certificate Create(CertificateIdentity identity, ImmutableArray<CertificateExtension> own) =>
        new(default, [.. identity.Chain.Select((der, index) => new CertificateEntry(der, index == 0 ? own : []))]);

    private static ServerHello Compose(ReceivedOffer offer, ServerChoice choice, ReadOnlyMemory<byte> random, ReadOnlyMemory<byte> extensions) =>
        new(ProtocolVersion.Tls12, random, offer.Hello.LegacySessionId, choice.Suite, 0, extensions);
}
