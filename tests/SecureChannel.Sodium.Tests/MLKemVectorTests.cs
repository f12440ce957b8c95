using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SecureChannel.Sodium.Tests;

/// <summary>ML-KEM-768 of the referenced libsodium, against published values (FIPS 203).</summary>
public sealed partial class MLKemVectorTests
{
    /// <summary>
    /// The test TestAccumulated of Go's crypto/mlkem with 100 iterations: SHAKE128 of the encapsulation key, the ciphertext, the secret, and the secret of a random
    /// ciphertext, which is an implicit rejection.
    /// </summary>
    [Fact]
    public void The_accumulated_hash_of_100_exchanges_matches_another_implementation()
    {
        Assert.SkipUnless(Shake128.IsSupported, "The platform has no SHAKE128.");

        // The platform may not support reading the output in parts.
        var random = new Queue<byte>(Shake128.HashData([], 100 * (64 + 32 + 1088)));
        using var accumulated = new Shake128();
        var (key, decapsulationKey) = (new byte[1184], new byte[2400]);
        var (ciphertext, secret, decapsulated) = (new byte[1088], new byte[32], new byte[32]);
        for (var n = 0; n < 100; n++)
        {
            Assert.Equal(0, CreateKeyPair(key, decapsulationKey, Take(random, 64)));
            accumulated.AppendData(key);
            Assert.Equal(0, Encapsulate(ciphertext, secret, key, Take(random, 32)));
            accumulated.AppendData(ciphertext);
            accumulated.AppendData(secret);
            Assert.Equal(0, Decapsulate(decapsulated, ciphertext, decapsulationKey));
            Assert.Equal(secret, decapsulated);
            Assert.Equal(0, Decapsulate(decapsulated, Take(random, 1088), decapsulationKey));
            accumulated.AppendData(decapsulated);
        }

        Assert.Equal("1114b1b6699ed191734fa339376afa7e285c9e6acf6ff0177d346696ce564415", Convert.ToHexStringLower(accumulated.GetHashAndReset(32)));
    }

    private static byte[] Take(Queue<byte> stream, int count)
    {
        var bytes = new byte[count];
        for (var index = 0; index < count; index++)
            bytes[index] = stream.Dequeue();
        return bytes;
    }

    [LibraryImport("libsodium", EntryPoint = "crypto_kem_mlkem768_seed_keypair")]
    private static partial int CreateKeyPair(byte[] encapsulationKey, byte[] decapsulationKey, byte[] seed);

    [LibraryImport("libsodium", EntryPoint = "crypto_kem_mlkem768_enc_deterministic")]
    private static partial int Encapsulate(byte[] ciphertext, byte[] secret, byte[] encapsulationKey, byte[] seed);

    [LibraryImport("libsodium", EntryPoint = "crypto_kem_mlkem768_dec")]
    private static partial int Decapsulate(byte[] secret, byte[] ciphertext, byte[] decapsulationKey);
}
