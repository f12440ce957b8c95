using System.Diagnostics.CodeAnalysis;
using SecureChannel.Cryptography;

namespace SecureChannel.Handshakes;

/// <summary>
/// The state with which a client resumes a session once: the ticket of the server, its key, and the identity that the server proved.
/// <see cref="Dispose"/> wipes the key. A <see cref="ClientSessionCache"/> stores it.
/// </summary>
public sealed class ResumableSession : IDisposable
{
    /// <summary>The maximum time between the full handshake that proved the identities and the last handshake that resumes it.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromHours(24);

    private readonly DateTimeOffset _receivedAt;

    /// <summary>Creates the state from a ticket.</summary>
    /// <param name="server">The proof of the server's identity in the session that received the ticket.</param>
    /// <param name="serverChain">The certificates of the server, its own first.</param>
    /// <param name="ticket">The ticket.</param>
    /// <param name="key">The key of the ticket. The state owns it.</param>
    /// <param name="receivedAt">The time at which the ticket was received.</param>
    /// <param name="lifetime">The lifetime that the server announced.</param>
    /// <param name="authenticatedAt">The time of the full handshake that proved the server's identity.</param>
    /// <exception cref="ArgumentException">The first certificate is not that of the proof.</exception>
    public ResumableSession(
        IdentityProof server, IReadOnlyList<ReadOnlyMemory<byte>> serverChain, ReadOnlyMemory<byte> ticket, ResumptionKey key,
        DateTimeOffset receivedAt, TimeSpan lifetime, DateTimeOffset authenticatedAt)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(serverChain);
        ArgumentNullException.ThrowIfNull(key);
        server.ThrowIfNotOf(serverChain, nameof(serverChain));
        (ServerChain, Ticket, Key, _receivedAt, AuthenticatedAt) = (serverChain, ticket, key, receivedAt, authenticatedAt);
        var (byTicket, byAge, byCertificate) = (receivedAt + Shorter(lifetime, MaxLifetime), authenticatedAt + MaxLifetime, server.NotAfter);
        ExpiresAt = byTicket < byAge ? byTicket : byAge;
        ExpiresAt = ExpiresAt < byCertificate ? ExpiresAt : byCertificate;
    }

    /// <summary>Gets the certificates of the server, its own first.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> ServerChain { get; }

    /// <summary>Gets the ticket.</summary>
    public ReadOnlyMemory<byte> Ticket { get; }

    /// <summary>Gets the key of the ticket.</summary>
    public ResumptionKey Key { get; }

    /// <summary>Gets the time of the full handshake that proved the server's identity.</summary>
    public DateTimeOffset AuthenticatedAt { get; }

    /// <summary>
    /// Gets the time after which the session cannot be resumed: the end of the ticket's lifetime, 24 hours after <see cref="AuthenticatedAt"/>, or the
    /// end of the certificate's validity. The earliest applies.
    /// </summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>Gets the cipher suite of the session. A resumed session must have a suite with the same hash function.</summary>
    public required CipherSuite CipherSuite { get; init; }

    /// <summary>Gets the offset that hides the age of the ticket (RFC 9846 section 4.3.11.1).</summary>
    public uint AgeAdd { get; init; }

    /// <summary>
    /// Gets the OCSP response that the server stapled in the full handshake, in DER, empty if it sent none, or null if the client requested none.
    /// </summary>
    public ReadOnlyMemory<byte>? StapledOcspResponse { get; init; }

    /// <summary>Gets a value that indicates whether the client presented an identity in the full handshake.</summary>
    public bool IsClientAuthenticated { get; init; }

    /// <summary>Returns a value that indicates whether the session can be resumed at a given time. If the clock was set back, the result is false.</summary>
    /// <param name="now">The time.</param>
    public bool IsValidAt(DateTimeOffset now) => _receivedAt <= now && now < ExpiresAt;

    /// <summary>Computes the age of the ticket in milliseconds plus <see cref="AgeAdd"/>, modulo 2^32 (RFC 9846 section 4.3.11.1).</summary>
    /// <param name="now">The time.</param>
    public uint ObfuscateAge(DateTimeOffset now) => unchecked((uint)(long)(now - _receivedAt).TotalMilliseconds + AgeAdd);

    /// <summary>Creates the operation that verifies the server's certificates again, under the policy of the new session.</summary>
    /// <param name="parameters">The parameters of the new session.</param>
    public CertificateVerificationOperation Verify(ClientHandshakeParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new(
            parameters.Trust, ServerChain, parameters.ServerName, CertificatePurpose.TlsServer, parameters.TimeProvider.GetUtcNow(), parameters.Cryptography)
        {
            StapledOcspResponse = StapledOcspResponse,
            RemoteEndPoint = parameters.RemoteEndPoint,
        };
    }

    /// <summary>Tries to transfer the proof of the server's identity to a new session.</summary>
    /// <param name="verified">The result of <see cref="Verify"/>.</param>
    /// <param name="resumed">The proof, or null if another certificate was verified.</param>
    /// <returns>True if the verified certificate is the server's; otherwise, false.</returns>
    public bool TryResume(VerifiedIdentity verified, [NotNullWhen(true)] out ResumedIdentity? resumed)
    {
        ArgumentNullException.ThrowIfNull(verified);
        return ResumedIdentity.TryCreate(ServerChain[0].Span, verified, out resumed);
    }

    /// <summary>Wipes the key.</summary>
    public void Dispose() => Key.Dispose();

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
