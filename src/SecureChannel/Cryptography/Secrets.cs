using System.Security.Cryptography;

namespace SecureChannel.Cryptography;

/// <summary>A symmetric key that one endpoint generates for one session.</summary>
/// <param name="length">The length in bytes. The key consists of zeros until it is filled.</param>
public sealed class EphemeralKey(int length) : Secret(length)
{
    /// <summary>Gets the bytes of the key as writable memory, such as the output buffer of a decryption.</summary>
    /// <exception cref="ObjectDisposedException">The key was wiped.</exception>
    public Memory<byte> Buffer => Writable;

    /// <summary>Generates a random key.</summary>
    /// <param name="provider">The provider of the random bytes.</param>
    /// <param name="length">The length in bytes.</param>
    public static EphemeralKey Generate(CryptographyProvider provider, int length = 32)
    {
        var key = new EphemeralKey(length);
        try
        {
            provider.FillRandom(key.Writable.Span);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}

/// <summary>The result of HKDF-Extract, from which other secrets are expanded (RFC 5869 section 2.2).</summary>
public sealed class ExtractedSecret : Secret
{
    private ExtractedSecret(int length)
        : base(length)
    {
    }

    /// <summary>Extracts a secret from another secret with HKDF-Extract.</summary>
    /// <param name="provider">The cryptography provider.</param>
    /// <param name="hash">The hash function.</param>
    /// <param name="salt">The salt, which may be empty.</param>
    /// <param name="key">The secret to extract from.</param>
    public static ExtractedSecret Extract(CryptographyProvider provider, HashFunction hash, ReadOnlySpan<byte> salt, Secret key) =>
        Extract(provider, hash, salt, key.Bytes);

    /// <summary>Extracts a secret from public bytes, such as the zeros that replace an unavailable secret (RFC 9846 section 7.1).</summary>
    /// <param name="provider">The cryptography provider.</param>
    /// <param name="hash">The hash function.</param>
    /// <param name="salt">The salt, which may be empty.</param>
    /// <param name="key">The bytes to extract from.</param>
    public static ExtractedSecret Extract(CryptographyProvider provider, HashFunction hash, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> key)
    {
        ArgumentNullException.ThrowIfNull(provider);
        var secret = new ExtractedSecret(hash.Length);
        try
        {
            provider.HkdfExtract(hash, salt, key, secret.Writable.Span);
            return secret;
        }
        catch
        {
            secret.Dispose();
            throw;
        }
    }
}

/// <summary>The key of an endpoint's Finished value (RFC 9846 section 4.5.3).</summary>
public sealed class FinishedKey : Secret
{
    private FinishedKey(int length)
        : base(length)
    {
    }

    /// <summary>Derives the key from another secret with HKDF-Expand-Label and an empty context.</summary>
    /// <param name="provider">The cryptography provider.</param>
    /// <param name="hash">The hash function.</param>
    /// <param name="from">The secret to derive from.</param>
    /// <param name="prefix">The prefix of all labels of the protocol.</param>
    /// <param name="label">The label of the key.</param>
    public static FinishedKey Derive(CryptographyProvider provider, HashFunction hash, Secret from, string prefix, string label) =>
        Expand(new FinishedKey(hash.Length), provider, hash, from, prefix, label, []);

    /// <summary>Derives a Finished key on the stack, computes a Finished value with the key, and wipes the key.</summary>
    /// <param name="provider">The cryptography provider.</param>
    /// <param name="hash">The hash function.</param>
    /// <param name="from">The secret to derive the key from.</param>
    /// <param name="prefix">The prefix of all labels of the protocol.</param>
    /// <param name="label">The label of the key.</param>
    /// <param name="transcriptHash">The transcript hash.</param>
    /// <param name="verifyData">The output buffer, exactly as long as the hash.</param>
    public static void ComputeVerifyData(
        CryptographyProvider provider, HashFunction hash, Secret from, string prefix, string label, ReadOnlySpan<byte> transcriptHash, Span<byte> verifyData)
    {
        ArgumentNullException.ThrowIfNull(provider);
        Span<byte> key = stackalloc byte[hash.Length];
        try
        {
            HkdfLabel.ExpandLabel(provider, hash, from, prefix, label, [], key);
            provider.Hmac(hash, key, transcriptHash, verifyData);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Computes a Finished value: the HMAC of the transcript hash with this key.</summary>
    /// <param name="provider">The cryptography provider.</param>
    /// <param name="hash">The hash function.</param>
    /// <param name="transcriptHash">The transcript hash.</param>
    /// <param name="verifyData">The output buffer, exactly as long as the hash.</param>
    public void ComputeVerifyData(CryptographyProvider provider, HashFunction hash, ReadOnlySpan<byte> transcriptHash, Span<byte> verifyData) =>
        provider.Hmac(hash, Bytes, transcriptHash, verifyData);
}

/// <summary>The secret from which the record protection keys of one direction are derived (RFC 9846 section 7.3).</summary>
public sealed class TrafficSecret : Secret
{
    private TrafficSecret(int length)
        : base(length)
    {
    }

    /// <summary>Creates a copy of an existing secret.</summary>
    /// <param name="bytes">The bytes of the secret. The caller must wipe them.</param>
    public TrafficSecret(ReadOnlySpan<byte> bytes)
        : base(bytes.Length) => bytes.CopyTo(Writable.Span);

    /// <summary>Derives the secret from another secret and a transcript hash.</summary>
    /// <param name="provider">The cryptography provider.</param>
    /// <param name="hash">The hash function.</param>
    /// <param name="from">The secret to derive from.</param>
    /// <param name="prefix">The prefix of all labels of the protocol.</param>
    /// <param name="label">The label of the secret.</param>
    /// <param name="transcriptHash">The transcript hash that the secret is bound to.</param>
    public static TrafficSecret Derive(
        CryptographyProvider provider, HashFunction hash, Secret from, string prefix, string label, ReadOnlySpan<byte> transcriptHash) =>
        Expand(new TrafficSecret(hash.Length), provider, hash, from, prefix, label, transcriptHash);
}

/// <summary>The secret from which an application derives its own keys (RFC 9846 section 7.5).</summary>
public sealed class ExporterSecret : Secret
{
    private ExporterSecret(int length)
        : base(length)
    {
    }

    /// <summary>Derives the secret from another secret and a transcript hash.</summary>
    /// <param name="provider">The cryptography provider.</param>
    /// <param name="hash">The hash function.</param>
    /// <param name="from">The secret to derive from.</param>
    /// <param name="prefix">The prefix of all labels of the protocol.</param>
    /// <param name="label">The label of the secret.</param>
    /// <param name="transcriptHash">The transcript hash that the secret is bound to.</param>
    public static ExporterSecret Derive(
        CryptographyProvider provider, HashFunction hash, Secret from, string prefix, string label, ReadOnlySpan<byte> transcriptHash) =>
        Expand(new ExporterSecret(hash.Length), provider, hash, from, prefix, label, transcriptHash);

    /// <summary>
    /// Exports a key for the application (RFC 9846 section 7.5): ExpandLabel(ExpandLabel(secret, label, Hash("")), "exporter", Hash(context)).
    /// </summary>
    /// <param name="provider">The cryptography provider.</param>
    /// <param name="hash">The hash function.</param>
    /// <param name="prefix">The prefix of all labels of the protocol.</param>
    /// <param name="label">The label of the key: 1 to 249 ASCII characters.</param>
    /// <param name="context">The context that the key is bound to, which may be empty.</param>
    /// <param name="output">The output buffer: 1 byte to 255 times the length of the hash.</param>
    public void Export(CryptographyProvider provider, HashFunction hash, string prefix, string label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        Span<byte> contextHash = stackalloc byte[HashFunctions.MaxLength];
        using var hashContext = provider.CreateHashContext(hash);
        contextHash = contextHash[..hashContext.GetHash(contextHash)];
        using var derived = Derive(provider, hash, this, prefix, label, contextHash);
        hashContext.Append(context);
        hashContext.GetHash(contextHash);
        HkdfLabel.ExpandLabel(provider, hash, derived, prefix, "exporter", contextHash, output);
    }
}
