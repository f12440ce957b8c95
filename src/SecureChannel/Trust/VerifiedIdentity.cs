using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;

namespace SecureChannel.Handshakes;

/// <summary>A peer's certificate that passed every check. Only <see cref="ChainValidator"/> makes one, so having it is the proof. Immutable.</summary>
public sealed class VerifiedIdentity
{
    private readonly CheckedLeaf _leaf;
    private ChainCache? _cache;
    private X509Certificate2? _copy;

    internal VerifiedIdentity(CheckedLeaf leaf, string name, ChainCache cache)
    {
        _leaf = leaf;
        _cache = cache;
        Name = name;
    }

    /// <summary>The peer's own certificate.</summary>
    public X509Certificate2 Leaf => Volatile.Read(ref _copy) ?? Copy();

    /// <summary>The name that the certificate was checked for.</summary>
    public string Name { get; }

    /// <summary>The purpose that it was checked for.</summary>
    public CertificatePurpose Purpose => _leaf.Key.Purpose;

    /// <summary>The key of <see cref="Leaf"/>, which verifies the peer's signatures. It is imported once and shared: do not dispose it.</summary>
    /// <param name="cryptography">What verifies.</param>
    /// <param name="key">The key.</param>
    /// <returns>Whether the key is of a kind that the provider can verify with.</returns>
    public bool TryGetVerificationKey(CryptographyProvider cryptography, [NotNullWhen(true)] out VerificationKey? key)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        return _leaf.TryGetVerificationKey(cryptography, out key);
    }

    /// <summary>The name and the purpose.</summary>
    public override string ToString() => $"{Name} as {Purpose}";

    /// <summary>The peer has shown that it holds the key: the check need not be done again for a while.</summary>
    internal void Remember() => Interlocked.Exchange(ref _cache, null)?.Add(_leaf);

    // Most sessions never look at it.
    private X509Certificate2 Copy()
    {
        var copy = _leaf.CopyCertificate();
        if (Interlocked.CompareExchange(ref _copy, copy, null) is not { } first)
            return copy;
        copy.Dispose();
        return first;
    }
}
