using SecureChannel.Handshakes;

namespace SecureChannel;

/// <summary>The result of a verification of certificates. The default value rejects the peer. Immutable and thread-safe.</summary>
public readonly struct CertificateVerificationResult
{
    private readonly CertificateError? _error;

    internal CertificateVerificationResult(VerifiedIdentity identity) => Identity = identity;

    internal CertificateVerificationResult(CertificateError error) => _error = error;

    /// <summary>Gets the request that the result is valid for, or null if it was not created by a request.</summary>
    internal CertificateVerificationRequest? Request { get; init; }

    /// <summary>Gets the proof that the peer's certificate is trusted, or null if it is not.</summary>
    public VerifiedIdentity? Identity { get; }

    /// <summary>Gets the error, or null if the peer's certificate is trusted.</summary>
    public CertificateError? Error => Identity is not null
        ? null
        : _error ?? new CertificateError(CertificateErrorKind.Rejected, "The peer's certificate was not verified. Return the result of a verification.");

    /// <summary>Returns the verified identity or the error.</summary>
    public override string ToString() => Identity?.ToString() ?? Error!.ToString();
}
