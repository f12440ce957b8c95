using System.Collections.Immutable;
using SecureChannel.Cryptography;

namespace SecureChannel.Tls13;

/// <summary>The client's offer (RFC 9846 section 4.2.2).</summary>
/// <param name="LegacyVersion">0x0303: the true versions are in an extension.</param>
/// <param name="Random">32 random bytes.</param>
/// <param name="LegacySessionId">Echoed by the server; not empty in middlebox compatibility mode.</param>
/// <param name="CipherSuites">The suites that the client supports, best first.</param>
/// <param name="LegacyCompressionMethods">One byte, 0.</param>
/// <param name="Extensions">
/// <see cref="ClientHelloExtensions"/>; a hello of an older version may have none, or others, so that they are read after the version is known.
/// </param>
[Message(1)]
internal sealed partial record ClientHello(
    ProtocolVersion LegacyVersion,
    [property: ByteLength(32)] ReadOnlyMemory<byte> Random,
    [property: ByteLength(0, 32)] ReadOnlyMemory<byte> LegacySessionId,
    [property: ByteLength(2, 0xFFFE)] ImmutableArray<CipherSuite> CipherSuites,
    [property: ByteLength(1, 0xFF)] ReadOnlyMemory<byte> LegacyCompressionMethods,
    [property: Remainder(0, 0x10001)] ReadOnlyMemory<byte> Extensions);

/// <summary>What the server chose (RFC 9846 section 4.2.3).</summary>
/// <param name="LegacyVersion">0x0303: the true version is in an extension.</param>
/// <param name="Random">32 random bytes, or the value that makes the message a <see cref="HelloRetryRequest"/>.</param>
/// <param name="LegacySessionIdEcho">The client's.</param>
/// <param name="CipherSuite">One of the client's suites.</param>
/// <param name="LegacyCompressionMethod">0.</param>
/// <param name="Extensions"><see cref="ServerHelloExtensions"/> or <see cref="HelloRetryRequestExtensions"/>, as the random value tells.</param>
[Message(2)]
internal sealed partial record ServerHello(
    ProtocolVersion LegacyVersion,
    [property: ByteLength(32)] ReadOnlyMemory<byte> Random,
    [property: ByteLength(0, 32)] ReadOnlyMemory<byte> LegacySessionIdEcho,
    CipherSuite CipherSuite,
    byte LegacyCompressionMethod,
    [property: Remainder(0, 0x10001)] ReadOnlyMemory<byte> Extensions);

/// <summary>A server's request for another ClientHello: a ServerHello with a fixed random value (RFC 9846 section 4.2.4).</summary>
[VariantOf<ServerHello>]
internal readonly ref partial struct HelloRetryRequest
{
    /// <summary>SHA-256 of "HelloRetryRequest" (RFC 9846 section 4.2.3).</summary>
    public static readonly ReadOnlyMemory<byte> FixedRandom = Convert.FromHexString("CF21AD74E59A6111BE1D8C021E65B891C2A211167ABB8C5E079E09E2C8A8339C");

    private static bool Matches(scoped in ServerHello message) => message.Random.Span.SequenceEqual(FixedRandom.Span);
}

/// <summary>What the server answers under the handshake's keys (RFC 9846 section 4.4.1).</summary>
/// <param name="Extensions">The answers.</param>
[Message(8)]
internal sealed partial record EncryptedExtensions([property: ByteLength(0, 0xFFFF)] ImmutableArray<EncryptedExtension> Extensions);

/// <summary>The server asks for the client's certificate (RFC 9846 section 4.4.2).</summary>
/// <param name="Context">Empty during the handshake.</param>
/// <param name="Extensions">What the certificate must be like.</param>
[Message(13)]
internal sealed partial record CertificateRequest(
    [property: ByteLength(0, 0xFF)] ReadOnlyMemory<byte> Context,
    [property: ByteLength(0, 0xFFFF)] ImmutableArray<CertificateRequestExtension> Extensions);

/// <summary>A chain of certificates (RFC 9846 section 4.5.1).</summary>
/// <param name="Context">That of the request; empty for a server's.</param>
/// <param name="Entries">The sender's certificate, and then those that lead to the authority.</param>
[Message(11)]
internal sealed partial record Certificate(
    [property: ByteLength(0, 0xFF)] ReadOnlyMemory<byte> Context,
    [property: ByteLength(0, 0xFFFFFF)] ImmutableArray<CertificateEntry> Entries);

/// <summary>One certificate of a chain.</summary>
/// <param name="Data">The certificate in DER; where it was negotiated so, a raw public key (RFC 7250).</param>
/// <param name="Extensions">What goes with it.</param>
[Message]
internal sealed partial record CertificateEntry(
    [property: ByteLength(1, 0xFFFFFF)] ReadOnlyMemory<byte> Data,
    [property: ByteLength(0, 0xFFFF)] ImmutableArray<CertificateExtension> Extensions);

/// <summary>A client's answer that it has no certificate: an empty chain (RFC 9846 section 4.5.1).</summary>
[VariantOf<Certificate>]
internal readonly ref partial struct NoCertificate
{
    private static bool Matches(scoped in Certificate message) => message.Entries.IsEmpty;
}

/// <summary>The signature that shows that the sender holds its certificate's key (RFC 9846 section 4.5.2).</summary>
[Message(15)]
internal readonly ref partial struct CertificateVerify
{
    /// <summary>How it is signed.</summary>
    public required SignatureScheme Algorithm { get; init; }

    /// <summary>The signature.</summary>
    [ByteLength(0, 0xFFFF)]
    public required ReadOnlySpan<byte> Signature { get; init; }
}

/// <summary>The confirmation of keys and messages (RFC 9846 section 4.5.3).</summary>
[Message(20)]
internal readonly ref partial struct Finished
{
    /// <summary>HMAC(finished_key, transcript so far), as long as the suite's hash.</summary>
    [Remainder(32, 48)]
    public required ReadOnlySpan<byte> VerifyData { get; init; }
}

/// <summary>The end of data that was sent before the handshake (RFC 9846 section 4.6).</summary>
[Message(5)]
internal readonly partial record struct EndOfEarlyData;

/// <summary>What a client may resume a session by (RFC 9846 section 4.7.1).</summary>
/// <param name="Lifetime">In seconds, at most seven days.</param>
/// <param name="AgeAdd">Hides the ticket's age.</param>
/// <param name="Nonce">Makes the ticket's key differ from others.</param>
/// <param name="Ticket">What the client sends to resume.</param>
/// <param name="Extensions">What goes with it.</param>
[Message(4)]
internal sealed partial record NewSessionTicket(
    uint Lifetime,
    uint AgeAdd,
    [property: ByteLength(0, 0xFF)] ReadOnlyMemory<byte> Nonce,
    [property: ByteLength(1, 0xFFFF)] ReadOnlyMemory<byte> Ticket,
    [property: ByteLength(0, 0xFFFF)] ImmutableArray<NewSessionTicketExtension> Extensions);

/// <summary>The sender's keys change after this message (RFC 9846 section 4.7.3).</summary>
/// <param name="Request">Whether the receiver's are to change too.</param>
[Message(24)]
internal readonly partial record struct KeyUpdate(KeyUpdateRequest Request);

/// <summary>Whether a KeyUpdate asks for one in return.</summary>
internal enum KeyUpdateRequest : byte
{
    /// <summary>No.</summary>
    NotRequested,

    /// <summary>Yes.</summary>
    Requested,
}

/// <summary>A version of TLS.</summary>
internal enum ProtocolVersion : ushort
{
    /// <summary>TLS 1.2, which the legacy fields hold.</summary>
    Tls12 = 0x0303,

    /// <summary>TLS 1.3.</summary>
    Tls13 = 0x0304,
}
