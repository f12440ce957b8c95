using System.Diagnostics.CodeAnalysis;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>A certificate that a policy trusts, with its imported key. Thread-safe.</summary>
internal sealed class TrustAnchor(ParsedCertificate certificate)
{
    private Imported? _key;

    /// <summary>Gets the certificate.</summary>
    public ParsedCertificate Certificate { get; } = certificate;

    /// <summary>Tries to get the key, which is shared: do not dispose it.</summary>
    public bool TryGetKey(CryptographyProvider cryptography, [NotNullWhen(true)] out VerificationKey? key)
    {
        if (Volatile.Read(ref _key) is { } imported && imported.By == cryptography)
        {
            key = imported.Key;
            return true;
        }

        if (!AnchorKeys.TryGet(cryptography, Certificate, out key))
            return false;
        Volatile.Write(ref _key, new Imported(cryptography, key));
        return true;
    }

    private sealed record Imported(CryptographyProvider By, VerificationKey Key);
}
