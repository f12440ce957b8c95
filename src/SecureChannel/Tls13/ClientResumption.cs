using System.Diagnostics.CodeAnalysis;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.Tls13;

/// <summary>The state of a client that resumes sessions: the session that it offers, and the facts of the tickets that it receives.</summary>
/// <param name="parameters">The parameters of the client.</param>
internal sealed class ClientResumption(ClientHandshakeParameters parameters) : IDisposable
{
    // The ticket must fit into a ClientHello, and servers bound its length.
    private const int MaxTicketLength = 1 << 14;

    private bool _hasTakenSession;
    private ResumedIdentity? _resumed;
    private DateTimeOffset _authenticatedAt;
    private KeyDerivation _derivation;
    private ResumptionSecret? _secret;
    private bool _isClientAuthenticated;

    /// <summary>Gets the session that the client offers or has resumed, or null.</summary>
    public ResumableSession? Session { get; private set; }

    /// <summary>Gets the first stage of the key schedule with the key of <see cref="Session"/>, or null.</summary>
    public PreSharedSecret? Early { get; private set; }

    /// <summary>Gets or sets the proof of the server's identity.</summary>
    public IdentityProof? Server { get; set; }

    /// <summary>Gets or sets the certificates of the server, its own first.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> ServerChain { get; set; } = [];

    /// <summary>Gets or sets the OCSP response that the server stapled; null if the client requested none.</summary>
    public ReadOnlyMemory<byte>? StapledResponse { get; set; }

    /// <summary>Tries to take a session before the first ClientHello. The server's certificates must be verified again before it is offered.</summary>
    public bool TryTakeSession([NotNullWhen(true)] out CertificateVerificationOperation? verification)
    {
        verification = null;
        if (_hasTakenSession)
            return false;
        _hasTakenSession = true;
        if (!parameters.TryTakeSession(out var session))
            return false;
        Session = session;
        verification = session.Verify(parameters);
        return true;
    }

    /// <summary>Accepts the result of the verification. A server that is not trusted any more is refused in a full handshake, with the reason.</summary>
    public void Accept(CertificateVerificationOperation verification)
    {
        if (verification.Identity is not { } verified || !Session!.TryResume(verified, out _resumed))
            LeaveSession();
    }

    /// <summary>Offers the session in a ClientHello.</summary>
    /// <param name="offer">The offer of the client.</param>
    /// <param name="retriedSuite">The suite of the HelloRetryRequest, if the ClientHello answers one.</param>
    /// <param name="before">The messages before the ClientHello.</param>
    public void Offer(ClientOffer offer, CipherSuite? retriedSuite, in Transcript before)
    {
        if (Session is null)
            return;

        // RFC 9846 section 4.2.2: after a HelloRetryRequest, keys are removed that are "incompatible with the server's indicated cipher suite".
        if (retriedSuite is { } suite && suite.Hash != Session.CipherSuite.Hash)
        {
            offer.WithdrawKey();
            LeaveSession();
            return;
        }

        Early ??= new PreSharedSecret(new KeyDerivation(parameters.Cryptography, Session.CipherSuite), Session.Key);
        var identity = new PskIdentity(Session.Ticket, Session.ObfuscateAge(parameters.TimeProvider.GetUtcNow()));
        offer.Resume(identity, Early, Session.CipherSuite.Hash.Length, before);
    }

    /// <summary>Creates the proof of the server's identity from its Finished.</summary>
    public IdentityProof Prove(KeysConfirmed confirmed)
    {
        (ServerChain, StapledResponse) = (Session!.ServerChain, Session.StapledOcspResponse);
        return Server = new IdentityProof(_resumed!, confirmed);
    }

    /// <summary>Prepares for the tickets of the session. The session that was resumed is no longer needed.</summary>
    /// <param name="derivation">The key schedule of the session.</param>
    /// <param name="secret">The secret of the session, which this object owns.</param>
    /// <param name="isClientAuthenticated">True if the client presented an identity; otherwise, false.</param>
    public void AwaitTickets(KeyDerivation derivation, ResumptionSecret secret, bool isClientAuthenticated)
    {
        (_derivation, _secret, _isClientAuthenticated) = (derivation, secret, isClientAuthenticated);
        _authenticatedAt = Session?.AuthenticatedAt ?? parameters.TimeProvider.GetUtcNow();
        LeaveSession();
    }

    /// <summary>Stores the session of a ticket.</summary>
    public void Store(NewSessionTicket message)
    {
        // RFC 9846 section 4.7.1: "The value of zero indicates that the ticket should be discarded immediately."
        if (message.Lifetime == 0 || message.Ticket.Length > MaxTicketLength)
            return;
        var (key, now) = (_derivation.DeriveKey(_secret!, message.Nonce.Span), parameters.TimeProvider.GetUtcNow());
        parameters.StoreSession(new ResumableSession(Server!, ServerChain, message.Ticket, key, now, TimeSpan.FromSeconds(message.Lifetime), _authenticatedAt)
        {
            CipherSuite = _derivation.Suite,
            AgeAdd = message.AgeAdd,
            StapledOcspResponse = StapledResponse,
            IsClientAuthenticated = _isClientAuthenticated,
        });
    }

    /// <summary>Wipes the key of the session. A ticket is used once, whether the server accepts it or not.</summary>
    public void LeaveSession()
    {
        Early?.Dispose();
        Session?.Dispose();
        (Early, Session, _resumed) = (null, null, null);
    }

    /// <summary>Wipes all secrets.</summary>
    public void Dispose()
    {
        LeaveSession();
        _secret?.Dispose();
    }
}
