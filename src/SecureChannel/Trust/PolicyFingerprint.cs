using System.Collections.Immutable;
using System.Security.Cryptography;
using SecureChannel.Messages;

namespace SecureChannel;

/// <summary>The hash of a policy's content.</summary>
internal static class PolicyFingerprint
{
    /// <summary>Computes the hash. The order of authorities and pins does not matter.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="pins">The pins of the policy.</param>
    /// <param name="verifierId">The text that identifies the decisions of the policy's verifier; null if it has none.</param>
    public static byte[] Compute(TrustPolicy policy, ImmutableHashSet<string> pins, string? verifierId) => SHA256.HashData(WireSerializer.ToArray(new PolicyContent(
        policy.IsSystem,
        [.. policy.Anchors.Select(anchor => Convert.ToHexString(SHA256.HashData(anchor.Certificate.Encoded.Span))).Order(StringComparer.Ordinal)],
        [.. pins.Order(StringComparer.Ordinal)],
        policy.Options.MaxChainLength,
        policy.Options.RequireExtendedKeyUsage,
        policy.Options.RequireRootAnchors,
        policy.Options.Revocation,
        [.. policy.Options.CrlPaths],
        HashOf(policy.Options.Crls),
        HashOf(policy.Options.OcspResponses),
        verifierId)));

    private static ImmutableArray<string> HashOf(IReadOnlyList<ReadOnlyMemory<byte>> values) => [.. values.Select(value => Convert.ToHexString(SHA256.HashData(value.Span)))];
}

/// <summary>The content of a policy. Its encoding is unambiguous, so that different policies have different hashes.</summary>
[Message]
internal sealed partial record PolicyContent(
    bool IsSystem,
    ImmutableArray<string> Anchors,
    ImmutableArray<string> Pins,
    int MaxChainLength,
    bool RequireExtendedKeyUsage,
    bool RequireRootAnchors,
    RevocationMode Revocation,
    ImmutableArray<string> CrlPaths,
    ImmutableArray<string> Crls,
    ImmutableArray<string> OcspResponses,
    string? VerifierId);
