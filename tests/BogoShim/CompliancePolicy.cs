using SecureChannel.Cryptography;

namespace SecureChannel.Bogo;

/// <summary>The algorithms of a policy that BoringSSL has a name for.</summary>
internal sealed record CompliancePolicy(
    IReadOnlyList<CipherSuite> CipherSuites, IReadOnlyList<NamedGroup> Groups, IReadOnlyList<SignatureScheme> SignatureSchemes)
{
    /// <summary>Gets the policy of NIST SP 800-52r2.</summary>
    public static CompliancePolicy Fips { get; } = new(
        [CipherSuite.Aes128GcmSha256, CipherSuite.Aes256GcmSha384],
        [NamedGroup.Secp256r1, NamedGroup.Secp384r1],
        [
            SignatureScheme.EcdsaSecp256r1Sha256, SignatureScheme.EcdsaSecp384r1Sha384,
            SignatureScheme.RsaPssRsaeSha256, SignatureScheme.RsaPssRsaeSha384, SignatureScheme.RsaPssRsaeSha512,
        ]);

    /// <summary>Gets the 192-bit policy of WPA 3.1 section 3.5.</summary>
    public static CompliancePolicy Wpa { get; } = new(
        [CipherSuite.Aes256GcmSha384],
        [NamedGroup.Secp384r1],
        [SignatureScheme.EcdsaSecp384r1Sha384, SignatureScheme.RsaPssRsaeSha384, SignatureScheme.RsaPssRsaeSha512]);
}
