using SecureChannel.Cryptography;
using SecureChannel.Testing.Cryptography;

namespace SecureChannel.Sodium.Tests;

public sealed class SodiumKeyTests() : KeyContract(SodiumProvider.Instance)
{
    // The encodings of id-Ed25519 keys before the key itself: PrivateKeyInfo (RFC 8410 section 7) and SubjectPublicKeyInfo (section 4).
    private const string PrivatePrefix = "302e020100300506032b657004220420";
    private const string PublicPrefix = "302a300506032b6570032100";

    [Theory]
    [InlineData(
        // RFC 8032 section 7.1, test 2.
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    [InlineData(
        // RFC 8032 section 7.1, test 3.
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    public void Ed25519_signatures_match_RFC_8032(string seed, string publicKey, string content, string signature)
    {
        Assert.True(SodiumProvider.Instance.TryImportSigningKey(Convert.FromHexString(PrivatePrefix + seed), out var signing));
        Assert.True(SodiumProvider.Instance.TryImportVerificationKey(Convert.FromHexString(PublicPrefix + publicKey), out var verification));
        using (signing)
        using (verification)
        {
            Assert.Equal(signature, Convert.ToHexStringLower(signing.Sign(SignatureScheme.Ed25519, Convert.FromHexString(content))));
            Assert.True(verification.Verify(SignatureScheme.Ed25519, Convert.FromHexString(content), Convert.FromHexString(signature)));
            AssertOnlyThis(verification, SignatureScheme.Ed25519, signing.Sign(SignatureScheme.Ed25519, "content that both saw"u8));
            Assert.DoesNotContain(seed, signing.ToString(), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void The_hybrid_group_is_preferred_and_Ed25519_is_supported()
    {
        Assert.Equal([NamedGroup.X25519MLKem768, NamedGroup.X25519], SodiumProvider.Instance.Groups.Take(2));
        Assert.Equal(SodiumProvider.Instance.Groups.Distinct(), SodiumProvider.Instance.Groups);
        Assert.Contains(SignatureScheme.Ed25519, SodiumProvider.Instance.SignatureSchemes);
        Assert.DoesNotContain(NamedGroup.X25519, CryptographyProvider.Platform.Groups);
    }

    [Fact]
    public void A_disposed_signing_key_throws()
    {
        Assert.True(SodiumProvider.Instance.TryImportSigningKey(Convert.FromHexString(PrivatePrefix + new string('1', 64)), out var signing));
        signing.Dispose();
        Assert.Throws<ObjectDisposedException>(() => signing.Sign(SignatureScheme.Ed25519, []));
    }
}
