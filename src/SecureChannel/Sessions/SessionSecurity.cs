using SecureChannel.Handshakes;
using SecureChannel.KeyTransport;
using SecureChannel.Tls13;

namespace SecureChannel;

/// <summary>What makes a session authentic and private: a handshake of this library, or the platform's TLS.</summary>
public sealed class SessionSecurity
{
    private SessionSecurity(HandshakeProtocol? handshake, string name) => (Handshake, Name) = (handshake, name);

    /// <summary>
    /// TLS 1.3 (RFC 9846) by this library: forward secret, and understood by every other implementation. The server's certificate is an ordinary one
    /// (<see cref="CertificatePurpose.TlsServer"/>). Where the other end is another implementation, each end keeps its own idle timeout.
    /// </summary>
    public static SessionSecurity Tls13 { get; } = Custom(Tls13Protocol.Instance);

    /// <summary>The certificate key-transport handshake. It has no forward secrecy.</summary>
    public static SessionSecurity KeyTransport { get; } = Custom(KeyTransportProtocol.Instance);

    /// <summary>
    /// The platform's TLS 1.3 by <see cref="System.Net.Security.SslStream"/>. Trust is this library's, with <see cref="CertificatePurpose.TlsServer"/>. The idle
    /// timeout is settled by one message each way at the start of the encrypted channel. An error is told to the peer by cutting the connection, since
    /// SslStream sends no alert on demand; and it exports no keying material.
    /// </summary>
    public static SessionSecurity SslStream { get; } = new(null, "sslstream");

    /// <summary>The handshake's name.</summary>
    public string Name { get; }

    /// <summary>Gets the handshake, or null for <see cref="SslStream"/>.</summary>
    public HandshakeProtocol? Handshake { get; }

    /// <summary>A handshake declared with <see cref="HandshakeAttribute"/>.</summary>
    /// <param name="handshake">The handshake.</param>
    public static SessionSecurity Custom(HandshakeProtocol handshake)
    {
        ArgumentNullException.ThrowIfNull(handshake);
        return new(handshake, handshake.Name);
    }

    /// <summary>The handshake's name.</summary>
    public override string ToString() => Name;
}
