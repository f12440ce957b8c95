using SecureChannel.Handshakes;

namespace SecureChannel.Tls13;

/// <summary>The handshake as sessions use it.</summary>
internal sealed class Tls13Protocol : HandshakeProtocol
{
    /// <summary>The only one.</summary>
    public static Tls13Protocol Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "tls/1.3";

    /// <summary>The content types of RFC 9846 section 5.1; the version in a header means nothing.</summary>
    public override RecordFormat Records { get; } = new()
    {
        ChangeCipherSpec = 20,
        Alert = 21,
        Handshake = 22,
        ApplicationData = 23,
        Version = (ushort)ProtocolVersion.Tls12,
        FirstVersion = 0x0301,
        IgnoresVersion = true,
    };

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A parameter lies outside its bounds, or the provider lacks what was asked for.</exception>
    public override HandshakeMachine CreateClient(ClientHandshakeParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new Tls13Client(parameters, ClientOffer.Create(parameters));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The identity's certificate is not for TLS, or the provider lacks what was asked for.</exception>
    public override HandshakeMachine CreateServer(ServerHandshakeParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!parameters.Identity.Supports(CertificatePurpose.TlsServer, out var reason))
            throw new ArgumentException($"This identity cannot serve {Name}: {reason}", nameof(parameters));
        if (parameters.Identity.Signer is null)
            throw new ArgumentException($"This identity cannot serve {Name}: it has no key that signs.", nameof(parameters));
        Negotiation.CheckSupport(parameters.Cryptography, parameters.CipherSuites, parameters.Groups);
        return new Tls13Server(parameters, new ServerAnswer());
    }
}
