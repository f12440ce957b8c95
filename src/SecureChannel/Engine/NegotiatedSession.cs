using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel;

/// <summary>What the two ends agreed on.</summary>
/// <param name="Handshake">The handshake's name and version, such as <c>key-transport/1</c>.</param>
/// <param name="CipherSuite">The name of the cipher and hash.</param>
/// <param name="Peer">The peer's certificate, checked; null if the peer has shown none.</param>
/// <param name="ApplicationProtocol">The application protocol (RFC 7301); null if none was asked for.</param>
/// <param name="IdleTimeout">After how long without authentic traffic the session ends; null if it never does.</param>
public sealed record NegotiatedSession(
    string Handshake,
    string CipherSuite,
    VerifiedIdentity? Peer,
    string? ApplicationProtocol,
    TimeSpan? IdleTimeout)
{
    /// <summary>The name that the peer's certificate was checked for; null if the peer has shown none.</summary>
    public string? PeerName => Peer?.Name;

    /// <summary>The peer's certificate; null if the peer has shown none.</summary>
    public X509Certificate2? PeerCertificate => Peer?.Leaf;

    /// <summary>The group of the key agreement (RFC 9846 section 4.3.7); null where the handshake has none.</summary>
    public NamedGroup? Group { get; init; }

    /// <summary>How the server signed the handshake (RFC 9846 section 4.3.3); null where the handshake has no signature.</summary>
    public SignatureScheme? SignatureScheme { get; init; }
}
