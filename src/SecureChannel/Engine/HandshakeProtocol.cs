namespace SecureChannel.Handshakes;

/// <summary>A handshake that can secure sessions. It creates a machine for either role. Thread-safe.</summary>
public abstract class HandshakeProtocol
{
    /// <summary>Gets the name and version of the handshake.</summary>
    public abstract string Name { get; }

    /// <summary>Gets the record format of the handshake.</summary>
    public abstract RecordFormat Records { get; }

    /// <summary>Creates the machine of a client.</summary>
    /// <param name="parameters">The parameters of the client.</param>
    public abstract HandshakeMachine CreateClient(ClientHandshakeParameters parameters);

    /// <summary>Creates the machine of a server.</summary>
    /// <param name="parameters">The parameters of the server.</param>
    public abstract HandshakeMachine CreateServer(ServerHandshakeParameters parameters);
}
