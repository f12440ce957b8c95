namespace SecureChannel.Tls13;

/// <summary>
/// The order of the messages in TLS 1.3 (RFC 9846 appendix A): a full handshake in which a certificate authenticates the server and, on some paths, the client, and
/// the resumption of an earlier session. The engine handles alerts and change_cipher_spec, which have record types of their own.
/// </summary>
[Handshake("tls/1.3")]
internal enum Tls13
{
    /// <summary>The client offers versions, cipher suites, groups and key shares.</summary>
    [Client<ClientHello>(ClientHelloSent, CarriesEphemeralKey = true)]
    Start,

    /// <summary>The server selects from the offer, requests a key of another group, or resumes a session.</summary>
    [Server<HelloRetryRequest>(RetryRequested)]
    [Server<ServerHello>(Negotiated, CarriesEphemeralKey = true)]
    [Server<ResumedServerHello>(Resumed, CarriesEphemeralKey = true)]
    ClientHelloSent,

    /// <summary>The client repeats its offer with the requested changes.</summary>
    [Client<ClientHello>(ClientHelloRepeated, CarriesEphemeralKey = true)]
    RetryRequested,

    /// <summary>The server selects from the second offer, or resumes a session. A second retry is not allowed.</summary>
    [Server<ServerHello>(Negotiated, CarriesEphemeralKey = true)]
    [Server<ResumedServerHello>(Resumed, CarriesEphemeralKey = true)]
    ClientHelloRepeated,

    /// <summary>Both endpoints have the handshake keys. All following messages are protected.</summary>
    [Server<EncryptedExtensions>(ServerAuthenticating)]
    Negotiated,

    /// <summary>The server sends its certificate, and may request the client's certificate first.</summary>
    [Server<CertificateRequest>(ServerAuthenticatingBoth)]
    [Server<Certificate>(ServerCertified)]
    ServerAuthenticating,

    /// <summary>The server's signature proves that it holds the key of its certificate.</summary>
    [Server<CertificateVerify>(ServerFinishing, Authenticates = Role.Server)]
    ServerCertified,

    /// <summary>The server sends Finished, which confirms the keys and the messages.</summary>
    [Server<Finished>(ClientFinishing)]
    ServerFinishing,

    /// <summary>The server sends its certificate after it has requested the client's certificate.</summary>
    [Server<Certificate>(ServerCertifiedBoth)]
    ServerAuthenticatingBoth,

    /// <summary>The server sends its signature after it has requested the client's certificate.</summary>
    [Server<CertificateVerify>(ServerFinishingBoth, Authenticates = Role.Server)]
    ServerCertifiedBoth,

    /// <summary>The server sends Finished after it has requested the client's certificate.</summary>
    [Server<Finished>(ClientAuthenticating)]
    ServerFinishingBoth,

    /// <summary>The client sends its certificate, or answers that it has none.</summary>
    [Client<Certificate>(ClientCertified)]
    [Client<NoCertificate>(ClientFinishing)]
    ClientAuthenticating,

    /// <summary>The client's signature proves that it holds the key of its certificate.</summary>
    [Client<CertificateVerify>(ClientFinishing, Authenticates = Role.Client)]
    ClientCertified,

    /// <summary>The handshake keys are derived from the key of an earlier session too. All following messages are protected.</summary>
    [Server<EncryptedExtensions>(ResumedServerFinishing)]
    Resumed,

    /// <summary>The server's Finished proves that it holds the key of the session in which it proved its identity.</summary>
    [Server<Finished>(ClientFinishing, As = "ResumedFinished", Authenticates = Role.Server)]
    ResumedServerFinishing,

    /// <summary>The client sends Finished, which confirms the keys and the messages.</summary>
    [Client<Finished>(Connected)]
    ClientFinishing,

    /// <summary>The session is established. The server may send tickets, and either endpoint may update its keys.</summary>
    [Established]
    [Server<NewSessionTicket>(Connected)]
    [Client<KeyUpdate>(Connected)]
    [Server<KeyUpdate>(Connected)]
    Connected,
}
