using SecureChannel.Handshakes;

namespace SecureChannel.Tls13;

/// <content>The resumption of an earlier session (RFC 9846 sections 2.2, 4.3.11 and 4.7.1), and the tickets for later ones.</content>
internal sealed partial class Tls13Server
{
    private ServerResumption? _resumption;
    private NewSessionTicket? _newTicket;

    private PreSharedSecret? Early => _resumption?.Early;

    private bool IsResumed => _resumption?.Ticket is not null;

    // Null if a verifier without an identifier decides which clients are trusted.
    private ResumptionBinding? Binding
    {
        get
        {
            var binding = new ResumptionBinding
            {
                CipherSuite = _choice!.Suite,
                ServerName = ReceivedOffer.TextOf(_choice.HostName),
                ApplicationProtocol = _choice.ApplicationProtocol,
                Identity = _identity!,
                ClientAuthentication = parameters.ClientAuthentication,
                ClientTrust = parameters.ClientTrust,
            };
            return binding.CanResume ? binding : null;
        }
    }

    // Returns true if a ticket was opened. Only a client that can resume sessions makes the server allocate the state.
    private bool TryOpenTicket(ReceivedOffer offer)
    {
        if (parameters.Tickets is not { } protector || protector == TicketProtector.None || !offer.SupportsResumption)
            return false;
        _resumption ??= new(parameters, protector);
        return _choice!.PeerShare is not null && offer.PreSharedKeys is not null && Binding is { } binding && _resumption.TryOpen(offer, binding);
    }

    private HandshakeResult Resume(ReceivedOffer offer)
    {
        if (_resumption!.Ticket!.ClientChain.Count == 0)
            return CheckBinder(offer);

        // The policy or the time may refuse the client's certificates now.
        var verification = _resumption.Ticket.Verify(parameters);
        return HandshakeResult.Pending(verification, () => _resumption.TryAccept(verification) ? CheckBinder(offer) : NegotiateFull(offer));
    }

    private HandshakeResult CheckBinder(ReceivedOffer offer) => _resumption!.CheckBinder(offer, _choice!.Suite, Transcript) is { } error ? error : Agree(offer);

    private partial HandshakeResult WriteResumedServerHello(ref MessageSink<ResumedServerHello> sink)
    {
        sink.Write(new ResumedServerHello(answer.Hello(_offer!, _choice!, CreateRandom(), _agreed!.Share, _resumption!.Index)));
        return HandshakeResult.Continue;
    }

    partial void EnterResumed() => EnterHandshake();

    private partial HandshakeResult WriteResumedFinished(ref MessageSink<Finished> sink) => WriteFinished(ref sink);

    // The client's Finished proves that it holds the key of the session in which it proved its identity.
    private void AcceptResumedClient()
    {
        if (_resumption?.Prove(_confirmed) is { } proof)
            AcceptPeerIdentity(proof);
    }

    private void SendTickets()
    {
        if (_resumption is null || Binding is not { } binding)
            return;
        using var secret = _keys!.DeriveResumption(Transcript);
        for (byte nonce = 0; nonce < _resumption.TicketCount; nonce++)
        {
            _newTicket = _resumption.CreateTicket(new KeyDerivation(Cryptography, _choice!.Suite), binding, secret, nonce);
            if (_newTicket is not null)
                SendNewSessionTicket();
        }

        _newTicket = null;
    }

    private partial HandshakeResult WriteNewSessionTicket(ref MessageSink<NewSessionTicket> sink)
    {
        sink.Write(_newTicket!);
        return HandshakeResult.Continue;
    }
}
