namespace SecureChannel.KeyTransport;

/// <summary>
/// The key transport handshake in seven steps. The client generates the session's key and encrypts it with the public key of the server's certificate.
/// </summary>
[Handshake("key-transport/1")]
internal enum KeyTransport
{
    /// <summary>Step 1: the client requests a secure connection.</summary>
    [Client<ClientRequest>(Requested)]
    Start,

    /// <summary>Step 2: the server answers with its certificate. Step 3: the client verifies the certificate with the authority's public key.</summary>
    [Server<ServerCertificate>(Delivering)]
    Requested,

    /// <summary>
    /// Step 4: the client generates an ephemeral key. Step 5: the client encrypts the key with the server's public key. Step 6: the client sends the encrypted
    /// key.
    /// </summary>
    [Client<ClientKey>(Confirming)]
    Delivering,

    /// <summary>Step 6, second message: the client proves that it holds the key and has seen the same messages.</summary>
    [Client<ClientFinished>(Acknowledging)]
    Confirming,

    /// <summary>Step 7: the server acknowledges the key. Only the holder of the certificate's private key can create the acknowledgement.</summary>
    [Server<ServerAcknowledge>(Secured, Authenticates = Role.Server)]
    Acknowledging,

    /// <summary>Both endpoints use keys that are derived from the client's key.</summary>
    [Established]
    Secured,
}
