using SecureChannel.Handshakes;
using SecureChannel.KeyTransport;
using SecureChannel.Tls13;

namespace SecureChannel;

/// <summary>The security option of a session: a handshake of this library, a custom handshake, or the platform's TLS.</summary>
public sealed class SessionSecurity
{
    private SessionSecurity(HandshakeProtocol? handshake, string name) => (Handshake, Name) = (handshake, name);

    /// <summary>
    /// Gets this library's implementation of TLS 1.3 (RFC 9846). It has forward secrecy and interoperates with other implementations. The server needs a
    /// certificate for TLS (<see cref="CertificatePurpose.TlsServer"/>). With a peer of another implementation, each endpoint uses its own idle timeout.
    /// </summary>
    public static SessionSecurity Tls13 { get; } = Custom(Tls13Protocol.Instance);

    /// <summary>Gets the certificate key-transport handshake. It has no forward secrecy.</summary>
    public static SessionSecurity KeyTransport { get; } = Custom(KeyTransportProtocol.Instance);

    /// <summary>
    /// Gets the platform's TLS 1.3, through <see cref="System.Net.Security.SslStream"/>. This library, not the platform, verifies certificates, for the purpose
    /// <see cref="CertificatePurpose.TlsServer"/>. The endpoints negotiate the idle timeout with one encrypted message each. An error closes the connection
    /// without an alert, because SslStream cannot send alerts on demand. Keying material cannot be exported.
    /// </summary>
    public static SessionSecurity SslStream { get; } = new(null, "sslstream");

    /// <summary>Gets the name of the handshake.</summary>
    public string Name { get; }

    /// <summary>Gets the handshake, or null if the security option is <see cref="SslStream"/>.</summary>
    public HandshakeProtocol? Handshake { get; }

    /// <summary>Creates a security option from a custom handshake, declared with <see cref="HandshakeAttribute"/>.</summary>
    /// <param name="handshake">The handshake.</param>
    /// <returns>The security option.</returns>
    public static SessionSecurity Custom(HandshakeProtocol handshake)
    {
        ArgumentNullException.ThrowIfNull(handshake);
        return new(handshake, handshake.Name);
    }

    /// <summary>Returns the name of the handshake.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => Name;
}
