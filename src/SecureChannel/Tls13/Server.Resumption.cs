using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.Tls13;

/// <content>The resumption of an earlier session (RFC 9846 sections 2.2, 4.3.11 and 4.7.1), and the tickets for later ones.</content>
internal sealed partial class Tls13Server
{
    // A client of this library offers one ticket. The limit bounds the work for a client that offers many.
    private const int MaxOpenedTickets = 4;

    // A client that connects twice at the same time can resume both times. A resumed session replaces the ticket that it used.
    private const int TicketsOfFullHandshake = 2;

    private ResumptionTicket? _ticket;
    private ushort _ticketIndex;
    private PreSharedSecret? _early;
    private ResumedIdentity? _resumedClient;
    private IdentityProof? _client;
    private IReadOnlyList<ReadOnlyMemory<byte>> _clientChain = [];
    private NewSessionTicket? _newTicket;

    private ResumptionBinding Binding => new()
    {
        CipherSuite = _choice!.Suite,
        ServerName = _choice.ServerName,
        ApplicationProtocol = _choice.ApplicationProtocol,
        Identity = _identity!,
        ClientAuthentication = parameters.ClientAuthentication,
        ClientTrust = parameters.ClientTrust,
    };

    // RFC 9846 section 4.3.11: unknown keys are ignored, and only the binder of the selected key is validated.
    private bool TryOpenTicket(ReceivedOffer offer, [NotNullWhen(true)] out ResumptionTicket? ticket)
    {
        ticket = null;
        if (parameters.Tickets is not { } protector || offer.PreSharedKeys is not { } keys)
            return false;
        var (binding, now) = (Binding, parameters.TimeProvider.GetUtcNow());
        for (var index = 0; index < Math.Min(keys.Identities.Length, MaxOpenedTickets); index++)
        {
            if (ResumptionTicket.TryOpen(protector, binding, keys.Identities[index].Identity.Span, now, out ticket))
            {
                _ticketIndex = (ushort)index;
                return true;
            }
        }

        return false;
    }

    private HandshakeResult Resume(ReceivedOffer offer, ResumptionTicket ticket)
    {
        _ticket = ticket;
        if (ticket.ClientChain.Count == 0)
            return CheckBinder(offer);

        // The policy or the time may refuse the client's certificates now.
        var verification = ticket.Verify(parameters);
        return HandshakeResult.Pending(verification, () =>
        {
            if (verification.Identity is { } verified && ticket.TryResume(verified, out _resumedClient))
                return CheckBinder(offer);
            DisposeTicket();
            return NegotiateFull(offer);
        });
    }

    private HandshakeResult CheckBinder(ReceivedOffer offer)
    {
        var binders = offer.PreSharedKeys!.Binders;
        _early = new PreSharedSecret(new KeyDerivation(Cryptography, _choice!.Suite), _ticket!.Key);
        Span<byte> expected = stackalloc byte[HashFunctions.MaxLength];
        var partial = PartialHello.Encode(offer.Hello, binders.Sum(binder => sizeof(byte) + binder.Value.Length));
        expected = expected[.._early.ComputeBinder(Transcript, partial.Span, expected)];

        // RFC 9846 section 4.3.11: if the binder "is not present or does not validate, the server MUST abort the handshake".
        return KeysConfirmed.TryCheck(expected, binders[_ticketIndex].Value.Span, out _)
            ? Agree(offer)
            : Tls13Error.Decrypt("The client sent an invalid binder. It does not hold the key of the ticket, or its ClientHello was modified in transit.");
    }

    private partial HandshakeResult WriteResumedServerHello(ref MessageSink<ResumedServerHello> sink)
    {
        sink.Write(new ResumedServerHello(answer.Hello(_offer!, _choice!, CreateRandom(), _agreed!.Share, _ticketIndex)));
        return HandshakeResult.Continue;
    }

    partial void EnterResumed() => EnterHandshake();

    private partial HandshakeResult WriteResumedFinished(ref MessageSink<Finished> sink) => WriteFinished(ref sink);

    // The client's Finished proves that it holds the key of the session in which it proved its identity.
    private void AcceptResumedClient()
    {
        if (_resumedClient is null)
            return;
        (_client, _clientChain) = (new IdentityProof(_resumedClient, _confirmed), _ticket!.ClientChain);
        AcceptPeerIdentity(_client);
    }

    private void SendTickets()
    {
        if (parameters.Tickets is not { } protector || protector == TicketProtector.None || !_offer!.SupportsResumption)
            return;
        using var secret = _keys!.DeriveResumption(Transcript);
        for (byte nonce = 0; nonce < (_ticket is null ? TicketsOfFullHandshake : 1); nonce++)
        {
            _newTicket = CreateTicket(protector, secret, nonce);
            if (_newTicket is not null)
                SendNewSessionTicket();
        }

        _newTicket = null;
    }

    private NewSessionTicket? CreateTicket(TicketProtector protector, ResumptionSecret secret, byte nonce)
    {
        using var key = new KeyDerivation(Cryptography, _choice!.Suite).DeriveKey(secret, [nonce]);
        var now = parameters.TimeProvider.GetUtcNow();
        var authenticatedAt = _ticket?.AuthenticatedAt ?? now;
        if (!ResumptionTicket.TryProtect(protector, Binding, key, _client, _clientChain, authenticatedAt, now, out var ticket, out var lifetime))
            return null;

        // RFC 9846 section 4.7.1: ticket_age_add is "securely generated, random", and fresh for each ticket.
        Span<byte> ageAdd = stackalloc byte[sizeof(uint)];
        Cryptography.FillRandom(ageAdd);
        return new NewSessionTicket((uint)lifetime.TotalSeconds, MemoryMarshal.Read<uint>(ageAdd), new[] { nonce }, ticket, []);
    }

    private partial HandshakeResult WriteNewSessionTicket(ref MessageSink<NewSessionTicket> sink)
    {
        sink.Write(_newTicket!);
        return HandshakeResult.Continue;
    }

    private void DisposeTicket()
    {
        _early?.Dispose();
        _ticket?.Dispose();
        (_early, _ticket, _resumedClient, _client, _clientChain) = (null, null, null, null, []);
    }
}
