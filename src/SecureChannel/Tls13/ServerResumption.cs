using System.Runtime.InteropServices;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.Tls13;

/// <summary>The state of a server that resumes sessions and issues tickets, for a client that can use them.</summary>
/// <param name="parameters">The parameters of the server.</param>
/// <param name="protector">The protector of tickets.</param>
internal sealed class ServerResumption(ServerHandshakeParameters parameters, TicketProtector protector) : IDisposable
{
    // A client of this library offers one ticket. The limit bounds the work for a client that offers many.
    private const int MaxOpenedTickets = 4;

    // A client that connects twice at the same time can resume both times. A resumed session replaces the ticket that it used.
    private const int TicketsOfFullHandshake = 2;

    private ResumedIdentity? _resumed;

    /// <summary>Gets the ticket of the session that is resumed, or null in a full handshake.</summary>
    public ResumptionTicket? Ticket { get; private set; }

    /// <summary>Gets the index of <see cref="Ticket"/> in the client's list.</summary>
    public ushort Index { get; private set; }

    /// <summary>Gets the first stage of the key schedule with the key of <see cref="Ticket"/>, or null.</summary>
    public PreSharedSecret? Early { get; private set; }

    /// <summary>Gets or sets the proof of the client's identity, or null.</summary>
    public IdentityProof? Client { get; set; }

    /// <summary>Gets or sets the certificates of the client, its own first; empty if it proved no identity.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> ClientChain { get; set; } = [];

    /// <summary>Gets the number of tickets to send.</summary>
    public byte TicketCount => (byte)(Ticket is null ? TicketsOfFullHandshake : 1);

    /// <summary>Tries to open a ticket of the client. Unknown keys are ignored (RFC 9846 section 4.3.11).</summary>
    public bool TryOpen(ReceivedOffer offer, ResumptionBinding binding)
    {
        if (offer.PreSharedKeys is not { } keys)
            return false;
        var now = parameters.TimeProvider.GetUtcNow();
        for (var index = 0; index < Math.Min(keys.Identities.Length, MaxOpenedTickets); index++)
        {
            if (!ResumptionTicket.TryOpen(protector, binding, keys.Identities[index].Identity.Span, now, out var ticket))
                continue;
            (Ticket, Index) = (ticket, (ushort)index);
            return true;
        }

        return false;
    }

    /// <summary>Accepts the new verification of the client's certificates. Returns false, and leaves the ticket, if they are not trusted any more.</summary>
    public bool TryAccept(CertificateVerificationOperation verification)
    {
        if (verification.Identity is { } verified && Ticket!.TryResume(verified, out _resumed))
            return true;
        LeaveTicket();
        return false;
    }

    /// <summary>Checks the binder of the ticket, and of no other (RFC 9846 section 4.3.11). Returns null if it is valid.</summary>
    /// <param name="offer">The client's offer.</param>
    /// <param name="suite">The selected suite, which has the hash function of the ticket.</param>
    /// <param name="before">The messages before the ClientHello.</param>
    public SessionError? CheckBinder(ReceivedOffer offer, CipherSuite suite, in Transcript before)
    {
        var binders = offer.PreSharedKeys!.Binders;
        Early = new PreSharedSecret(new KeyDerivation(parameters.Cryptography, suite), Ticket!.Key);
        Span<byte> expected = stackalloc byte[HashFunctions.MaxLength];
        var length = binders.Sum(binder => sizeof(byte) + binder.Value.Length);
        expected = expected[..PartialHello.ComputeBinder(Early, before, offer.Hello, length, expected)];

        // RFC 9846 section 4.3.11: if the binder "is not present or does not validate, the server MUST abort the handshake".
        return KeysConfirmed.TryCheck(expected, binders[Index].Value.Span, out _)
            ? null
            : Tls13Error.Decrypt("The client sent an invalid binder. It does not hold the key of the ticket, or its ClientHello was modified in transit.");
    }

    /// <summary>Creates the proof of the client's identity from its Finished, or returns null if the client proved none in the earlier session.</summary>
    public IdentityProof? Prove(KeysConfirmed confirmed)
    {
        if (_resumed is null)
            return null;
        ClientChain = Ticket!.ClientChain;
        return Client = new IdentityProof(_resumed, confirmed);
    }

    /// <summary>Creates a ticket, or returns null if the session cannot be resumed.</summary>
    /// <param name="derivation">The key schedule of the session.</param>
    /// <param name="binding">The facts of the session.</param>
    /// <param name="secret">The secret of the session.</param>
    /// <param name="nonce">The number of the ticket in this session.</param>
    public NewSessionTicket? CreateTicket(KeyDerivation derivation, ResumptionBinding binding, ResumptionSecret secret, byte nonce)
    {
        using var key = derivation.DeriveKey(secret, [nonce]);
        var now = parameters.TimeProvider.GetUtcNow();
        var authenticatedAt = Ticket?.AuthenticatedAt ?? now;
        if (!ResumptionTicket.TryProtect(protector, binding, key, Client, ClientChain, authenticatedAt, now, out var ticket, out var lifetime))
            return null;

        // RFC 9846 section 4.7.1: ticket_age_add is "securely generated, random", and fresh for each ticket.
        Span<byte> ageAdd = stackalloc byte[sizeof(uint)];
        derivation.Cryptography.FillRandom(ageAdd);
        return new NewSessionTicket((uint)lifetime.TotalSeconds, MemoryMarshal.Read<uint>(ageAdd), new[] { nonce }, ticket, []);
    }

    /// <summary>Wipes the key of the ticket.</summary>
    public void Dispose() => LeaveTicket();

    private void LeaveTicket()
    {
        Early?.Dispose();
        Ticket?.Dispose();
        (Early, Ticket, _resumed) = (null, null, null);
    }
}
