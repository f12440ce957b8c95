using System.Buffers;

namespace SecureChannel;

/// <summary>
/// The protection of the tickets with which clients resume sessions. A ticket contains the state of a session, so that the server stores none. Share one
/// protector, or <see cref="TicketKeys"/> with the same keys, between all servers that may resume each other's sessions. Implementations are thread-safe.
/// </summary>
public abstract class TicketProtector
{
    /// <summary>Gets the protector that issues no tickets, so that every handshake is a full one.</summary>
    public static TicketProtector None { get; } = new NoTickets();

    /// <summary>Encrypts and authenticates the state of a session.</summary>
    /// <param name="ticket">The state, which contains a secret. Do not retain it.</param>
    /// <param name="output">Receives the ticket, at most 60,000 bytes.</param>
    public abstract void Protect(ReadOnlySpan<byte> ticket, IBufferWriter<byte> output);

    /// <summary>
    /// Tries to authenticate and decrypt a ticket. Attackers choose the bytes. Anyone who can create a ticket that this method accepts can claim any identity.
    /// </summary>
    /// <param name="ticket">The ticket that a client sent.</param>
    /// <param name="output">Receives the state, which contains a secret.</param>
    /// <returns>True if a protector with the same keys created the ticket; otherwise, false. The time must not depend on the reason of a failure.</returns>
    public abstract bool TryUnprotect(ReadOnlySpan<byte> ticket, IBufferWriter<byte> output);

    private sealed class NoTickets : TicketProtector
    {
        public override void Protect(ReadOnlySpan<byte> ticket, IBufferWriter<byte> output) =>
            throw new NotSupportedException("This protector issues no tickets. Check for 'TicketProtector.None' before you call it.");

        public override bool TryUnprotect(ReadOnlySpan<byte> ticket, IBufferWriter<byte> output) => false;
    }
}
