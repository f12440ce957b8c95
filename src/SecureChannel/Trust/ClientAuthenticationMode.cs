namespace SecureChannel;

/// <summary>The modes in which a server authenticates its clients by certificate.</summary>
public enum ClientAuthenticationMode
{
    /// <summary>The server requests no certificate.</summary>
    None,

    /// <summary>
    /// The server requests a certificate, and accepts a client that presents none. A certificate that the policy does not trust is refused in this mode too.
    /// </summary>
    Request,

    /// <summary>The server requests a certificate, and refuses a client that presents none with certificate_required.</summary>
    Require,
}
