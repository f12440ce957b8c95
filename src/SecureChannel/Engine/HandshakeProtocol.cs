using SecureChannel.KeyTransport;
using SecureChannel.Records;
using SecureChannel.Tls13;

namespace SecureChannel.Engine;

/// <summary>A handshake that sessions can be secured with: makes a machine for either role. Safe for use by several threads at once.</summary>
public abstract class HandshakeProtocol
{
    /// <summary>
    /// The certificate key-transport handshake: the client makes the session's key and encrypts it with the public key of the server's certificate. It has no
    /// forward secrecy: who gets the server's private key later can read a recorded session.
    /// </summary>
    public static HandshakeProtocol KeyTransport => KeyTransportProtocol.Instance;

    /// <summary>TLS 1.3 (RFC 9846): understood by every other implementation, and forward secret.</summary>
    public static HandshakeProtocol Tls13 => Tls13Protocol.Instance;

    /// <summary>The handshake's name and version.</summary>
    public abstract string Name { get; }

    /// <summary>How its records look.</summary>
    public abstract RecordFormat Records { get; }

    /// <summary>Makes a machine for the end that opens the session.</summary>
    /// <param name="parameters">What the client asks for.</param>
    public abstract HandshakeMachine CreateClient(ClientHandshakeParameters parameters);

    /// <summary>Makes a machine for the end that answers.</summary>
    /// <param name="parameters">What the server offers.</param>
    public abstract HandshakeMachine CreateServer(ServerHandshakeParameters parameters);
}
