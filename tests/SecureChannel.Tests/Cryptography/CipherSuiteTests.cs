using SecureChannel.Cryptography;

namespace SecureChannel.Tests.Cryptography;

public sealed class CipherSuiteTests
{
    [Theory]
    [InlineData(CipherSuite.Aes128GcmSha256, AeadAlgorithm.Aes128Gcm, HashFunction.Sha256, "TLS_AES_128_GCM_SHA256", 16)]
    [InlineData(CipherSuite.Aes256GcmSha384, AeadAlgorithm.Aes256Gcm, HashFunction.Sha384, "TLS_AES_256_GCM_SHA384", 32)]
    [InlineData(CipherSuite.ChaCha20Poly1305Sha256, AeadAlgorithm.ChaCha20Poly1305, HashFunction.Sha256, "TLS_CHACHA20_POLY1305_SHA256", 32)]
    public void A_suite_has_the_components_of_its_name(CipherSuite suite, AeadAlgorithm aead, HashFunction hash, string name, int keyLength)
    {
        Assert.True(suite.IsKnown);
        Assert.Equal((aead, hash, name, keyLength), (suite.Aead, suite.Hash, suite.Name, suite.Aead.KeyLength));
    }

    [Fact]
    public void An_undefined_suite_has_a_name_but_no_components()
    {
        var suite = (CipherSuite)0x1304;
        Assert.False(suite.IsKnown);
        Assert.Equal("0x1304", suite.Name);
        Assert.Throws<ArgumentOutOfRangeException>(() => suite.Aead);
        Assert.Throws<ArgumentOutOfRangeException>(() => suite.Hash);
    }
}
