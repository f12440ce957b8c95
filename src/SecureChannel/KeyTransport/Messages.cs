using System.Collections.Immutable;
using SecureChannel.Cryptography;

namespace SecureChannel.KeyTransport;

/// <summary>A version of the key transport handshake.</summary>
internal enum HandshakeVersion : ushort
{
    /// <summary>Version 1.</summary>
    Version1 = 1,
}

/// <summary>An algorithm that encrypts the session's key for the server.</summary>
internal enum KeyTransportAlgorithm : ushort
{
    /// <summary>RSA of 2048 bits or more, OAEP with SHA-256 and MGF1 with SHA-256, empty label (RFC 8017 section 7.1).</summary>
    RsaOaepSha256 = 1,
}

/// <summary>An application protocol (RFC 7301 section 3.1).</summary>
/// <param name="Name">The name.</param>
[Message]
internal readonly partial record struct ApplicationProtocol([property: ByteLength(1, 255)] string Name);

/// <summary>A certificate in DER.</summary>
/// <param name="Der">The certificate in DER.</param>
[Message]
internal readonly partial record struct EncodedCertificate([property: ByteLength(1, 0xFFFFFF)] ReadOnlyMemory<byte> Der);

/// <summary>Step 1: the client's request for a secure connection.</summary>
/// <param name="Versions">The versions that the client supports, best first.</param>
/// <param name="Random">32 random bytes, so that no two handshakes are equal.</param>
/// <param name="Suites">The cipher suites that the client supports, best first.</param>
/// <param name="KeyTransportAlgorithms">The key transport algorithms that the client supports, best first.</param>
/// <param name="Name">The name of the requested server.</param>
/// <param name="ApplicationProtocols">
/// The application protocols of the client, best first, as in RFC 7301 section 3.1 (the content of <see cref="Handshakes.ProtocolNames"/>); empty to request none.
/// </param>
/// <param name="Parameters">The session parameters of the client: <see cref="Handshakes.SessionParameters"/>.</param>
[Message(1)]
internal sealed partial record ClientRequest(
    [property: ByteLength(2, 254)] ImmutableArray<HandshakeVersion> Versions,
    [property: ByteLength(32)] ReadOnlyMemory<byte> Random,
    [property: ByteLength(2, 254)] ImmutableArray<CipherSuite> Suites,
    [property: ByteLength(2, 254)] ImmutableArray<KeyTransportAlgorithm> KeyTransportAlgorithms,
    [property: ByteLength(1, 255)] string Name,
    [property: ByteLength(0, 0xFFFF)] ReadOnlyMemory<byte> ApplicationProtocols,
    [property: ByteLength(0, 0xFFFF)] ReadOnlyMemory<byte> Parameters);

/// <summary>Step 2: the server's answer, with its certificate and its selection from the client's proposals.</summary>
/// <param name="Version">One of the client's versions.</param>
/// <param name="Random">32 random bytes.</param>
/// <param name="Suite">One of the client's suites.</param>
/// <param name="KeyTransportAlgorithm">One of the client's algorithms, determined by the key of the certificate.</param>
/// <param name="ApplicationProtocol">One of the client's application protocols; null if the client requested none or the server selected none.</param>
/// <param name="Parameters">The session parameters of the server: <see cref="Handshakes.SessionParameters"/>.</param>
/// <param name="Chain">The certificate of the server, followed by the intermediate certificates.</param>
[Message(2)]
internal sealed partial record ServerCertificate(
    HandshakeVersion Version,
    [property: ByteLength(32)] ReadOnlyMemory<byte> Random,
    CipherSuite Suite,
    KeyTransportAlgorithm KeyTransportAlgorithm,
    ApplicationProtocol? ApplicationProtocol,
    [property: ByteLength(0, 0xFFFF)] ReadOnlyMemory<byte> Parameters,
    [property: ByteLength(1, 0xFFFFFF)] ImmutableArray<EncodedCertificate> Chain);

/// <summary>Steps 4 to 6: the session's key, encrypted with the server's public key.</summary>
/// <param name="Wrapped">The encrypted key, which only the server can decrypt.</param>
[Message(3)]
internal sealed partial record ClientKey([property: ByteLength(1, 0xFFFF)] ReadOnlyMemory<byte> Wrapped);

/// <summary>Step 6, second message: the proof that the client holds the key and has seen the same messages.</summary>
[Message(4)]
internal readonly ref partial struct ClientFinished
{
    /// <summary>Gets HMAC(key with the label "c finished", transcript hash through ClientKey).</summary>
    [ByteLength(32, 48)]
    public required ReadOnlySpan<byte> VerifyData { get; init; }
}

/// <summary>Step 7: the server's acknowledgement, which proves that the server holds the private key of its certificate.</summary>
[Message(5)]
internal readonly ref partial struct ServerAcknowledge
{
    /// <summary>Gets HMAC(key with the label "s finished", transcript hash through ClientFinished).</summary>
    [ByteLength(32, 48)]
    public required ReadOnlySpan<byte> VerifyData { get; init; }
}
