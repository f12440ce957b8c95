using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using SecureChannel.Cryptography;
using SecureChannel.Messages;

namespace SecureChannel.Handshakes;

/// <content>The resumption of sessions by a client.</content>
public sealed partial record ClientHandshakeParameters
{
    // A selector has no content that a hash could cover.
    private static readonly ConditionalWeakTable<IdentitySource, string> SelectorIds = [];

    private static int _selectors;

    /// <summary>Gets the cache of sessions that the client can resume, or null to resume none.</summary>
    public ClientSessionCache? SessionCache { get; init; }

    /// <summary>
    /// Gets a value that indicates whether the client resumes sessions and stores tickets. It does not without <see cref="SessionCache"/>, or if a
    /// <see cref="CertificateVerifier"/> without <see cref="CertificateVerifier.PolicyId"/> decides which servers are trusted.
    /// </summary>
    public bool CanResume => SessionCache is not null && Trust.Fingerprint is not null;

    /// <summary>Tries to take a session that can be resumed with these parameters. No other handshake can take the same session.</summary>
    /// <param name="session">The session, which the caller owns, or null.</param>
    /// <returns>True if there is a session; otherwise, false.</returns>
    public bool TryTakeSession([NotNullWhen(true)] out ResumableSession? session)
    {
        session = null;
        if (!CanResume)
            return false;
        var key = ComputeSessionKey();
        while (SessionCache!.TryTake(key, out session))
        {
            if (session.IsValidAt(TimeProvider.GetUtcNow()) && HasHash(session.CipherSuite.Hash))
                return true;
            session.Dispose();
        }

        return false;
    }

    /// <summary>Stores a session for later handshakes with equal parameters, unless it has expired.</summary>
    /// <param name="session">The session. The cache owns it.</param>
    public void StoreSession(ResumableSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (CanResume && session.IsValidAt(TimeProvider.GetUtcNow()))
            SessionCache!.Add(ComputeSessionKey(), session);
        else
            session.Dispose();
    }

    private bool HasHash(HashFunction hash)
    {
        foreach (var suite in CipherSuites)
        {
            if (suite.IsKnown && suite.Hash == hash)
                return true;
        }

        return false;
    }

    private string ComputeSessionKey()
    {
        var facts = new ClientFacts([.. ApplicationProtocols], Trust.Fingerprint!, IdOf(Identity));
        return $"{ServerName} {Convert.ToBase64String(SHA256.HashData(WireSerializer.ToArray(facts)))}";
    }

    private static string? IdOf(IdentitySource? identity) => identity switch
    {
        null => null,
        { Snapshot: { } snapshot } => TrustPolicy.ComputePin(snapshot.Certificate.RawDataMemory.Span),
        _ => SelectorIds.GetValue(identity, static _ => $"selector {Interlocked.Increment(ref _selectors)}"),
    };
}

/// <content>The resumption of sessions by a server.</content>
public sealed partial record ServerHandshakeParameters
{
    /// <summary>
    /// Gets the protector of the tickets with which clients resume sessions; null or <see cref="TicketProtector.None"/> to issue and accept none.
    /// </summary>
    public TicketProtector? Tickets { get; init; }
}

/// <summary>The facts of a client to which its sessions are bound, beside the server name.</summary>
[Message]
internal sealed partial record ClientFacts(
    System.Collections.Immutable.ImmutableArray<string> ApplicationProtocols, ReadOnlyMemory<byte> Trust, string? Identity);
