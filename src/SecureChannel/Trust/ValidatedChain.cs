using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>A peer's certificate that passed every check. Only <see cref="ChainValidator"/> makes one, so having it is the proof. Immutable.</summary>
public sealed class ValidatedChain
{
    internal ValidatedChain(X509Certificate2 leaf, string name, CertificatePurpose purpose)
    {
        Leaf = leaf;
        Name = name;
        Purpose = purpose;
    }

    /// <summary>The peer's own certificate.</summary>
    public X509Certificate2 Leaf { get; }

    /// <summary>The name that the certificate was checked for.</summary>
    public string Name { get; }

    /// <summary>The purpose that it was checked for.</summary>
    public CertificatePurpose Purpose { get; }

    /// <summary>The key of <see cref="Leaf"/>, which verifies the peer's signatures. It is shared: do not dispose it.</summary>
    /// <param name="cryptography">What verifies.</param>
    /// <param name="key">The key.</param>
    /// <returns>Whether the key is of a kind that the provider can verify with.</returns>
    public bool TryGetVerificationKey(CryptographyProvider cryptography, [NotNullWhen(true)] out VerificationKey? key)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        return cryptography.TryImportVerificationKey(Leaf.PublicKey.ExportSubjectPublicKeyInfo(), out key);
    }

    /// <summary>The name and the purpose.</summary>
    public override string ToString() => $"{Name} as {Purpose}";
}
