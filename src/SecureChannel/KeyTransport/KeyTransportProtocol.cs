using SecureChannel.Handshakes;

namespace SecureChannel.KeyTransport;

/// <summary>The handshake as sessions use it. Its record types and labels are its own: nothing of it can be taken for TLS.</summary>
internal sealed class KeyTransportProtocol : HandshakeProtocol
{
    /// <summary>The only one.</summary>
    public static KeyTransportProtocol Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "key-transport/1";

    /// <inheritdoc/>
    public override RecordFormat Records { get; } = new() { Handshake = 0xA1, Alert = 0xA2, ApplicationData = 0xA3, Version = 0x0001 };

    /// <inheritdoc/>
    public override HandshakeMachine CreateClient(ClientHandshakeParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new KeyTransportClient(parameters);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The identity's certificate is not for this handshake.</exception>
    public override HandshakeMachine CreateServer(ServerHandshakeParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!parameters.Identity.Supports(CertificatePurpose.KeyTransportServer, out var reason))
            throw new ArgumentException($"This identity cannot serve {Name}: {reason}", nameof(parameters));
        return new KeyTransportServer(parameters);
    }
}
