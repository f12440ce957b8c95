namespace SecureChannel;

/// <summary>
/// The description in an alert, which gives the peer the reason that a session ends (RFC 9846 section 6). Peers may also send values that are not defined here.
/// </summary>
public enum AlertDescription : byte
{
    /// <summary>The orderly end of the data that the sender of the alert sends. It is not an error (section 6.1).</summary>
    CloseNotify = 0,

    /// <summary>A message that is not allowed in the current state.</summary>
    UnexpectedMessage = 10,

    /// <summary>A record that cannot be authenticated.</summary>
    BadRecordMac = 20,

    /// <summary>A record that is too long.</summary>
    RecordOverflow = 22,

    /// <summary>A handshake in which the endpoints support no common set of parameters.</summary>
    HandshakeFailure = 40,

    /// <summary>A corrupt certificate.</summary>
    BadCertificate = 42,

    /// <summary>A certificate whose type or purpose is not accepted.</summary>
    UnsupportedCertificate = 43,

    /// <summary>A certificate that its issuer revoked.</summary>
    CertificateRevoked = 44,

    /// <summary>A certificate that is not valid at this time.</summary>
    CertificateExpired = 45,

    /// <summary>A certificate that is not accepted for another reason.</summary>
    CertificateUnknown = 46,

    /// <summary>A field that is out of range or inconsistent with another field.</summary>
    IllegalParameter = 47,

    /// <summary>A certificate whose authority is not trusted.</summary>
    UnknownCa = 48,

    /// <summary>A peer that is authenticated but not authorized.</summary>
    AccessDenied = 49,

    /// <summary>A malformed message.</summary>
    DecodeError = 50,

    /// <summary>A cryptographic operation of the handshake that failed, such as the verification of a signature.</summary>
    DecryptError = 51,

    /// <summary>A version that is not supported.</summary>
    ProtocolVersion = 70,

    /// <summary>Parameters that are less secure than the endpoint requires.</summary>
    InsufficientSecurity = 71,

    /// <summary>A failure that the peer did not cause.</summary>
    InternalError = 80,

    /// <summary>A client that retries with an older version although a newer one is supported (RFC 7507).</summary>
    InappropriateFallback = 86,

    /// <summary>A handshake that the sender canceled. The sender then sends a close_notify; user_canceled itself is not an error (section 6.1).</summary>
    UserCanceled = 90,

    /// <summary>A required extension that is missing.</summary>
    MissingExtension = 109,

    /// <summary>An extension that was not offered.</summary>
    UnsupportedExtension = 110,

    /// <summary>A server name for which the server has no certificate.</summary>
    UnrecognizedName = 112,

    /// <summary>A response with the revocation status of a certificate (OCSP) that is not accepted.</summary>
    BadCertificateStatusResponse = 113,

    /// <summary>A pre-shared key identity that is not known.</summary>
    UnknownPskIdentity = 115,

    /// <summary>A missing client certificate that the server requires.</summary>
    CertificateRequired = 116,

    /// <summary>An error without a more specific alert, such as an expired timer, or the disposal of a session before it was closed.</summary>
    GeneralError = 117,

    /// <summary>A handshake in which the endpoints support no common application protocol (RFC 7301 section 3.2).</summary>
    NoApplicationProtocol = 120,
}
