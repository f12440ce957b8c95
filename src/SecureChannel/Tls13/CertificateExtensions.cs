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
    /// <summary>The server name in a request for an exported authenticator (RFC 9261). RFC 9261 defines the content of this extension.</summary>
    [Message]
    internal sealed partial record ServerName([property: Remainder(0, 0xFFFF)] ReadOnlyMemory<byte> Content) : CertificateRequestExtension;

    /// <summary>The server's request for the revocation status of the client's certificate (RFC 9846 section 4.5.1.1).</summary>
    [Message]
    internal sealed partial record StatusRequest : CertificateRequestExtension;

    /// <summary>The signature schemes that the server supports, best first (RFC 9846 section 4.3.3).</summary>
    [Message]
    internal sealed partial record SignatureAlgorithms([property: ByteLength(2, 0xFFFE)] ImmutableArray<SignatureScheme> Schemes) : CertificateRequestExtension;

    /// <summary>The server's request for signed certificate timestamps (RFC 6962 section 3.3).</summary>
    [Message]
    internal sealed partial record CertificateTimestamps : CertificateRequestExtension;

    /// <summary>The authorities that the server trusts (RFC 9846 section 4.3.4).</summary>
    [Message]
    internal sealed partial record CertificateAuthorities([property: ByteLength(3, 0xFFFF)] ImmutableArray<DistinguishedName> Authorities) : CertificateRequestExtension;

    /// <summary>The extensions that the client's certificate must have (RFC 9846 section 4.3.5).</summary>
    [Message]
    internal sealed partial record OidFilters([property: ByteLength(0, 0xFFFF)] ImmutableArray<OidFilter> Filters) : CertificateRequestExtension;

    /// <summary>The signature schemes that the server supports in certificates (RFC 9846 section 4.3.3).</summary>
    [Message]
    internal sealed partial record SignatureAlgorithmsCert([property: ByteLength(2, 0xFFFE)] ImmutableArray<SignatureScheme> Schemes) : CertificateRequestExtension;

    /// <summary>An unknown extension.</summary>
    [UnknownCase]
    internal sealed record Other(ExtensionType Type, ReadOnlyMemory<byte> Content) : CertificateRequestExtension, IUnknownExtension;
}

/// <summary>An extension of one certificate (RFC 9846 section 4.5.1).</summary>
[Union(Tag = typeof(ExtensionType)), ByteLength(0, 0xFFFF)]
[UnionCase<Status>(ExtensionType.StatusRequest)]
[UnionCase<CertificateTimestamps>(ExtensionType.SignedCertificateTimestamp)]
internal abstract partial record CertificateExtension
{
    /// <summary>The OCSP status of the certificate (RFC 9846 section 4.5.1.1).</summary>
    [Message]
    internal sealed partial record Status(CertificateStatus Content) : CertificateExtension;

    /// <summary>The signed certificate timestamps of the certificate (RFC 6962 section 3.3).</summary>
    [Message]
    internal sealed partial record CertificateTimestamps([property: ByteLength(1, 0xFFFF)] ImmutableArray<SerializedSct> List) : CertificateExtension;

    /// <summary>An unknown extension.</summary>
    [UnknownCase]
    internal sealed record Other(ExtensionType Type, ReadOnlyMemory<byte> Content) : CertificateExtension, IUnknownExtension;
}

/// <summary>An extension of a session ticket (RFC 9846 section 4.7.1).</summary>
[Union(Tag = typeof(ExtensionType)), ByteLength(0, 0xFFFF)]
[UnionCase<EarlyData>(ExtensionType.EarlyData)]
internal abstract partial record NewSessionTicketExtension
{
    /// <summary>The maximum length of early data, in bytes (RFC 9846 section 4.3.10).</summary>
    [Message]
    internal sealed partial record EarlyData(uint MaxSize) : NewSessionTicketExtension;

    /// <summary>An unknown extension.</summary>
    [UnknownCase]
    internal sealed record Other(ExtensionType Type, ReadOnlyMemory<byte> Content) : NewSessionTicketExtension, IUnknownExtension;
}
