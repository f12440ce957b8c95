using SecureChannel.Handshakes;

namespace SecureChannel.Tls13;

/// <summary>The TLS 1.3 handshake.</summary>
internal sealed class Tls13Protocol : HandshakeProtocol
{
    /// <summary>Gets the only instance.</summary>
    public static Tls13Protocol Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "tls/1.3";

    /// <summary>Gets the record format with the content types of RFC 9846 section 5.1. The format ignores the version in a received record header.</summary>
    public override RecordFormat Records { get; } = new()
    {
        ChangeCipherSpec = 20,
        Alert = 21,
        Handshake = 22,
        ApplicationData = 23,

        // Not assigned by IANA. Only a peer that exchanged session parameters receives control records, and always protected.
        Control = 0xE5,
        Version = (ushort)ProtocolVersion.Tls12,
        FirstVersion = 0x0301,
        IgnoresVersion = true,
    };

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A parameter is outside its bounds, or the provider does not support it.</exception>
    public override HandshakeMachine CreateClient(ClientHandshakeParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        parameters.ValidateIdentity(Name);
        return new Tls13Client(parameters, ClientOffer.Create(parameters));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The certificate of the identity cannot be used for TLS, or the provider does not support a parameter.</exception>
    public override HandshakeMachine CreateServer(ServerHandshakeParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        parameters.ValidateIdentity(CertificatePurpose.TlsServer, Name);
        parameters.ValidateClientAuthentication();
        Negotiation.CheckSupport(parameters.Cryptography, parameters.CipherSuites, parameters.Groups);
        return new Tls13Server(parameters, new ServerAnswer());
    }
}
