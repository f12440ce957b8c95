namespace SecureChannel;

/// <summary>
/// The codes of failures, for tests and metrics, in the order of <see cref="SessionErrorKind"/>. Values from 65,536 are free for handshakes and protocols of an
/// application.
/// </summary>
public enum SessionErrorCode
{
    /// <summary>A message cannot be decoded.</summary>
    Malformed,

    /// <summary>A message has a code that the protocol does not define.</summary>
    UnknownMessage,

    /// <summary>A message is larger than its limit.</summary>
    MessageTooLarge,

    /// <summary>A record is larger than its limit.</summary>
    RecordTooLarge,

    /// <summary>A message or record is not allowed in the current state.</summary>
    UnexpectedMessage,

    /// <summary>A record cannot be authenticated.</summary>
    BadRecord,

    /// <summary>The Finished value is wrong.</summary>
    BadFinished,

    /// <summary>A signature of the handshake is wrong.</summary>
    BadSignature,

    /// <summary>A field is out of range, or contradicts another field.</summary>
    IllegalParameter,

    /// <summary>The peer sent too many records without data.</summary>
    Flood,

    /// <summary>The peer closed its direction within a message, or before the protocol reached a final state.</summary>
    ClosedEarly,

    /// <summary>The endpoints have no version in common.</summary>
    NoCommonVersion,

    /// <summary>The endpoints have no cipher suite in common.</summary>
    NoCommonCipherSuite,

    /// <summary>The endpoints have no group for the key exchange in common.</summary>
    NoCommonGroup,

    /// <summary>The endpoints have no signature scheme in common.</summary>
    NoCommonSignatureScheme,

    /// <summary>The endpoints have no application protocol in common.</summary>
    NoCommonProtocol,

    /// <summary>The endpoints use different securities.</summary>
    DifferentSecurity,

    /// <summary>The server has no certificate for the name that the client requested.</summary>
    UnknownServerName,

    /// <summary>The certificate of the peer is not accepted.</summary>
    CertificateRejected,

    /// <summary>The peer sent no certificate.</summary>
    CertificateMissing,

    /// <summary>The peer is authenticated but not authorized.</summary>
    NotAuthorized,

    /// <summary>The identity of a pre-shared key is not known.</summary>
    UnknownPreSharedKey,

    /// <summary>The peer ended the session with an alert.</summary>
    AlertReceived,

    /// <summary>The transport ended without a close_notify.</summary>
    Truncated,

    /// <summary>The handshake exceeded its timeout.</summary>
    HandshakeTimeout,

    /// <summary>The idle timeout expired.</summary>
    IdleTimeout,

    /// <summary>The peer did not answer a keep-alive message in time.</summary>
    KeepAliveTimeout,

    /// <summary>A protocol exceeded the declared deadline of a state.</summary>
    StateDeadline,

    /// <summary>Sent data could not be written within the close timeout.</summary>
    CloseTimeout,

    /// <summary>A handler threw an exception.</summary>
    HandlerFailed,

    /// <summary>A callback of the application threw an exception or violated its contract.</summary>
    CallbackFailed,

    /// <summary>The configuration of the local endpoint cannot work.</summary>
    InvalidConfiguration,

    /// <summary>The local endpoint aborted the session.</summary>
    Aborted,

    /// <summary>The local endpoint canceled the handshake.</summary>
    Canceled,

    /// <summary>The local endpoint disposed the session before it closed it.</summary>
    DisposedBeforeClose,

    /// <summary>The local endpoint closed the connection before the handshake was complete, because a limit of its listener was reached.</summary>
    ConnectionRejected,

    /// <summary>The transport threw an exception or was reset.</summary>
    TransportFailed,

    /// <summary>The local endpoint closed the session.</summary>
    ClosedLocally,

    /// <summary>The peer closed the session.</summary>
    ClosedByPeer,
}
