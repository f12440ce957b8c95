using System.Diagnostics.CodeAnalysis;

namespace SecureChannel.Handshakes;

/// <summary>
/// The proof of two facts: the peer of an earlier session proved the identity, and the trust policy accepts the identity again. Only a
/// <see cref="ResumableSession"/> or a <see cref="ResumptionTicket"/> creates it. It does not prove that the peer of this session holds the key of that
/// session.
/// </summary>
public sealed class ResumedIdentity
{
    private ResumedIdentity(VerifiedIdentity verified) => Verified = verified;

    /// <summary>Gets the description of the peer.</summary>
    public PeerIdentity Identity => Verified.Identity;

    /// <summary>Gets the result of the verification for this session.</summary>
    internal VerifiedIdentity Verified { get; }

    /// <summary>Creates the proof if the verified certificate is the one that the peer of the earlier session proved.</summary>
    internal static bool TryCreate(ReadOnlySpan<byte> proven, VerifiedIdentity verified, [NotNullWhen(true)] out ResumedIdentity? resumed)
    {
        resumed = verified.Certificate.Encoded.Span.SequenceEqual(proven) ? new ResumedIdentity(verified) : null;
        return resumed is not null;
    }
}
