using System.Collections.Immutable;
using SecureChannel.Cryptography;

namespace SecureChannel.Tls13;

/// <summary>The types of known extensions (RFC 9846 section 4.3). Unknown extensions in an offer are ignored.</summary>
internal enum ExtensionType : ushort
{
    /// <summary>server_name (RFC 6066 section 3).</summary>
    ServerName = 0,

    /// <summary>status_request (RFC 6066 section 8, RFC 9846 section 4.5.1.1).</summary>
    StatusRequest = 5,

    /// <summary>supported_groups (RFC 9846 section 4.3.7).</summary>
    SupportedGroups = 10,

    /// <summary>signature_algorithms (RFC 9846 section 4.3.3).</summary>
    SignatureAlgorithms = 13,

    /// <summary>application_layer_protocol_negotiation (RFC 7301).</summary>
    ApplicationLayerProtocolNegotiation = 16,

    /// <summary>signed_certificate_timestamp (RFC 6962 section 3.3, RFC 9846 section 4.5.1.1).</summary>
    SignedCertificateTimestamp = 18,

    /// <summary>padding (RFC 7685).</summary>
    Padding = 21,

    /// <summary>pre_shared_key (RFC 9846 section 4.3.11).</summary>
    PreSharedKey = 41,

    /// <summary>early_data (RFC 9846 section 4.3.10).</summary>
    EarlyData = 42,

    /// <summary>supported_versions (RFC 9846 section 4.3.1).</summary>
    SupportedVersions = 43,

    /// <summary>cookie (RFC 9846 section 4.3.2).</summary>
    Cookie = 44,

    /// <summary>psk_key_exchange_modes (RFC 9846 section 4.3.9).</summary>
    PskKeyExchangeModes = 45,

    /// <summary>certificate_authorities (RFC 9846 section 4.3.4).</summary>
    CertificateAuthorities = 47,

    /// <summary>oid_filters (RFC 9846 section 4.3.5).</summary>
    OidFilters = 48,

    /// <summary>post_handshake_auth (RFC 9846 section 4.3.6).</summary>
    PostHandshakeAuth = 49,

    /// <summary>signature_algorithms_cert (RFC 9846 section 4.3.3).</summary>
    SignatureAlgorithmsCert = 50,

    /// <summary>key_share (RFC 9846 section 4.3.8).</summary>
    KeyShare = 51,

    /// <summary>
    /// The session parameters, a private-use extension of this library (RFC 9846 section 11). Its content begins with a constant, so that an endpoint ignores other
    /// uses of this type.
    /// </summary>
    SessionParameters = 0xFF53,
}

/// <summary>The extensions of a ClientHello. TLS 1.3 requires supported_versions, and therefore 7 bytes or more. Older versions may have fewer bytes.</summary>
/// <param name="Items">The extensions.</param>
[Message]
internal sealed partial record ClientHelloExtensions([property: ByteLength(0, 0xFFFF)] ImmutableArray<ClientHelloExtension> Items);

/// <summary>The extensions of a ServerHello. TLS 1.3 requires supported_versions, and therefore 6 bytes or more. Older versions may have fewer bytes.</summary>
/// <param name="Items">The extensions.</param>
[Message]
internal sealed partial record ServerHelloExtensions([property: ByteLength(0, 0xFFFF)] ImmutableArray<ServerHelloExtension> Items);

/// <summary>The extensions of a HelloRetryRequest.</summary>
/// <param name="Items">The extensions.</param>
[Message]
internal sealed partial record HelloRetryRequestExtensions([property: ByteLength(6, 0xFFFF)] ImmutableArray<HelloRetryRequestExtension> Items);

/// <summary>A server's name (RFC 6066 section 3).</summary>
/// <param name="Type">The type of the name.</param>
/// <param name="Name">The name. A host name is in ASCII and has no trailing dot.</param>
[Message]
internal sealed partial record ServerName(NameType Type, [property: ByteLength(1, 0xFFFF)] ReadOnlyMemory<byte> Name);

/// <summary>The type of a server name.</summary>
internal enum NameType : byte
{
    /// <summary>A DNS name.</summary>
    HostName = 0,
}

/// <summary>The public key of one group (RFC 9846 section 4.3.8).</summary>
/// <param name="Group">The group.</param>
/// <param name="KeyExchange">The public key, in the encoding of the group.</param>
[Message]
internal sealed partial record KeyShareEntry(NamedGroup Group, [property: ByteLength(1, 0xFFFF)] ReadOnlyMemory<byte> KeyExchange);

/// <summary>The identity of a pre-shared key (RFC 9846 section 4.3.11).</summary>
/// <param name="Identity">The name of the key, such as a ticket.</param>
/// <param name="ObfuscatedTicketAge">The age of the ticket plus an offset, in milliseconds.</param>
[Message]
internal sealed partial record PskIdentity([property: ByteLength(1, 0xFFFF)] ReadOnlyMemory<byte> Identity, uint ObfuscatedTicketAge);

/// <summary>The proof that the client holds a pre-shared key (RFC 9846 section 4.3.11).</summary>
/// <param name="Value">An HMAC.</param>
[Message]
internal sealed partial record PskBinderEntry([property: ByteLength(32, 255)] ReadOnlyMemory<byte> Value);

/// <summary>A mode in which a pre-shared key is used (RFC 9846 section 4.3.9).</summary>
internal enum PskKeyExchangeMode : byte
{
    /// <summary>The pre-shared key alone.</summary>
    PskKe = 0,

    /// <summary>The pre-shared key with a key agreement.</summary>
    PskDheKe = 1,
}

/// <summary>The name of an authority in DER (RFC 9846 section 4.3.4).</summary>
/// <param name="Der">The name.</param>
[Message]
internal sealed partial record DistinguishedName([property: ByteLength(1, 0xFFFF)] ReadOnlyMemory<byte> Der);

/// <summary>A required extension of a certificate (RFC 9846 section 4.3.5).</summary>
/// <param name="Oid">The object identifier of the extension in DER.</param>
/// <param name="Values">The required values in DER.</param>
[Message]
internal sealed partial record OidFilter(
    [property: ByteLength(1, 0xFF)] ReadOnlyMemory<byte> Oid, [property: ByteLength(0, 0xFFFF)] ReadOnlyMemory<byte> Values);

/// <summary>The protocol that reports the revocation status of a certificate (RFC 6066 section 8).</summary>
internal enum CertificateStatusType : byte
{
    /// <summary>OCSP (RFC 6960).</summary>
    Ocsp = 1,
}

/// <summary>A request for an OCSP response (RFC 6066 section 8).</summary>
/// <param name="Responders">The responders that the client trusts; empty if the server may choose.</param>
/// <param name="Extensions">The OCSP extensions in DER.</param>
[Message]
internal sealed partial record OcspStatusRequest(
    [property: ByteLength(0, 0xFFFF)] ImmutableArray<ResponderId> Responders,
    [property: ByteLength(0, 0xFFFF)] ReadOnlyMemory<byte> Extensions)
{
    /// <summary>Gets the content of status_request for any responder, without extensions.</summary>
    public static ReadOnlyMemory<byte> Any { get; } = new byte[] { (byte)CertificateStatusType.Ocsp, 0, 0, 0, 0 };
}

/// <summary>The identifier of an OCSP responder (RFC 6066 section 8).</summary>
/// <param name="Der">The identifier in DER.</param>
[Message]
internal sealed partial record ResponderId([property: ByteLength(1, 0xFFFF)] ReadOnlyMemory<byte> Der);

/// <summary>The revocation status of a certificate (RFC 6066 section 8).</summary>
[Union(Tag = typeof(CertificateStatusType)), UnionCase<OcspResponse>(CertificateStatusType.Ocsp)]
internal abstract partial record CertificateStatus;

/// <summary>An OCSP response (RFC 6066 section 8).</summary>
/// <param name="Der">The response in DER.</param>
[Message]
internal sealed partial record OcspResponse([property: ByteLength(1, 0xFFFFFF)] ReadOnlyMemory<byte> Der) : CertificateStatus
{
    /// <summary>Returns the OCSP response in the extensions of a certificate, in DER, or an empty value.</summary>
    public static ReadOnlyMemory<byte> Find(ImmutableArray<CertificateExtension> extensions) =>
        extensions.Find<CertificateExtension, CertificateExtension.Status>()?.Content is OcspResponse response ? response.Der : default;
}

/// <summary>A timestamp of a certificate log (RFC 6962 section 3.3).</summary>
/// <param name="Value">The signed timestamp.</param>
[Message]
internal sealed partial record SerializedSct([property: ByteLength(1, 0xFFFF)] ReadOnlyMemory<byte> Value);
