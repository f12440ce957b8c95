using System.Collections.Immutable;

namespace SecureChannel;

/// <summary>
/// The revocation data of a policy at one time. New data is a new instance, so that verification results that are cached for the old data are not reused.
/// Immutable and thread-safe.
/// </summary>
/// <param name="Crls">The CRLs.</param>
/// <param name="OcspResponses">The OCSP responses.</param>
/// <param name="Problem">The error of a file that cannot be read, for error messages, or null.</param>
internal sealed record RevocationData(ImmutableArray<CertificateRevocationList> Crls, ImmutableArray<ParsedOcspResponse> OcspResponses, string? Problem)
{
    /// <summary>Returns a value that indicates whether two references are the same instance.</summary>
    public bool Equals(RevocationData? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
