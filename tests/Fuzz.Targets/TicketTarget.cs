using System.Buffers;
using System.Globalization;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.Fuzz;

/// <summary>
/// Tickets as a target. The first byte of an input selects the protector: keys, which must open nothing but what they sealed, or a protector that returns the input
/// as the state, so that mutated states reach the reader. No input may throw or allocate too much.
/// </summary>
public static class TicketTarget
{
    // A certificate of a client is copied, and so are the lists around it.
    private const int AllocationPerByte = 64;
    private const int Allocation = 64 * 1024;

    private static readonly DateTimeOffset Now = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TicketKeys Keys = new(new byte[32]);
    private static readonly CertificateIdentity Identity = FuzzProvider.CreateIdentity(HandshakeTarget.TlsCertificate, isTls: true);

    private static readonly ResumptionBinding Binding = new() { CipherSuite = CipherSuite.Aes128GcmSha256, Identity = Identity, ServerName = "a.example" };

    /// <summary>Gets a sealed ticket and a state with which a run starts.</summary>
    public static byte[][] Seeds()
    {
        using var key = new ResumptionKey(new byte[32]);
        if (!ResumptionTicket.TryProtect(Keys, Binding, key, null, [], Now, Now, out var ticket, out _))
            throw new InvalidOperationException("The seed was not created.");
        var state = new ArrayBufferWriter<byte>();
        Keys.TryUnprotect(ticket.Span, state);
        return [[0, .. ticket.Span], [1, .. state.WrittenSpan]];
    }

    /// <summary>Checks one input.</summary>
    /// <returns>The failed check, or null.</returns>
    public static string? Run(byte[] input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Length == 0)
            return null;
        try
        {
            TicketProtector protector = input[0] % 2 == 0 ? Keys : new Transparent(input[1..]);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var isOpened = ResumptionTicket.TryOpen(protector, Binding, input.AsSpan(1), Now, out var opened);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated > Allocation + ((long)AllocationPerByte * input.Length))
                return string.Create(CultureInfo.InvariantCulture, $"{allocated} bytes were allocated for {input.Length} bytes of input");
            if (!isOpened)
                return null;
            using (opened)
                return opened!.ExpiresAt > Now && opened.Key.Length == 32 ? null : "A ticket was opened that has expired or has a key of another length.";
        }
        // Any exception is a finding.
#pragma warning disable CA1031
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return exception.ToString();
        }
    }

    /// <summary>Returns a value that indicates whether a ticket is opened.</summary>
    /// <param name="input">The input.</param>
    public static bool IsOpened(byte[] input)
    {
        ArgumentNullException.ThrowIfNull(input);
        TicketProtector protector = input[0] % 2 == 0 ? Keys : new Transparent(input[1..]);
        if (!ResumptionTicket.TryOpen(protector, Binding, input.AsSpan(1), Now, out var opened))
            return false;
        opened.Dispose();
        return true;
    }

    private sealed class Transparent(byte[] state) : TicketProtector
    {
        public override void Protect(ReadOnlySpan<byte> ticket, IBufferWriter<byte> output) => throw new NotSupportedException();

        public override bool TryUnprotect(ReadOnlySpan<byte> ticket, IBufferWriter<byte> output)
        {
            output.Write(state);
            return true;
        }
    }
}
