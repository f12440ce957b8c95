using System.Collections.Immutable;
using SecureChannel.Cryptography;

namespace SecureChannel.KeyTransport;

/// <summary>A version of this handshake.</summary>
internal enum HandshakeVersion : ushort
{
    /// <summary>The first one.</summary>
    Version1 = 1,
}

/// <summary>How the session's key is encrypted to the server.</summary>
internal enum KeyTransportAlgorithm : ushort
{
    /// <summary>RSA of 2048 bits or more, OAEP with SHA-256 and MGF1 with SHA-256, empty label (RFC 8017 section 7.1).</summary>
    RsaOaepSha256 = 1,
}

/// <summary>The name of an application protocol (RFC 7301 section 3.1).</summary>
/// <param name="Name">The name.</param>
[Message]
internal readonly partial record struct ApplicationProtocol([property: ByteLength(1, 255)] string Name);

/// <summary>A certificate in DER.</summary>
/// <param name="Der">Its bytes.</param>
[Message]
internal readonly partial record struct EncodedCertificate([property: ByteLength(1, 0xFFFFFF)] ReadOnlyMemory<byte> Der);

/// <summary>1: the client requests a secure connection.</summary>
/// <param name="Versions">The versions that it speaks, best first.</param>
/// <param name="Random">32 random bytes: no two handshakes are alike.</param>
/// <param name="Suites">The ciphers and hashes that it supports, best first.</param>
/// <param name="KeyTransportAlgorithms">The ways to encrypt a key that it supports, best first.</param>
/// <param name="Name">The name of the server that it wants to reach.</param>
/// <param name="ApplicationProtocols">The application protocols that it speaks, best first; empty to ask for none.</param>
/// <param name="IdleTimeout">The idle timeout that it proposes, in milliseconds, 1 or more; null for none.</param>
[Message(1)]
internal sealed partial record ClientRequest(
    [property: ByteLength(2, 254)] ImmutableArray<HandshakeVersion> Versions,
    [property: ByteLength(32)] ReadOnlyMemory<byte> Random,
    [property: ByteLength(2, 254)] ImmutableArray<CipherSuite> Suites,
    [property: ByteLength(2, 254)] ImmutableArray<KeyTransportAlgorithm> KeyTransportAlgorithms,
    [property: ByteLength(1, 255)] string Name,
    [property: ByteLength(0, 0xFFFF)] ImmutableArray<ApplicationProtocol> ApplicationProtocols,
    uint? IdleTimeout);

/// <summary>2: the server answers with its certificate, and settles what the client proposed.</summary>
/// <param name="Version">One of the client's versions.</param>
/// <param name="Random">32 random bytes.</param>
/// <param name="Suite">One of the client's suites.</param>
/// <param name="KeyTransportAlgorithm">One of the client's, fixed by the certificate's key.</param>
/// <param name="ApplicationProtocol">One of the client's; null if it asked for none, or the server has no preference.</param>
/// <param name="IdleTimeout">In milliseconds, 1 or more, and at most what the client proposed if it did; null for none.</param>
/// <param name="Chain">The server's certificate, and then those that lead to the authority.</param>
[Message(2)]
internal sealed partial record ServerCertificate(
    HandshakeVersion Version,
    [property: ByteLength(32)] ReadOnlyMemory<byte> Random,
    CipherSuite Suite,
    KeyTransportAlgorithm KeyTransportAlgorithm,
    ApplicationProtocol? ApplicationProtocol,
    uint? IdleTimeout,
    [property: ByteLength(1, 0xFFFFFF)] ImmutableArray<EncodedCertificate> Chain);

/// <summary>4 to 6: the session's key, encrypted with the server's public key.</summary>
/// <param name="Wrapped">What only the server can decrypt.</param>
[Message(3)]
internal sealed partial record ClientKey([property: ByteLength(1, 0xFFFF)] ReadOnlyMemory<byte> Wrapped);

/// <summary>Still 6: the client shows that it holds the key and saw the same messages.</summary>
[Message(4)]
internal readonly ref partial struct ClientFinished
{
    /// <summary>HMAC(cf, transcript through ClientKey).</summary>
    [ByteLength(32, 48)]
    public required ReadOnlySpan<byte> VerifyData { get; init; }
}

/// <summary>7: the server acknowledges.</summary>
[Message(5)]
internal readonly ref partial struct ServerAcknowledge
{
    /// <summary>HMAC(sf, transcript through ClientFinished).</summary>
    [ByteLength(32, 48)]
    public required ReadOnlySpan<byte> VerifyData { get; init; }
}
