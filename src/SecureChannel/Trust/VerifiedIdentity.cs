using System.Diagnostics.CodeAnalysis;
using SecureChannel.Cryptography;

namespace SecureChannel.Handshakes;

/// <summary>
/// The proof that a trust policy accepts the peer's certificate. Only certificate verification creates instances. An instance does not prove that the peer
/// holds the certificate's private key. Immutable and thread-safe.
/// </summary>
public sealed class VerifiedIdentity
{
    private readonly CheckedLeaf _leaf;
    private ChainCache? _cache;

    internal VerifiedIdentity(CheckedLeaf leaf, string? name, ChainCache? cache)
    {
        _leaf = leaf;
        _cache = cache;
        Identity = new PeerIdentity(leaf, name);
    }

    /// <summary>Gets the description of the peer: its name and its certificate.</summary>
    public PeerIdentity Identity { get; }

    /// <summary>Gets the purpose that the certificate was verified for.</summary>
    internal CertificatePurpose Purpose => _leaf.Key.Purpose;

    /// <summary>Gets the verified certificate.</summary>
    internal ParsedCertificate Certificate => _leaf.Certificate;

    /// <summary>
    /// Tries to get the public key of the certificate, which verifies the peer's signatures. The key is imported once and shared: do not dispose it.
    /// </summary>
    /// <param name="cryptography">The provider that imports the key.</param>
    /// <param name="key">The key, or null if the provider does not support its type.</param>
    /// <returns>True if the provider supports the key; otherwise, false.</returns>
    public bool TryGetVerificationKey(CryptographyProvider cryptography, [NotNullWhen(true)] out VerificationKey? key)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        return _leaf.TryGetVerificationKey(cryptography, out key);
    }

    /// <summary>Returns the verified name and purpose.</summary>
    public override string ToString() => $"{Identity.Name ?? CertificateText.SubjectOf(Certificate)} as {Purpose}";

    /// <summary>Caches the verification result after the peer proved that it holds the private key.</summary>
    internal void Remember() => Interlocked.Exchange(ref _cache, null)?.Add(_leaf);
}
