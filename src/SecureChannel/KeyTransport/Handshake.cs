namespace SecureChannel.KeyTransport;

/// <summary>
/// The key transport handshake in seven steps. The client generates the session's key and encrypts it with the public key of the server's certificate.
/// </summary>
[Handshake("key-transport/1")]
internal enum KeyTransport
{
    /// <summary>1: the client requests a secure connection.</summary>
    [Client<ClientRequest>(Requested)]
    Start,

    /// <summary>2: the server answers with its certificate; 3: the client checks it with the authority's public key.</summary>
    [Server<ServerCertificate>(Delivering)]
    Requested,

    /// <summary>4: the client generates an ephemeral key; 5: it encrypts the key with the server's public key; 6: it sends the encrypted key.</summary>
    [Client<ClientKey>(Confirming)]
    Delivering,

    /// <summary>Still 6: the client proves that it holds the key and has seen the same messages.</summary>
    [Client<ClientFinished>(Acknowledging)]
    Confirming,

    /// <summary>7: the server acknowledges. Only the holder of the certificate's private key can do that.</summary>
    [Server<ServerAcknowledge>(Secured, Authenticates = Role.Server)]
    Acknowledging,

    /// <summary>Both endpoints use keys that are derived from the client's key.</summary>
    [Established]
    Secured,
}
