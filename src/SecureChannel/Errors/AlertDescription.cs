namespace SecureChannel;

/// <summary>What one end tells the other when a session ends: the alert descriptions of RFC 9846 section 6, open to others.</summary>
public enum AlertDescription : byte
{
    /// <summary>The explicit message that ends a session; not an error (section 6.1).</summary>
    CloseNotify = 0,

    /// <summary>A message came that is not legal in this state.</summary>
    UnexpectedMessage = 10,

    /// <summary>A record does not authenticate.</summary>
    BadRecordMac = 20,

    /// <summary>A record is longer than allowed.</summary>
    RecordOverflow = 22,

    /// <summary>The two ends have nothing in common.</summary>
    HandshakeFailure = 40,

    /// <summary>A certificate is corrupt.</summary>
    BadCertificate = 42,

    /// <summary>A certificate is of a type, or for a purpose, that is not accepted.</summary>
    UnsupportedCertificate = 43,

    /// <summary>A certificate was revoked by its issuer.</summary>
    CertificateRevoked = 44,

    /// <summary>A certificate is not valid at this time.</summary>
    CertificateExpired = 45,

    /// <summary>A certificate is not acceptable for another reason.</summary>
    CertificateUnknown = 46,

    /// <summary>A field lies outside its range or contradicts another.</summary>
    IllegalParameter = 47,

    /// <summary>A certificate's authority is not trusted.</summary>
    UnknownCa = 48,

    /// <summary>The other end is authentic but not allowed.</summary>
    AccessDenied = 49,

    /// <summary>A message is not well-formed.</summary>
    DecodeError = 50,

    /// <summary>A cryptographic operation of the handshake failed.</summary>
    DecryptError = 51,

    /// <summary>The version is not supported.</summary>
    ProtocolVersion = 70,

    /// <summary>The other end does not meet this end's demands on security.</summary>
    InsufficientSecurity = 71,

    /// <summary>Something failed that is not the other end's fault.</summary>
    InternalError = 80,

    /// <summary>A client that was refused a better version came back with a worse one (RFC 7507).</summary>
    InappropriateFallback = 86,

    /// <summary>The user gave up; a close_notify follows, and until then it is not an error (section 6.1).</summary>
    UserCanceled = 90,

    /// <summary>A mandatory extension is missing.</summary>
    MissingExtension = 109,

    /// <summary>An extension came that was not offered.</summary>
    UnsupportedExtension = 110,

    /// <summary>The server has no certificate for the name that was asked for.</summary>
    UnrecognizedName = 112,

    /// <summary>A response about the revocation of a certificate is not acceptable.</summary>
    BadCertificateStatusResponse = 113,

    /// <summary>No pre-shared key of that identity is known.</summary>
    UnknownPskIdentity = 115,

    /// <summary>The server demands a certificate and got none.</summary>
    CertificateRequired = 116,

    /// <summary>An error of which nothing more is told.</summary>
    GeneralError = 117,

    /// <summary>The two ends have no application protocol in common (RFC 7301 section 3.2).</summary>
    NoApplicationProtocol = 120,
}
