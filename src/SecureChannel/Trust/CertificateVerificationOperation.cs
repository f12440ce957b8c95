using System.Net;
using SecureChannel.Cryptography;

namespace SecureChannel.Handshakes;

/// <summary>
/// The verification of a peer's certificates, which a handshake awaits. It completes synchronously on the calling thread, unless the policy has a verifier that
/// does not.
/// </summary>
/// <param name="trust">The policy that decides which certificates are trusted.</param>
/// <param name="chain">The certificates that the peer sent, in DER: its own first, intermediate certificates in any order.</param>
/// <param name="name">The name that the peer must prove: a DNS name or an IP address. Null checks no name, as for clients.</param>
/// <param name="purpose">The purpose that the certificate must allow.</param>
/// <param name="time">The time at which every certificate in the certification path must be valid.</param>
/// <param name="cryptography">The provider that verifies the signatures of certificates; null for <see cref="CryptographyProvider.Platform"/>.</param>
public sealed class CertificateVerificationOperation(TrustPolicy trust, IReadOnlyList<ReadOnlyMemory<byte>> chain, string? name, CertificatePurpose purpose,
    DateTimeOffset time, CryptographyProvider? cryptography = null) : PendingOperation
{
    /// <summary>
    /// Gets the OCSP response that the peer stapled, in DER, empty if it sent none, or null if this endpoint did not request one. The default is null.
    /// </summary>
    public ReadOnlyMemory<byte>? StapledOcspResponse { get; init; }

    /// <summary>Gets the remote endpoint, or null if it is not known.</summary>
    public EndPoint? RemoteEndPoint { get; init; }

    /// <summary>Gets the proof that the peer's certificate is trusted, or null if the operation has not run or has failed.</summary>
    public VerifiedIdentity? Identity { get; private set; }

    /// <summary>Gets the reason why the peer is not trusted, or null if the operation has not run or has succeeded.</summary>
    public SessionError? Error { get; private set; }

    /// <inheritdoc/>
    public override ValueTask RunAsync(CancellationToken cancellationToken)
    {
        if (trust.Verifier is not null)
            return AwaitAsync(cancellationToken);
        trust.TryVerify(chain, name, purpose, time, cryptography, Context, out var identity, out var error);
        (Identity, Error) = (identity, error);
        return ValueTask.CompletedTask;
    }

    private VerificationContext Context => new(RemoteEndPoint, StapledOcspResponse);

    private async ValueTask AwaitAsync(CancellationToken cancellationToken) =>
        (Identity, Error) = await trust.VerifyAsync(chain, name, purpose, time, cryptography, Context, cancellationToken).ConfigureAwait(false);
}
