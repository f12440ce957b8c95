using SecureChannel.Cryptography;
using SecureChannel.Testing.Cryptography;

namespace SecureChannel.Sodium.Tests;

public sealed class SodiumProviderTests() : ProviderContract(SodiumProvider.Instance)
{
    [Fact]
    public void Sealing_and_opening_allocate_nothing()
    {
        foreach (var algorithm in new[] { AeadAlgorithm.Aes256Gcm, AeadAlgorithm.ChaCha20Poly1305 })
        {
            using var aead = SodiumProvider.Instance.CreateAead(algorithm, Key(algorithm));
            var (nonce, buffer) = (Nonce(0), new byte[64 + aead.TagLength]);
            Run(10);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Run(1000);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

            void Run(int times)
            {
                for (var n = 0; n < times; n++)
                {
                    aead.Seal(nonce, buffer.AsSpan(0, 64), [], buffer);
                    if (!aead.TryOpen(nonce, buffer, [], buffer.AsSpan(0, 64)))
                        throw new InvalidOperationException("The sealed data was not authentic.");
                }
            }
        }
    }

    [Fact]
    public void Ciphers_that_libsodium_implements_are_used()
    {
        using var chacha = SodiumProvider.Instance.CreateAead(AeadAlgorithm.ChaCha20Poly1305, new byte[32]);
        using var aes128 = SodiumProvider.Instance.CreateAead(AeadAlgorithm.Aes128Gcm, new byte[16]);
        Assert.Equal(typeof(SodiumProvider).Assembly, chacha.GetType().Assembly);
        Assert.Equal(typeof(CryptographyProvider).Assembly, aes128.GetType().Assembly);
    }

    [Fact]
    public void The_preferred_suite_uses_a_cipher_of_libsodium()
    {
        var preferred = SodiumProvider.Instance.CipherSuites[0].Aead;
        using var aead = SodiumProvider.Instance.CreateAead(preferred, new byte[preferred.KeyLength]);
        Assert.Equal(typeof(SodiumProvider).Assembly, aead.GetType().Assembly);
    }
}
