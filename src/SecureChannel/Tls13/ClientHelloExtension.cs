using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using SecureChannel.Cryptography;

namespace SecureChannel.Tls13;

/// <summary>An extension of a ClientHello (RFC 9846 section 4.3).</summary>
[Union(Tag = typeof(ExtensionType)), ByteLength(0, 0xFFFF)]
[UnionCase<ServerNames>(ExtensionType.ServerName)]
[UnionCase<StatusRequest>(ExtensionType.StatusRequest)]
[UnionCase<SupportedGroups>(ExtensionType.SupportedGroups)]
[UnionCase<SignatureAlgorithms>(ExtensionType.SignatureAlgorithms)]
[UnionCase<ApplicationProtocols>(ExtensionType.ApplicationLayerProtocolNegotiation)]
[UnionCase<CertificateTimestamps>(ExtensionType.SignedCertificateTimestamp)]
[UnionCase<Padding>(ExtensionType.Padding)]
[UnionCase<PreSharedKeys>(ExtensionType.PreSharedKey)]
[UnionCase<EarlyData>(ExtensionType.EarlyData)]
[UnionCase<SupportedVersions>(ExtensionType.SupportedVersions)]
[UnionCase<Cookie>(ExtensionType.Cookie)]
[UnionCase<PskKeyExchangeModes>(ExtensionType.PskKeyExchangeModes)]
[UnionCase<CertificateAuthorities>(ExtensionType.CertificateAuthorities)]
[UnionCase<PostHandshakeAuth>(ExtensionType.PostHandshakeAuth)]
[UnionCase<SignatureAlgorithmsCert>(ExtensionType.SignatureAlgorithmsCert)]
[UnionCase<KeyShares>(ExtensionType.KeyShare)]
[UnionCase<Parameters>(ExtensionType.SessionParameters)]
internal abstract partial record ClientHelloExtension
{
    /// <summary>The names of the requested server (RFC 6066 section 3).</summary>
    [Message]
    internal sealed partial record ServerNames([property: ByteLength(1, 0xFFFF)] ImmutableArray<ServerName> Names) : ClientHelloExtension;

    /// <summary>
    /// The client's request for the revocation status of the server's certificate (RFC 6066 section 8): a <see cref="CertificateStatusType"/>, followed by an
    /// <see cref="OcspStatusRequest"/>. Other types are ignored.
    /// </summary>
    [Message]
    internal sealed partial record StatusRequest([property: Remainder(1, 0xFFFF)] ReadOnlyMemory<byte> Content) : ClientHelloExtension;

    /// <summary>The groups that the client supports, best first (RFC 9846 section 4.3.7).</summary>
    [Message]
    internal sealed partial record SupportedGroups([property: ByteLength(2, 0xFFFF)] ImmutableArray<NamedGroup> Groups) : ClientHelloExtension;

    /// <summary>The signature schemes that the client supports, best first (RFC 9846 section 4.3.3).</summary>
    [Message]
    internal sealed partial record SignatureAlgorithms([property: ByteLength(2, 0xFFFE)] ImmutableArray<SignatureScheme> Schemes) : ClientHelloExtension;

    /// <summary>The application protocols of the client, best first (RFC 7301 section 3.1): the content of <see cref="Handshakes.ProtocolNames"/>.</summary>
    [Message]
    internal sealed partial record ApplicationProtocols([property: ByteLength(2, 0xFFFF)] ReadOnlyMemory<byte> Names) : ClientHelloExtension;

    /// <summary>The client's request for signed certificate timestamps (RFC 6962 section 3.3).</summary>
    [Message]
    internal sealed partial record CertificateTimestamps : ClientHelloExtension;

    /// <summary>Padding that makes the message longer (RFC 7685).</summary>
    [Message]
    internal sealed partial record Padding([property: Remainder(0, 0xFFFF)] ReadOnlyMemory<byte> Zeros) : ClientHelloExtension;

    /// <summary>The pre-shared keys that the client offers (RFC 9846 section 4.3.11).</summary>
    [Message]
    internal sealed partial record PreSharedKeys(
        [property: ByteLength(7, 0xFFFF)] ImmutableArray<PskIdentity> Identities,
        [property: ByteLength(33, 0xFFFF)] ImmutableArray<PskBinderEntry> Binders) : ClientHelloExtension;

    /// <summary>The client's announcement of early data (RFC 9846 section 4.3.10).</summary>
    [Message]
    internal sealed partial record EarlyData : ClientHelloExtension;

    /// <summary>The versions that the client supports, best first (RFC 9846 section 4.3.1).</summary>
    [Message]
    internal sealed partial record SupportedVersions([property: ByteLength(2, 254)] ImmutableArray<ProtocolVersion> Versions) : ClientHelloExtension;

    /// <summary>The cookie of the server's HelloRetryRequest (RFC 9846 section 4.3.2).</summary>
    [Message]
    internal sealed partial record Cookie([property: ByteLength(1, 0xFFFF)] ReadOnlyMemory<byte> Value) : ClientHelloExtension;

    /// <summary>The modes in which the client can use pre-shared keys (RFC 9846 section 4.3.9).</summary>
    [Message]
    internal sealed partial record PskKeyExchangeModes([property: ByteLength(1, 255)] ImmutableArray<PskKeyExchangeMode> Modes) : ClientHelloExtension;

    /// <summary>The authorities that the client trusts (RFC 9846 section 4.3.4).</summary>
    [Message]
    internal sealed partial record CertificateAuthorities([property: ByteLength(3, 0xFFFF)] ImmutableArray<DistinguishedName> Authorities) : ClientHelloExtension;

    /// <summary>The client's support for post-handshake authentication (RFC 9846 section 4.3.6).</summary>
    [Message]
    internal sealed partial record PostHandshakeAuth : ClientHelloExtension;

    /// <summary>The signature schemes that the client supports in certificates (RFC 9846 section 4.3.3).</summary>
    [Message]
    internal sealed partial record SignatureAlgorithmsCert([property: ByteLength(2, 0xFFFE)] ImmutableArray<SignatureScheme> Schemes) : ClientHelloExtension;

    /// <summary>The public keys of the client, best first (RFC 9846 section 4.3.8).</summary>
    [Message]
    internal sealed partial record KeyShares([property: ByteLength(0, 0xFFFF)] ImmutableArray<KeyShareEntry> Entries) : ClientHelloExtension;

    /// <summary>The parameters of the session: <see cref="Handshakes.SessionParameters"/>, or another use of the extension type, which is ignored.</summary>
    [Message]
    internal sealed partial record Parameters([property: Remainder(0, 0xFFFF)] ReadOnlyMemory<byte> Content) : ClientHelloExtension
    {
        // Options, and so parameters, serve many sessions.
        private static readonly ConditionalWeakTable<Handshakes.SessionParameters, Parameters> Created = [];

        /// <summary>Returns the extension for the parameters of this endpoint.</summary>
        public static Parameters Of(Handshakes.SessionParameters parameters) => Created.GetValue(parameters, static parameters => new(parameters.Encode()));
    }

    /// <summary>An unknown extension.</summary>
    [UnknownCase]
    internal sealed record Other(ExtensionType Type, ReadOnlyMemory<byte> Content) : ClientHelloExtension, IUnknownExtension;
}
