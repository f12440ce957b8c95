using System.Collections.Immutable;

namespace SecureChannel;

/// <summary>
/// The revocation data of a policy at one time. New data is a new instance with another version, so that results that are cached for the old data are not reused.
/// Immutable and thread-safe.
/// </summary>
/// <param name="Crls">The CRLs.</param>
/// <param name="OcspResponses">The OCSP responses.</param>
/// <param name="Problem">The error of a file that cannot be read, for error messages, or null.</param>
internal sealed record RevocationData(ImmutableArray<CertificateRevocationList> Crls, ImmutableArray<ParsedOcspResponse> OcspResponses, string? Problem)
{
    private static long _lastVersion;

    /// <summary>Gets the number of this instance, which is never 0. A cache key has the number, because it must not keep large CRLs in memory.</summary>
    public long Version { get; } = Interlocked.Increment(ref _lastVersion);
}
