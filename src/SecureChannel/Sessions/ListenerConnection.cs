using System.Net;

namespace SecureChannel;

/// <summary>The phases of a connection of a listener. A connection only advances.</summary>
internal enum ConnectionPhase
{
    /// <summary>The listener has accepted the connection but not read from it, so its silence is not the peer's.</summary>
    Accepted,

    /// <summary>The listener waits for the first byte of the peer.</summary>
    AwaitingFirstByte,

    /// <summary>The peer has sent a part of its first message, the ClientHello of TLS.</summary>
    AwaitingClientHello,

    /// <summary>The listener has received and accepted the first message of the peer.</summary>
    Handshaking,

    /// <summary>The handshake is complete.</summary>
    Established,

    /// <summary>The session has ended, or the connection was rejected.</summary>
    Ended,
}

/// <summary>A connection that a listener has accepted, from then on until its session ends.</summary>
/// <param name="remoteEndPoint">The remote endpoint, or null if it is unknown.</param>
internal sealed class ListenerConnection(EndPoint? remoteEndPoint)
{
    private readonly Lock _gate = new();
    private SecureSession? _session;
    private SocketStream? _transport;
    private SessionError? _error;

    public EndPoint? RemoteEndPoint { get; } = remoteEndPoint;

    /// <summary>Gets the source that the limit of handshakes applies to, or null if the limit does not apply.</summary>
    public AddressPrefix? Source { get; } = AddressPrefix.Of(remoteEndPoint);

    /// <summary>Gets the time at which the connection was admitted. <see cref="ConnectionLimits"/> sets it.</summary>
    public TimeSpan AdmittedAt { get; set; }

    /// <summary>Gets the phase. Only <see cref="ConnectionLimits"/> changes it.</summary>
    public ConnectionPhase Phase { get; set; }

    /// <summary>Gets the reason of a rejected connection, or null. <see cref="ConnectionLimits"/> sets it.</summary>
    public ConnectionRejection? Rejection { get; set; }

    /// <summary>Gets the position among the pending connections. Only <see cref="ConnectionLimits"/> uses it.</summary>
    public LinkedListNode<ListenerConnection>? Node { get; set; }

    /// <summary>Gets a value that indicates whether the handshake is not complete.</summary>
    public bool IsPending => Phase < ConnectionPhase.Established;

    /// <summary>Gets a value that indicates whether the listener waits for a complete ClientHello.</summary>
    public bool IsAwaitingClientHello => Phase is ConnectionPhase.AwaitingFirstByte or ConnectionPhase.AwaitingClientHello;

    /// <summary>Sets the session of the connection. Aborts it if the connection was rejected meanwhile.</summary>
    public void Attach(SecureSession session, SocketStream transport)
    {
        lock (_gate)
        {
            (_session, _transport) = (session, transport);
            if (_error is null)
                return;
        }
        Abort(_error);
    }

    /// <summary>Ends the session of a rejected connection with an error.</summary>
    public void Abort(SessionError error)
    {
        lock (_gate)
        {
            _error = error;
            if (_session is null)
                return;
        }
        _transport!.Lingers = false;
        _ = _session.AbortAsync(error).AsTask();
    }
}
