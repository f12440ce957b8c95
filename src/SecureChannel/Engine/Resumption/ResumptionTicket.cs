using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using SecureChannel.Cryptography;
using SecureChannel.Messages;

namespace SecureChannel.Handshakes;

/// <summary>
/// The opened ticket with which a client resumes a session at a server. Only a ticket that the server's <see cref="TicketProtector"/> authenticated can
/// be opened. <see cref="Dispose"/> wipes the key.
/// </summary>
public sealed class ResumptionTicket : IDisposable
{
    // A ClientHello has at most 16 KiB by default, and the ticket must fit into it.
    private const int MaxClientChainLength = 8 * 1024;

    private ResumptionTicket(in TicketContent content, IReadOnlyList<ReadOnlyMemory<byte>> clientChain)
    {
        (CipherSuite, ClientChain, Key) = (content.CipherSuite, clientChain, new ResumptionKey(content.Key));
        AuthenticatedAt = DateTimeOffset.FromUnixTimeMilliseconds(content.AuthenticatedAt);
        ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(content.ExpiresAt);
    }

    /// <summary>Gets the cipher suite of the session that issued the ticket.</summary>
    public CipherSuite CipherSuite { get; }

    /// <summary>Gets the key of the ticket.</summary>
    public ResumptionKey Key { get; }

    /// <summary>Gets the certificates of the client, its own first; empty if the client proved no identity.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> ClientChain { get; }

    /// <summary>Gets the time of the full handshake that proved the identities.</summary>
    public DateTimeOffset AuthenticatedAt { get; }

    /// <summary>Gets the time after which the ticket is not accepted.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>
    /// Tries to create a ticket. It expires 24 hours after the full handshake, and not after the certificates of the server and the client. There is no
    /// ticket if the binding does not allow it, the time is over, or the certificates of the client have more than 8 KiB.
    /// </summary>
    /// <param name="protector">The protector.</param>
    /// <param name="binding">The facts of the session.</param>
    /// <param name="key">The key of the ticket.</param>
    /// <param name="client">The proof of the client's identity, or null if the client proved none.</param>
    /// <param name="clientChain">The certificates of the client, its own first; empty if the client proved no identity.</param>
    /// <param name="authenticatedAt">The time of the full handshake.</param>
    /// <param name="now">The time.</param>
    /// <param name="ticket">The ticket.</param>
    /// <param name="lifetime">The time for which the ticket is accepted, in whole seconds, at least one.</param>
    /// <returns>True if there is a ticket; otherwise, false.</returns>
    /// <exception cref="ArgumentException">The first certificate is not that of the proof.</exception>
    public static bool TryProtect(
        TicketProtector protector,
        ResumptionBinding binding,
        ResumptionKey key,
        IdentityProof? client,
        IReadOnlyList<ReadOnlyMemory<byte>> clientChain,
        DateTimeOffset authenticatedAt,
        DateTimeOffset now,
        out ReadOnlyMemory<byte> ticket,
        out TimeSpan lifetime)
    {
        ArgumentNullException.ThrowIfNull(protector);
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(clientChain);
        if (client is not null)
            client.ThrowIfNotOf(clientChain, nameof(clientChain));
        else
            ArgumentOutOfRangeException.ThrowIfNotEqual(clientChain.Count, 0, nameof(clientChain));

        ticket = default;
        var expiresAt = Earliest(authenticatedAt + ResumableSession.MaxLifetime, binding.NotAfter, client?.NotAfter ?? DateTimeOffset.MaxValue);
        lifetime = TimeSpan.FromSeconds(Math.Floor((expiresAt - now).TotalSeconds));
        if (protector == TicketProtector.None || !binding.CanResume || lifetime <= TimeSpan.Zero)
            return false;
        if (clientChain.Sum(der => der.Length) > MaxClientChainLength)
            return false;

        var output = new ArrayBufferWriter<byte>(512);
        Protect(protector, binding, key, clientChain, authenticatedAt, expiresAt, output);
        ticket = output.WrittenMemory;
        return ticket.Length is > 0 and <= ushort.MaxValue;
    }

    /// <summary>
    /// Tries to open a ticket. Fails if it was not created by a protector with the same keys, has expired, or is bound to other facts: the server then performs a
    /// full handshake. The client's certificates are not verified: see <see cref="Verify"/>.
    /// </summary>
    /// <param name="protector">The protector.</param>
    /// <param name="binding">The facts of the new session.</param>
    /// <param name="ticket">The ticket that the client sent.</param>
    /// <param name="now">The time.</param>
    /// <param name="opened">The opened ticket, which the caller owns, or null.</param>
    /// <returns>True if the ticket was opened; otherwise, false.</returns>
    public static bool TryOpen(
        TicketProtector protector, ResumptionBinding binding, ReadOnlySpan<byte> ticket, DateTimeOffset now, [NotNullWhen(true)] out ResumptionTicket? opened)
    {
        ArgumentNullException.ThrowIfNull(protector);
        ArgumentNullException.ThrowIfNull(binding);
        opened = null;
        if (!binding.CanResume)
            return false;
        using var content = new PooledBuffer();
        return protector.TryUnprotect(ticket, content) && TryRead(content.Written.Span, binding, now, out opened);
    }

    /// <summary>Creates the operation that verifies the client's certificates again, under the policy of the new session.</summary>
    /// <param name="parameters">The parameters of the new session.</param>
    public CertificateVerificationOperation Verify(ServerHandshakeParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new(parameters.ClientTrust!, ClientChain, null, CertificatePurpose.TlsClient, parameters.TimeProvider.GetUtcNow(), parameters.Cryptography)
        {
            RemoteEndPoint = parameters.RemoteEndPoint,
        };
    }

    /// <summary>Tries to transfer the proof of the client's identity to a new session.</summary>
    /// <param name="verified">The result of <see cref="Verify"/>.</param>
    /// <param name="resumed">The proof, or null if another certificate was verified.</param>
    /// <returns>True if the verified certificate is the client's; otherwise, false.</returns>
    public bool TryResume(VerifiedIdentity verified, [NotNullWhen(true)] out ResumedIdentity? resumed)
    {
        ArgumentNullException.ThrowIfNull(verified);
        resumed = null;
        return ClientChain.Count > 0 && ResumedIdentity.TryCreate(ClientChain[0].Span, verified, out resumed);
    }

    /// <summary>Wipes the key.</summary>
    public void Dispose() => Key.Dispose();

    private static void Protect(
        TicketProtector protector, ResumptionBinding binding, ResumptionKey key, IReadOnlyList<ReadOnlyMemory<byte>> clientChain,
        DateTimeOffset authenticatedAt, DateTimeOffset expiresAt, ArrayBufferWriter<byte> output)
    {
        Span<byte> hash = stackalloc byte[32];
        binding.ComputeHash(hash);
        var content = new TicketContent
        {
            Version = TicketContent.CurrentVersion,
            CipherSuite = binding.CipherSuite,
            AuthenticatedAt = authenticatedAt.ToUnixTimeMilliseconds(),
            ExpiresAt = expiresAt.ToUnixTimeMilliseconds(),
            Binding = hash,
            Key = key.Bytes,
            ClientChain = clientChain.Count == 0 ? [] : WireSerializer.ToArray(new TicketChain([.. clientChain.Select(der => new TicketCertificate(der))])),
        };
        using var buffer = new PooledBuffer();
        buffer.Advance(WireSerializer.Write(buffer.GetSpan(WireSerializer.GetSize(content)), content));
        protector.Protect(buffer.Written.Span, output);
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, ResumptionBinding binding, DateTimeOffset now, [NotNullWhen(true)] out ResumptionTicket? opened)
    {
        opened = null;
        Span<byte> hash = stackalloc byte[32];
        binding.ComputeHash(hash);
        if (!WireSerializer.TryRead<TicketContent>(bytes, out var content, out _)
            || content.Version != TicketContent.CurrentVersion
            || !content.CipherSuite.IsKnown
            || content.CipherSuite.Hash != binding.CipherSuite.Hash
            || content.Key.Length != content.CipherSuite.Hash.Length
            || !content.Binding.SequenceEqual(hash)
            || !IsValidAt(content, now.ToUnixTimeMilliseconds())
            || !TryReadChain(content.ClientChain, out var chain))
            return false;

        // A protector of the application may share keys with a server whose facts are equal but whose client proved nothing.
        if (chain.Length == 0 && binding.ClientAuthentication == ClientAuthenticationMode.Require)
            return false;
        opened = new ResumptionTicket(content, chain);
        return true;
    }

    // A full handshake in the future means that the clock was set back.
    private static bool IsValidAt(in TicketContent content, long now) =>
        content.AuthenticatedAt <= now
        && now < content.ExpiresAt
        && content.ExpiresAt - (long)ResumableSession.MaxLifetime.TotalMilliseconds <= content.AuthenticatedAt;

    private static bool TryReadChain(ReadOnlySpan<byte> bytes, out ReadOnlyMemory<byte>[] chain)
    {
        chain = [];
        if (bytes.IsEmpty)
            return true;
        if (!WireSerializer.TryRead<TicketChain>(bytes, out var read, out _) || read.Certificates.IsEmpty)
            return false;
        chain = [.. read.Certificates.Select(certificate => certificate.Der)];
        return true;
    }

    private static DateTimeOffset Earliest(params ReadOnlySpan<DateTimeOffset> times)
    {
        var earliest = times[0];
        foreach (var time in times)
            earliest = time < earliest ? time : earliest;
        return earliest;
    }
}
