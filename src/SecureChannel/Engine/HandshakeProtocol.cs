namespace SecureChannel.Handshakes;

/// <summary>A handshake that sessions can be secured with: makes a machine for either role. Safe for use by several threads at once.</summary>
public abstract class HandshakeProtocol
{
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
