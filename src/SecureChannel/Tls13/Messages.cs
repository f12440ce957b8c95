using System.Collections.Immutable;
using SecureChannel.Cryptography;
using SecureChannel.Messages;

namespace SecureChannel.Tls13;

/// <summary>The client's offer (RFC 9846 section 4.2.2).</summary>
/// <param name="LegacyVersion">0x0303. The supported versions are in an extension.</param>
/// <param name="Random">32 random bytes.</param>
/// <param name="LegacySessionId">The session ID, which the server echoes. Not empty in the middlebox compatibility mode.</param>
/// <param name="CipherSuites">The suites that the client supports, best first.</param>
/// <param name="LegacyCompressionMethods">One byte, 0.</param>
/// <param name="Extensions">
/// The encoded <see cref="ClientHelloExtensions"/>. An older version may have none or others, so they are decoded after the version is known.
/// </param>
[Message(1)]
internal sealed partial record ClientHello(
    ProtocolVersion LegacyVersion,
    [property: ByteLength(32)] ReadOnlyMemory<byte> Random,
    [property: ByteLength(0, 32)] ReadOnlyMemory<byte> LegacySessionId,
    [property: ByteLength(2, 0xFFFE)] ImmutableArray<CipherSuite> CipherSuites,
    [property: ByteLength(1, 0xFF)] ReadOnlyMemory<byte> LegacyCompressionMethods,
    [property: Remainder(0, 0x10001)] ReadOnlyMemory<byte> Extensions);

/// <summary>The server's selection (RFC 9846 section 4.2.3).</summary>
/// <param name="LegacyVersion">0x0303. The selected version is in an extension.</param>
/// <param name="Random">32 random bytes, or the value that makes the message a <see cref="HelloRetryRequest"/>.</param>
/// <param name="LegacySessionIdEcho">The session ID of the client.</param>
/// <param name="CipherSuite">One of the client's suites.</param>
/// <param name="LegacyCompressionMethod">0.</param>
/// <param name="Extensions">
/// The encoded <see cref="ServerHelloExtensions"/> or, depending on the random value, <see cref="HelloRetryRequestExtensions"/>.
/// </param>
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

/// <summary>A server's selection of a pre-shared key, which resumes a session: a ServerHello with the extension pre_shared_key (RFC 9846 section 4.3.11).</summary>
[VariantOf<ServerHello>]
internal readonly ref partial struct ResumedServerHello
{
    // A malformed block is not a resumption. The handler of the ServerHello reports it.
    private static bool Matches(scoped in ServerHello message)
    {
        if (message.Random.Span.SequenceEqual(HelloRetryRequest.FixedRandom.Span))
            return false;
        var reader = new WireReader(message.Extensions.Span);
        if (!reader.TryReadUInt16(out _))
            return false;
        while (reader.TryReadUInt16(out var type) && reader.TryReadBytes(0, 0xFFFF, out _))
        {
            if (type == (ushort)ExtensionType.PreSharedKey)
                return true;
        }

        return false;
    }
}

/// <summary>The rest of the server's selection, protected with the handshake keys (RFC 9846 section 4.4.1).</summary>
/// <param name="Extensions">The answers to the client's extensions.</param>
[Message(8)]
internal sealed partial record EncryptedExtensions([property: ByteLength(0, 0xFFFF)] ImmutableArray<EncryptedExtension> Extensions);

/// <summary>The server's request for a certificate of the client (RFC 9846 section 4.4.2).</summary>
/// <param name="Context">Empty during the handshake.</param>
/// <param name="Extensions">The requirements for the certificate.</param>
[Message(13)]
internal sealed partial record CertificateRequest(
    [property: ByteLength(0, 0xFF)] ReadOnlyMemory<byte> Context,
    [property: ByteLength(0, 0xFFFF)] ImmutableArray<CertificateRequestExtension> Extensions);

/// <summary>The sender's certificate and its intermediate certificates (RFC 9846 section 4.5.1).</summary>
/// <param name="Context">The context of the request; empty if the server is the sender.</param>
/// <param name="Entries">The certificate of the sender, followed by the intermediate certificates.</param>
[Message(11)]
internal sealed partial record Certificate(
    [property: ByteLength(0, 0xFF)] ReadOnlyMemory<byte> Context,
    [property: ByteLength(0, 0xFFFFFF)] ImmutableArray<CertificateEntry> Entries);

/// <summary>One certificate of a chain.</summary>
/// <param name="Data">The certificate in DER, or a raw public key if that was negotiated (RFC 7250).</param>
/// <param name="Extensions">The extensions of the certificate.</param>
[Message]
internal sealed partial record CertificateEntry(
    [property: ByteLength(1, 0xFFFFFF)] ReadOnlyMemory<byte> Data,
    [property: ByteLength(0, 0xFFFF)] ImmutableArray<CertificateExtension> Extensions);

/// <summary>A client's answer that it has no certificate: a Certificate without entries (RFC 9846 section 4.5.1).</summary>
[VariantOf<Certificate>]
internal readonly ref partial struct NoCertificate
{
    private static bool Matches(scoped in Certificate message) => message.Entries.IsEmpty;
}

/// <summary>The signature that proves that the sender holds the key of its certificate (RFC 9846 section 4.5.2).</summary>
[Message(15)]
internal readonly ref partial struct CertificateVerify
{
    /// <summary>Gets the signature scheme.</summary>
    public required SignatureScheme Algorithm { get; init; }

    /// <summary>Gets the signature.</summary>
    [ByteLength(0, 0xFFFF)]
    public required ReadOnlySpan<byte> Signature { get; init; }
}

/// <summary>The sender's confirmation of the keys and the handshake messages (RFC 9846 section 4.5.3).</summary>
[Message(20)]
internal readonly ref partial struct Finished
{
    /// <summary>Gets HMAC(finished_key, transcript so far). It has the length of the suite's hash.</summary>
    [Remainder(32, 48)]
    public required ReadOnlySpan<byte> VerifyData { get; init; }
}

/// <summary>The end of early data (RFC 9846 section 4.6).</summary>
[Message(5)]
internal readonly partial record struct EndOfEarlyData;

/// <summary>A ticket with which a client can resume a session (RFC 9846 section 4.7.1).</summary>
/// <param name="Lifetime">The lifetime in seconds, at most seven days.</param>
/// <param name="AgeAdd">The offset that hides the age of the ticket.</param>
/// <param name="Nonce">The value that makes the key of this ticket unique.</param>
/// <param name="Ticket">The identity that the client sends to resume the session.</param>
/// <param name="Extensions">The extensions of the ticket.</param>
[Message(4)]
internal sealed partial record NewSessionTicket(
    uint Lifetime,
    uint AgeAdd,
    [property: ByteLength(0, 0xFF)] ReadOnlyMemory<byte> Nonce,
    [property: ByteLength(1, 0xFFFF)] ReadOnlyMemory<byte> Ticket,
    [property: ByteLength(0, 0xFFFF)] ImmutableArray<NewSessionTicketExtension> Extensions);

/// <summary>The announcement that the sender uses new keys after this message (RFC 9846 section 4.7.3).</summary>
/// <param name="Request">A value that indicates whether the receiver must update its keys too.</param>
[Message(24)]
internal readonly partial record struct KeyUpdate(KeyUpdateRequest Request);

/// <summary>The field of a KeyUpdate that requests a KeyUpdate from the receiver in return.</summary>
internal enum KeyUpdateRequest : byte
{
    /// <summary>No KeyUpdate is requested.</summary>
    NotRequested,

    /// <summary>A KeyUpdate is requested.</summary>
    Requested,
}

/// <summary>A version of TLS.</summary>
internal enum ProtocolVersion : ushort
{
    /// <summary>TLS 1.2, the value of the legacy fields.</summary>
    Tls12 = 0x0303,

    /// <summary>TLS 1.3.</summary>
    Tls13 = 0x0304,
}
