namespace SecureChannel.Tls13;

/// <summary>
/// TLS 1.3 (RFC 9846 appendix A), seen from outside: a full handshake in which a certificate proves the server. Alerts and change_cipher_spec are other
/// record types: the engine's.
/// </summary>
[Handshake("tls/1.3")]
internal enum Tls13
{
    /// <summary>The client offers versions, ciphers, groups and keys.</summary>
    [Client<ClientHello>(ClientHelloSent, CarriesEphemeralKey = true)]
    Start,

    /// <summary>The server takes from the offer, or asks for a key of another group.</summary>
    [Server<HelloRetryRequest>(RetryRequested)]
    [Server<ServerHello>(Negotiated, CarriesEphemeralKey = true)]
    ClientHelloSent,

    /// <summary>The client offers again, as it was asked to.</summary>
    [Client<ClientHello>(ClientHelloRepeated, CarriesEphemeralKey = true)]
    RetryRequested,

    /// <summary>A second request is not allowed.</summary>
    [Server<ServerHello>(Negotiated, CarriesEphemeralKey = true)]
    ClientHelloRepeated,

    /// <summary>Both ends have the handshake's keys: all that follows is protected.</summary>
    [Server<EncryptedExtensions>(ServerAuthenticating)]
    Negotiated,

    /// <summary>The server shows its certificate, and may ask for the client's before.</summary>
    [Server<CertificateRequest>(ServerAuthenticatingBoth)]
    [Server<Certificate>(ServerCertified)]
    ServerAuthenticating,

    /// <summary>The server's signature shows that it holds the certificate's key.</summary>
    [Server<CertificateVerify>(ServerFinishing, Authenticates = Role.Server)]
    ServerCertified,

    /// <summary>The server confirms keys and messages.</summary>
    [Server<Finished>(ClientFinishing)]
    ServerFinishing,

    /// <summary>The same three messages, where the client was asked for a certificate.</summary>
    [Server<Certificate>(ServerCertifiedBoth)]
    ServerAuthenticatingBoth,

    /// <summary>The server's signature, where the client was asked.</summary>
    [Server<CertificateVerify>(ServerFinishingBoth, Authenticates = Role.Server)]
    ServerCertifiedBoth,

    /// <summary>The server's confirmation, where the client was asked.</summary>
    [Server<Finished>(ClientAuthenticating)]
    ServerFinishingBoth,

    /// <summary>The client has no certificate, and says so.</summary>
    [Client<NoCertificate>(ClientFinishing)]
    ClientAuthenticating,

    /// <summary>The client confirms keys and messages.</summary>
    [Client<Finished>(Connected)]
    ClientFinishing,

    /// <summary>Application data flows; tickets may come, and either end may renew its keys.</summary>
    [Established]
    [Server<NewSessionTicket>(Connected)]
    [Client<KeyUpdate>(Connected)]
    [Server<KeyUpdate>(Connected)]
    Connected,
}
