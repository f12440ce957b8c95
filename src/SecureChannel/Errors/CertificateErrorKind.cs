namespace SecureChannel;

/// <summary>The kinds of errors of certificates and private keys.</summary>
public enum CertificateErrorKind
{
    /// <summary>The certificate is not valid DER, or not a certificate that RFC 5280 section 4 allows.</summary>
    Malformed,

    /// <summary>The certificate's validity period has ended.</summary>
    Expired,

    /// <summary>The certificate's validity period has not begun.</summary>
    NotYetValid,

    /// <summary>The certificate is not valid for the requested name (RFC 9525).</summary>
    NameMismatch,

    /// <summary>No certification path leads to a trust anchor.</summary>
    UnknownAuthority,

    /// <summary>The signature of the certificate does not match its issuer's key.</summary>
    BadSignature,

    /// <summary>The public key is too short, or uses parameters that are not supported.</summary>
    WeakKey,

    /// <summary>The signature uses an algorithm that is not secure, such as SHA-1.</summary>
    WeakSignature,

    /// <summary>Key usage, extended key usage or basic constraints do not allow this use of the certificate.</summary>
    WrongUsage,

    /// <summary>A name constraint of an authority excludes the certificate (RFC 5280 section 4.2.1.10).</summary>
    NameConstraint,

    /// <summary>A path length constraint is exceeded (RFC 5280 section 4.2.1.9).</summary>
    PathTooLong,

    /// <summary>The peer presented more certificates than the policy allows.</summary>
    TooManyCertificates,

    /// <summary>A critical extension is unknown, so that the certificate must be rejected (RFC 5280 section 4.2).</summary>
    UnknownCriticalExtension,

    /// <summary>The presented certificates are not in the order of the certification path.</summary>
    WrongOrder,

    /// <summary>An extension occurs more than once (RFC 5280 section 4.2).</summary>
    RepeatedExtension,

    /// <summary>The authority key identifier does not match the issuer's subject key identifier (RFC 5280 section 4.2.1.1).</summary>
    KeyIdentifierMismatch,

    /// <summary>The certificate is revoked.</summary>
    Revoked,

    /// <summary>The policy requires revocation information, but no valid information is available.</summary>
    RevocationUnknown,

    /// <summary>No certificate of the path has a pinned key.</summary>
    PinMismatch,

    /// <summary>A verifier of the application rejected the certificate.</summary>
    Rejected,

    /// <summary>The search for a certification path exceeded its limit of signature checks.</summary>
    TooManyChecks,

    /// <summary>There is no private key. Only when an identity is loaded.</summary>
    KeyMissing,

    /// <summary>The private key does not belong to the certificate. Only when an identity is loaded.</summary>
    KeyMismatch,

    /// <summary>The password is wrong, or one is required. Only when an identity is loaded.</summary>
    WrongPassword,

    /// <summary>The type or encoding of the private key is not supported. Only when an identity is loaded.</summary>
    UnsupportedKey,
}
