using SecureChannel.Handshakes;

namespace SecureChannel.KeyTransport;

/// <summary>
/// The key transport handshake. Its record types and labels differ from those of TLS, so an endpoint cannot confuse a record or a key of this handshake with
/// one of TLS.
/// </summary>
internal sealed class KeyTransportProtocol : HandshakeProtocol
{
    /// <summary>Gets the only instance.</summary>
    public static KeyTransportProtocol Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "key-transport/1";

    /// <inheritdoc/>
    public override RecordFormat Records { get; } = new() { Handshake = 0xA1, Alert = 0xA2, ApplicationData = 0xA3, Control = 0xA4, Version = 0x0001 };

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The client has an identity, which this handshake does not support.</exception>
    public override HandshakeMachine CreateClient(ClientHandshakeParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ThrowIfRequested(parameters.Identity is not null, nameof(parameters.Identity));
        return new KeyTransportClient(parameters);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// The certificate of the identity cannot be used for this handshake, or the server authenticates clients, which this handshake does not support.
    /// </exception>
    public override HandshakeMachine CreateServer(ServerHandshakeParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        parameters.ValidateIdentity(CertificatePurpose.KeyTransportServer, Name);
        ThrowIfRequested(parameters.ClientAuthentication != ClientAuthenticationMode.None, nameof(parameters.ClientAuthentication));
        return new KeyTransportServer(parameters);
    }

    private void ThrowIfRequested(bool isRequested, string option)
    {
        if (isRequested)
            throw new ArgumentException($"The handshake '{Name}' cannot authenticate clients. Remove '{option}' from the options, or use another 'Security'.", option);
    }
}
