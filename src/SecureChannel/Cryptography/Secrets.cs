using System.Security.Cryptography;

namespace SecureChannel.Cryptography;

/// <summary>A fresh symmetric key that one end made for one session.</summary>
/// <param name="length">Its length in bytes; it is zero until it is filled.</param>
public sealed class EphemeralKey(int length) : Secret(length)
{
    /// <summary>The buffer of the key, to be filled.</summary>
    /// <exception cref="ObjectDisposedException">The key was wiped.</exception>
    public Memory<byte> Buffer => Writable;

    /// <summary>Makes a key of random bytes.</summary>
    /// <param name="provider">Where randomness comes from.</param>
    /// <param name="length">The length in bytes.</param>
    public static EphemeralKey Generate(CryptographyProvider provider, int length = 32)
    {
        var key = new EphemeralKey(length);
        provider.FillRandom(key.Writable.Span);
        return key;
    }
}

/// <summary>The result of HKDF-Extract, from which all else of a session is expanded (RFC 5869 section 2.2).</summary>
public sealed class ExtractedSecret : Secret
{
    private ExtractedSecret(int length)
        : base(length)
    {
    }

    /// <summary>HKDF-Extract.</summary>
    /// <param name="provider">The cryptography.</param>
    /// <param name="hash">The hash function.</param>
    /// <param name="salt">The salt; may be empty.</param>
    /// <param name="key">The secret to extract from.</param>
    public static ExtractedSecret Extract(CryptographyProvider provider, HashFunction hash, ReadOnlySpan<byte> salt, Secret key) => Extract(provider, hash, salt, key.Bytes);

    /// <summary>HKDF-Extract of bytes that are no secret of their own, such as the zeros of a stage that adds nothing (RFC 9846 section 7.1).</summary>
    /// <param name="provider">The cryptography.</param>
    /// <param name="hash">The hash function.</param>
    /// <param name="salt">The salt; may be empty.</param>
    /// <param name="key">The bytes to extract from.</param>
    public static ExtractedSecret Extract(CryptographyProvider provider, HashFunction hash, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> key)
    {
        ArgumentNullException.ThrowIfNull(provider);
        var secret = new ExtractedSecret(hash.Length);
        provider.HkdfExtract(hash, salt, key, secret.Writable.Span);
        return secret;
    }
}

/// <summary>The key of one end's Finished value (RFC 9846 section 4.5.3).</summary>
public sealed class FinishedKey : Secret
{
    private FinishedKey(int length)
        : base(length)
    {
    }

    /// <summary>Expands the key from another secret, with an empty context.</summary>
    /// <param name="provider">The cryptography.</param>
    /// <param name="hash">The hash function.</param>
    /// <param name="from">What it is expanded from.</param>
    /// <param name="prefix">What every label of the protocol begins with.</param>
    /// <param name="label">What tells this key from others of the same source.</param>
    public static FinishedKey Derive(CryptographyProvider provider, HashFunction hash, Secret from, string prefix, string label)
    {
        var key = new FinishedKey(hash.Length);
        HkdfLabel.ExpandLabel(provider, hash, from, prefix, label, [], key.Writable.Span);
        return key;
    }

    /// <summary>The HMAC of a transcript's hash under a key that is used once, and lies on the stack meanwhile.</summary>
    /// <param name="provider">The cryptography.</param>
    /// <param name="hash">The hash function.</param>
    /// <param name="from">What the key is expanded from.</param>
    /// <param name="prefix">What every label of the protocol begins with.</param>
    /// <param name="label">What tells the key from others of the same source.</param>
    /// <param name="transcriptHash">The hash of all handshake messages so far.</param>
    /// <param name="verifyData">Where the result goes: exactly the hash's length.</param>
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

    /// <summary>The HMAC of a transcript's hash under this key.</summary>
    /// <param name="provider">The cryptography.</param>
    /// <param name="hash">The hash function.</param>
    /// <param name="transcriptHash">The hash of all handshake messages so far.</param>
    /// <param name="verifyData">Where the result goes: exactly the hash's length.</param>
    public void ComputeVerifyData(CryptographyProvider provider, HashFunction hash, ReadOnlySpan<byte> transcriptHash, Span<byte> verifyData) =>
        provider.Hmac(hash, Bytes, transcriptHash, verifyData);
}

/// <summary>The secret of one direction's record protection (RFC 9846 section 7.3).</summary>
public sealed class TrafficSecret : Secret
{
    private TrafficSecret(int length)
        : base(length)
    {
    }

    /// <summary>Copies a secret that came from elsewhere.</summary>
    /// <param name="bytes">The secret; wiping the source is the caller's.</param>
    public TrafficSecret(ReadOnlySpan<byte> bytes)
        : base(bytes.Length) => bytes.CopyTo(Writable.Span);

    /// <summary>Expands the secret, bound to a transcript.</summary>
    /// <param name="provider">The cryptography.</param>
    /// <param name="hash">The hash function.</param>
    /// <param name="from">What it is expanded from.</param>
    /// <param name="prefix">What every label of the protocol begins with.</param>
    /// <param name="label">What tells this secret from others of the same source.</param>
    /// <param name="transcriptHash">The hash of the handshake messages that it is bound to.</param>
    public static TrafficSecret Derive(
        CryptographyProvider provider, HashFunction hash, Secret from, string prefix, string label, ReadOnlySpan<byte> transcriptHash)
    {
        var secret = new TrafficSecret(hash.Length);
        HkdfLabel.ExpandLabel(provider, hash, from, prefix, label, transcriptHash, secret.Writable.Span);
        return secret;
    }
}

/// <summary>The secret from which an application derives keys of its own (RFC 9846 section 7.5).</summary>
public sealed class ExporterSecret : Secret
{
    private ExporterSecret(int length)
        : base(length)
    {
    }

    /// <summary>Expands the secret, bound to a transcript.</summary>
    /// <param name="provider">The cryptography.</param>
    /// <param name="hash">The hash function.</param>
    /// <param name="from">What it is expanded from.</param>
    /// <param name="prefix">What every label of the protocol begins with.</param>
    /// <param name="label">What tells this secret from others of the same source.</param>
    /// <param name="transcriptHash">The hash of the handshake messages that it is bound to.</param>
    public static ExporterSecret Derive(
        CryptographyProvider provider, HashFunction hash, Secret from, string prefix, string label, ReadOnlySpan<byte> transcriptHash)
    {
        var secret = new ExporterSecret(hash.Length);
        HkdfLabel.ExpandLabel(provider, hash, from, prefix, label, transcriptHash, secret.Writable.Span);
        return secret;
    }

    /// <summary>ExpandLabel(ExpandLabel(secret, label, Hash("")), "exporter", Hash(context)): the exporter of RFC 9846 section 7.5.</summary>
    /// <param name="provider">The cryptography.</param>
    /// <param name="hash">The hash function.</param>
    /// <param name="prefix">What every label of the protocol begins with.</param>
    /// <param name="label">What the application calls this key; ASCII, 1 to 249 characters.</param>
    /// <param name="context">What the key is bound to; may be empty.</param>
    /// <param name="output">Where the result goes: 1 to 255 times the hash's length.</param>
    public void Export(CryptographyProvider provider, HashFunction hash, string prefix, string label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        Span<byte> contextHash = stackalloc byte[HashFunctions.MaxLength];
        using var hasher = provider.CreateHashContext(hash);
        contextHash = contextHash[..hasher.GetHash(contextHash)];
        using var derived = Derive(provider, hash, this, prefix, label, contextHash);
        hasher.Append(context);
        hasher.GetHash(contextHash);
        HkdfLabel.ExpandLabel(provider, hash, derived, prefix, "exporter", contextHash, output);
    }
}
