using System.Collections.Immutable;
using SecureChannel.Cryptography;

namespace SecureChannel.Tls13;

/// <summary>An extension of a CertificateRequest (RFC 9846 section 4.4.2).</summary>
[Union(Tag = typeof(ExtensionType)), ByteLength(0, 0xFFFF)]
[UnionCase<ServerName>(ExtensionType.ServerName)]
[UnionCase<StatusRequest>(ExtensionType.StatusRequest)]
[UnionCase<SignatureAlgorithms>(ExtensionType.SignatureAlgorithms)]
[UnionCase<CertificateTimestamps>(ExtensionType.SignedCertificateTimestamp)]
[UnionCase<CertificateAuthorities>(ExtensionType.CertificateAuthorities)]
[UnionCase<OidFilters>(ExtensionType.OidFilters)]
[UnionCase<SignatureAlgorithmsCert>(ExtensionType.SignatureAlgorithmsCert)]
internal abstract partial record CertificateRequestExtension
{
    /// <summary>Used by exported authenticators (RFC 9261): its content is theirs.</summary>
    [Message]
    internal sealed partial record ServerName([property: Remainder(0, 0xFFFF)] ReadOnlyMemory<byte> Content) : CertificateRequestExtension;

    /// <summary>The server wants to hear of revocation (RFC 9846 section 4.5.1.1).</summary>
    [Message]
    internal sealed partial record StatusRequest : CertificateRequestExtension;

    /// <summary>The signatures that the server verifies, best first (RFC 9846 section 4.3.3).</summary>
    [Message]
    internal sealed partial record SignatureAlgorithms([property: ByteLength(2, 0xFFFE)] ImmutableArray<SignatureScheme> Schemes) : CertificateRequestExtension;

    /// <summary>The server wants timestamps of certificate logs (RFC 6962 section 3.3).</summary>
    [Message]
    internal sealed partial record CertificateTimestamps : CertificateRequestExtension;

    /// <summary>The authorities that the server believes (RFC 9846 section 4.3.4).</summary>
    [Message]
    internal sealed partial record CertificateAuthorities([property: ByteLength(3, 0xFFFF)] ImmutableArray<DistinguishedName> Authorities) : CertificateRequestExtension;

    /// <summary>What the certificate must be like (RFC 9846 section 4.3.5).</summary>
    [Message]
    internal sealed partial record OidFilters([property: ByteLength(0, 0xFFFF)] ImmutableArray<OidFilter> Filters) : CertificateRequestExtension;

    /// <summary>The signatures in certificates that the server verifies (RFC 9846 section 4.3.3).</summary>
    [Message]
    internal sealed partial record SignatureAlgorithmsCert([property: ByteLength(2, 0xFFFE)] ImmutableArray<SignatureScheme> Schemes) : CertificateRequestExtension;

    /// <summary>An extension that is not known here.</summary>
    [UnknownCase]
    internal sealed record Other(ExtensionType Type, ReadOnlyMemory<byte> Content) : CertificateRequestExtension, IUnknownExtension;
}

/// <summary>What goes with one certificate (RFC 9846 section 4.5.1).</summary>
[Union(Tag = typeof(ExtensionType)), ByteLength(0, 0xFFFF)]
[UnionCase<Status>(ExtensionType.StatusRequest)]
[UnionCase<CertificateTimestamps>(ExtensionType.SignedCertificateTimestamp)]
internal abstract partial record CertificateExtension
{
    /// <summary>The certificate's state by OCSP (RFC 9846 section 4.5.1.1).</summary>
    [Message]
    internal sealed partial record Status(CertificateStatus Content) : CertificateExtension;

    /// <summary>The certificate's entries in logs (RFC 6962 section 3.3).</summary>
    [Message]
    internal sealed partial record CertificateTimestamps([property: ByteLength(1, 0xFFFF)] ImmutableArray<SerializedSct> List) : CertificateExtension;

    /// <summary>An extension that is not known here.</summary>
    [UnknownCase]
    internal sealed record Other(ExtensionType Type, ReadOnlyMemory<byte> Content) : CertificateExtension, IUnknownExtension;
}

/// <summary>What goes with a ticket (RFC 9846 section 4.7.1).</summary>
[Union(Tag = typeof(ExtensionType)), ByteLength(0, 0xFFFF)]
[UnionCase<EarlyData>(ExtensionType.EarlyData)]
internal abstract partial record NewSessionTicketExtension
{
    /// <summary>How much data may be sent before the handshake, in bytes (RFC 9846 section 4.3.10).</summary>
    [Message]
    internal sealed partial record EarlyData(uint MaxSize) : NewSessionTicketExtension;

    /// <summary>An extension that is not known here.</summary>
    [UnknownCase]
    internal sealed record Other(ExtensionType Type, ReadOnlyMemory<byte> Content) : NewSessionTicketExtension, IUnknownExtension;
}
