using System.Collections.Immutable;
using SecureChannel.Cryptography;

namespace SecureChannel.Tls13;

/// <summary>The extensions that are known here (RFC 9846 section 4.3). What is not named is ignored where it was sent as an offer.</summary>
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

    /// <summary>The idle timeout of this library, for private use (RFC 9846 section 11): offered only where it is configured.</summary>
    IdleTimeout = 0xFF53,
}

/// <summary>The extensions of a ClientHello: 7 bytes or more by the version that TLS 1.3 must have in it; those of older versions may be fewer.</summary>
/// <param name="Items">The extensions.</param>
[Message]
internal sealed partial record ClientHelloExtensions([property: ByteLength(0, 0xFFFF)] ImmutableArray<ClientHelloExtension> Items);

/// <summary>The extensions of a ServerHello: 6 bytes or more by the version that TLS 1.3 must have in it; those of older versions may be fewer.</summary>
/// <param name="Items">The extensions.</param>
[Message]
internal sealed partial record ServerHelloExtensions([property: ByteLength(0, 0xFFFF)] ImmutableArray<ServerHelloExtension> Items);

/// <summary>The extensions of a HelloRetryRequest.</summary>
/// <param name="Items">The extensions.</param>
[Message]
internal sealed partial record HelloRetryRequestExtensions([property: ByteLength(6, 0xFFFF)] ImmutableArray<HelloRetryRequestExtension> Items);

/// <summary>A server's name (RFC 6066 section 3).</summary>
/// <param name="Type">What kind of name.</param>
/// <param name="Name">The name; of a host in ASCII, without a dot at its end.</param>
[Message]
internal sealed partial record ServerName(NameType Type, [property: ByteLength(1, 0xFFFF)] ReadOnlyMemory<byte> Name);

/// <summary>What kind a server's name is of.</summary>
internal enum NameType : byte
{
    /// <summary>A DNS name.</summary>
    HostName = 0,
}

/// <summary>The public key of one group (RFC 9846 section 4.3.8).</summary>
/// <param name="Group">The group.</param>
/// <param name="KeyExchange">The key, in the group's form.</param>
[Message]
internal sealed partial record KeyShareEntry(NamedGroup Group, [property: ByteLength(1, 0xFFFF)] ReadOnlyMemory<byte> KeyExchange);

/// <summary>The name of an application protocol (RFC 7301 section 3.1): bytes, since GREASE values are no text.</summary>
/// <param name="Name">The name.</param>
[Message]
internal sealed partial record ProtocolName([property: ByteLength(1, 255)] ReadOnlyMemory<byte> Name);

/// <summary>A key that both ends know already (RFC 9846 section 4.3.11).</summary>
/// <param name="Identity">The key's name, such as a ticket.</param>
/// <param name="ObfuscatedTicketAge">The ticket's age with an offset, in milliseconds.</param>
[Message]
internal sealed partial record PskIdentity([property: ByteLength(1, 0xFFFF)] ReadOnlyMemory<byte> Identity, uint ObfuscatedTicketAge);

/// <summary>The proof that the client holds a key (RFC 9846 section 4.3.11).</summary>
/// <param name="Value">An HMAC.</param>
[Message]
internal sealed partial record PskBinderEntry([property: ByteLength(32, 255)] ReadOnlyMemory<byte> Value);

/// <summary>How a pre-shared key is used (RFC 9846 section 4.3.9).</summary>
internal enum PskKeyExchangeMode : byte
{
    /// <summary>Alone.</summary>
    PskKe = 0,

    /// <summary>With a key agreement.</summary>
    PskDheKe = 1,
}

/// <summary>The name of an authority in DER (RFC 9846 section 4.3.4).</summary>
/// <param name="Der">The name.</param>
[Message]
internal sealed partial record DistinguishedName([property: ByteLength(1, 0xFFFF)] ReadOnlyMemory<byte> Der);

/// <summary>What a certificate's extension must hold (RFC 9846 section 4.3.5).</summary>
/// <param name="Oid">The extension's identifier in DER.</param>
/// <param name="Values">What it must hold, in DER.</param>
[Message]
internal sealed partial record OidFilter(
    [property: ByteLength(1, 0xFF)] ReadOnlyMemory<byte> Oid, [property: ByteLength(0, 0xFFFF)] ReadOnlyMemory<byte> Values);

/// <summary>How the state of a certificate is told (RFC 6066 section 8).</summary>
internal enum CertificateStatusType : byte
{
    /// <summary>By OCSP (RFC 6960).</summary>
    Ocsp = 1,
}

/// <summary>What a client asks of the state of a certificate (RFC 6066 section 8).</summary>
[Union(Tag = typeof(CertificateStatusType)), UnionCase<OcspStatusRequest>(CertificateStatusType.Ocsp)]
internal abstract partial record CertificateStatusRequest;

/// <summary>A request for an OCSP response (RFC 6066 section 8).</summary>
/// <param name="Responders">Whom the client believes; empty for anyone that it can judge.</param>
/// <param name="Extensions">Extensions of OCSP in DER.</param>
[Message]
internal sealed partial record OcspStatusRequest(
    [property: ByteLength(0, 0xFFFF)] ImmutableArray<ResponderId> Responders,
    [property: ByteLength(0, 0xFFFF)] ReadOnlyMemory<byte> Extensions) : CertificateStatusRequest;

/// <summary>Who answers OCSP (RFC 6066 section 8).</summary>
/// <param name="Der">The identifier in DER.</param>
[Message]
internal sealed partial record ResponderId([property: ByteLength(1, 0xFFFF)] ReadOnlyMemory<byte> Der);

/// <summary>The state of a certificate (RFC 6066 section 8).</summary>
[Union(Tag = typeof(CertificateStatusType)), UnionCase<OcspResponse>(CertificateStatusType.Ocsp)]
internal abstract partial record CertificateStatus;

/// <summary>An OCSP response (RFC 6066 section 8).</summary>
/// <param name="Der">The response in DER.</param>
[Message]
internal sealed partial record OcspResponse([property: ByteLength(1, 0xFFFFFF)] ReadOnlyMemory<byte> Der) : CertificateStatus;

/// <summary>A timestamp of a certificate's log (RFC 6962 section 3.3).</summary>
/// <param name="Value">The signed timestamp.</param>
[Message]
internal sealed partial record SerializedSct([property: ByteLength(1, 0xFFFF)] ReadOnlyMemory<byte> Value);
