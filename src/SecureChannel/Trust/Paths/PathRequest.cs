using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>The rules of one search for a certification path.</summary>
internal abstract class PathRequest
{
    /// <summary>Gets the purpose that the path must allow.</summary>
    public required CertificatePurpose Purpose { get; init; }

    /// <summary>Gets the time at which all certificates must be valid.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Gets the options of the policy.</summary>
    public required TrustOptions Options { get; init; }

    /// <summary>Gets the provider that verifies signatures.</summary>
    public required CryptographyProvider Cryptography { get; init; }

    /// <summary>Checks a complete path by the rules that remain, such as pins. Returns null if it is accepted, or the failure, and the search continues.</summary>
    public abstract PathFailure? CheckPath(ReadOnlySpan<ParsedCertificate> path);
}
