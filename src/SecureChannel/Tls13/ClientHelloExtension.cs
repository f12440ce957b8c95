using System.Collections.Immutable;
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
[UnionCase<IdleTimeout>(ExtensionType.IdleTimeout)]
internal abstract partial record ClientHelloExtension
{
    /// <summary>Which server the client wants (RFC 6066 section 3).</summary>
    [Message]
    internal sealed partial record ServerNames([property: ByteLength(1, 0xFFFF)] ImmutableArray<ServerName> Names) : ClientHelloExtension;

    /// <summary>The client wants to hear of revocation (RFC 6066 section 8).</summary>
    [Message]
    internal sealed partial record StatusRequest(CertificateStatusRequest Request) : ClientHelloExtension;

    /// <summary>The groups that the client supports, best first (RFC 9846 section 4.3.7).</summary>
    [Message]
    internal sealed partial record SupportedGroups([property: ByteLength(2, 0xFFFF)] ImmutableArray<NamedGroup> Groups) : ClientHelloExtension;

    /// <summary>The signatures that the client verifies, best first (RFC 9846 section 4.3.3).</summary>
    [Message]
    internal sealed partial record SignatureAlgorithms([property: ByteLength(2, 0xFFFE)] ImmutableArray<SignatureScheme> Schemes) : ClientHelloExtension;

    /// <summary>The application protocols that the client speaks, best first (RFC 7301 section 3.1).</summary>
    [Message]
    internal sealed partial record ApplicationProtocols([property: ByteLength(2, 0xFFFF)] ImmutableArray<ProtocolName> Names) : ClientHelloExtension;

    /// <summary>The client wants timestamps of certificate logs (RFC 6962 section 3.3).</summary>
    [Message]
    internal sealed partial record CertificateTimestamps : ClientHelloExtension;

    /// <summary>Makes the message longer (RFC 7685).</summary>
    [Message]
    internal sealed partial record Padding([property: Remainder(0, 0xFFFF)] ReadOnlyMemory<byte> Zeros) : ClientHelloExtension;

    /// <summary>Keys that both ends know already (RFC 9846 section 4.3.11).</summary>
    [Message]
    internal sealed partial record PreSharedKeys(
        [property: ByteLength(7, 0xFFFF)] ImmutableArray<PskIdentity> Identities,
        [property: ByteLength(33, 0xFFFF)] ImmutableArray<PskBinderEntry> Binders) : ClientHelloExtension;

    /// <summary>Application data follows at once (RFC 9846 section 4.3.10).</summary>
    [Message]
    internal sealed partial record EarlyData : ClientHelloExtension;

    /// <summary>The versions that the client speaks, best first (RFC 9846 section 4.3.1).</summary>
    [Message]
    internal sealed partial record SupportedVersions([property: ByteLength(2, 254)] ImmutableArray<ProtocolVersion> Versions) : ClientHelloExtension;

    /// <summary>What the server asked to get back (RFC 9846 section 4.3.2).</summary>
    [Message]
    internal sealed partial record Cookie([property: ByteLength(1, 0xFFFF)] ReadOnlyMemory<byte> Value) : ClientHelloExtension;

    /// <summary>How the client would use pre-shared keys (RFC 9846 section 4.3.9).</summary>
    [Message]
    internal sealed partial record PskKeyExchangeModes([property: ByteLength(1, 255)] ImmutableArray<PskKeyExchangeMode> Modes) : ClientHelloExtension;

    /// <summary>The authorities that the client believes (RFC 9846 section 4.3.4).</summary>
    [Message]
    internal sealed partial record CertificateAuthorities([property: ByteLength(3, 0xFFFF)] ImmutableArray<DistinguishedName> Authorities) : ClientHelloExtension;

    /// <summary>The client would authenticate later (RFC 9846 section 4.3.6).</summary>
    [Message]
    internal sealed partial record PostHandshakeAuth : ClientHelloExtension;

    /// <summary>The signatures in certificates that the client verifies (RFC 9846 section 4.3.3).</summary>
    [Message]
    internal sealed partial record SignatureAlgorithmsCert([property: ByteLength(2, 0xFFFE)] ImmutableArray<SignatureScheme> Schemes) : ClientHelloExtension;

    /// <summary>The client's public keys, best first (RFC 9846 section 4.3.8).</summary>
    [Message]
    internal sealed partial record KeyShares([property: ByteLength(0, 0xFFFF)] ImmutableArray<KeyShareEntry> Entries) : ClientHelloExtension;

    /// <summary>The idle timeout that the client proposes, in milliseconds, 1 or more.</summary>
    [Message]
    internal sealed partial record IdleTimeout(uint Milliseconds) : ClientHelloExtension;

    /// <summary>An extension that is not known here.</summary>
    [UnknownCase]
    internal sealed record Other(ExtensionType Type, ReadOnlyMemory<byte> Content) : ClientHelloExtension, IUnknownExtension;
}
