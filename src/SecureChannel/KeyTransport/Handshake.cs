namespace SecureChannel.KeyTransport;

/// <summary>
/// The textbook handshake in seven steps: the client makes the session's key and encrypts it with the public key of the server's certificate.
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

    /// <summary>4: the client makes an ephemeral key; 5: encrypts it with the server's public key; 6: sends it.</summary>
    [Client<ClientKey>(Confirming)]
    Delivering,

    /// <summary>Still 6: the client shows that it holds the key and saw the same messages.</summary>
    [Client<ClientFinished>(Acknowledging)]
    Confirming,

    /// <summary>7: the server acknowledges, which only the holder of the certificate's private key can.</summary>
    [Server<ServerAcknowledge>(Secured, Authenticates = Role.Server)]
    Acknowledging,

    /// <summary>Both ends use keys made from the client's.</summary>
    [Established]
    Secured,
}
