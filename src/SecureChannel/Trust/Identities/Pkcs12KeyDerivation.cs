using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SecureChannel;

/// <summary>The key derivation of PKCS #12 (RFC 7292 appendix B.2).</summary>
internal static class Pkcs12KeyDerivation
{
    /// <summary>The purpose "key of the encryption" (RFC 7292 appendix B.3).</summary>
    public const byte EncryptionKey = 1;

    /// <summary>The purpose "initialization vector" (RFC 7292 appendix B.3).</summary>
    public const byte InitializationVector = 2;

    /// <summary>The purpose "key of the message authentication code" (RFC 7292 appendix B.3).</summary>
    public const byte MacKey = 3;

    /// <summary>Derives a key.</summary>
    /// <param name="hash">The hash function.</param>
    /// <param name="purpose">The purpose of the key.</param>
    /// <param name="password">The password.</param>
    /// <param name="salt">The salt.</param>
    /// <param name="iterations">The number of iterations.</param>
    /// <param name="output">Receives the key.</param>
    /// <param name="terminates">True if the password ends with two zero bytes, as RFC 7292 appendix B.1 requires; false for an absent password.</param>
    public static void Derive(
        HashAlgorithmName hash, byte purpose, char[] password, ReadOnlySpan<byte> salt, int iterations, Span<byte> output, bool terminates = true)
    {
        var block = hash == HashAlgorithmName.SHA384 || hash == HashAlgorithmName.SHA512 ? 128 : 64;
        var secret = SensitiveMemory.AllocateKey(terminates ? (2 * password.Length) + 2 : 0);
        for (var index = 0; index < password.Length && terminates; index++)
            BinaryPrimitives.WriteUInt16BigEndian(secret.AsSpan(2 * index), password[index]);

        // The input is the salt and the password, each repeated to a multiple of the block length.
        var saltLength = RoundUp(salt.Length, block);
        var input = SensitiveMemory.AllocateKey(saltLength + RoundUp(secret.Length, block));
        Repeat(salt, input.AsSpan(0, saltLength));
        Repeat(secret, input.AsSpan(saltLength));
        var diversifier = new byte[block];
        diversifier.AsSpan().Fill(purpose);
        Span<byte> digest = stackalloc byte[64];
        Span<byte> addend = stackalloc byte[block];
        using var hasher = IncrementalHash.CreateHash(hash);
        digest = digest[..hasher.HashLengthInBytes];
        try
        {
            while (true)
            {
                hasher.AppendData(diversifier);
                hasher.AppendData(input);
                hasher.GetHashAndReset(digest);
                for (var iteration = 1; iteration < iterations; iteration++)
                {
                    hasher.AppendData(digest);
                    hasher.GetHashAndReset(digest);
                }

                var length = Math.Min(output.Length, digest.Length);
                digest[..length].CopyTo(output);
                output = output[length..];
                if (output.IsEmpty)
                    return;

                Repeat(digest, addend);
                for (var offset = 0; offset < input.Length; offset += block)
                    AddAndIncrement(input.AsSpan(offset, block), addend);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(input);
            CryptographicOperations.ZeroMemory(digest);
            CryptographicOperations.ZeroMemory(addend);
        }
    }

    private static int RoundUp(int length, int block) => (length + block - 1) / block * block;

    private static void Repeat(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        for (var index = 0; index < destination.Length; index++)
            destination[index] = source[index % source.Length];
    }

    private static void AddAndIncrement(Span<byte> number, ReadOnlySpan<byte> addend)
    {
        var carry = 1;
        for (var index = number.Length - 1; index >= 0; index--)
        {
            carry += number[index] + addend[index];
            number[index] = (byte)carry;
            carry >>= 8;
        }
    }
}
