using System.Runtime.CompilerServices;

namespace SecureChannel;

/// <summary>The names of a policy's authorities that a server sends to its clients (RFC 9846 section 4.3.4).</summary>
internal static class AuthorityNames
{
    /// <summary>The maximum total size of the names in bytes. A longer list is not sent: it would cost each client more than a certificate that is refused.</summary>
    public const int MaxBytes = 4096;

    // A policy never changes.
    private static readonly ConditionalWeakTable<TrustPolicy, IReadOnlyList<ReadOnlyMemory<byte>>> Created = [];

    /// <summary>
    /// Returns the distinct names in DER, or an empty list if they are too long or the policy does not decide by given authorities. The name of a trusted
    /// end-entity certificate is that of its issuer.
    /// </summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Of(TrustPolicy trust) => Created.GetValue(trust, Create);

    private static IReadOnlyList<ReadOnlyMemory<byte>> Create(TrustPolicy trust)
    {
        ReadOnlyMemory<byte>[] names =
        [
            .. trust.Anchors.Select(anchor => anchor.Certificate.IsAuthority ? anchor.Certificate.Subject : anchor.Certificate.Issuer)
                .DistinctBy(name => Convert.ToHexString(name.Span)),
        ];
        return names.Sum(name => name.Length) <= MaxBytes ? names : [];
    }
}
