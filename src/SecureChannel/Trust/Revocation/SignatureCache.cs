using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>
/// The results of the verification of one signature by the keys of issuers. A CRL can have many megabytes, so its signature is verified once for each key.
/// Bounded and thread-safe.
/// </summary>
internal sealed class SignatureCache
{
    /// <summary>The maximum number of stored results. The signature is verified again for further keys.</summary>
    private const int Capacity = 8;

    private volatile Entry[] _entries = [];

    /// <summary>Returns the gap that the signature leaves, or <see cref="RevocationGap.None"/> if the key of the issuer verifies it.</summary>
    /// <param name="algorithm">The algorithm of the signature, or null if it is not accepted.</param>
    /// <param name="content">The signed content.</param>
    /// <param name="signature">The signature.</param>
    /// <param name="issuer">The key of the issuer.</param>
    /// <param name="cryptography">The provider that verifies the signature.</param>
    /// <param name="checks">The number of verifications that remain.</param>
    public RevocationGap Verify(CertificateSignatureAlgorithm? algorithm, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature, PublicKeyInfo issuer,
        CryptographyProvider cryptography, ref int checks)
    {
        foreach (var entry in _entries)
        {
            if (entry.Cryptography == cryptography && entry.Key.Span.SequenceEqual(issuer.Encoded.Span))
                return entry.Result;
        }

        var result = VerifyOnce(algorithm, content, signature, issuer, cryptography, ref checks);
        var entries = _entries;

        // Two threads may add at once; one result is then computed again.
        if (result != RevocationGap.TooManyChecks && entries.Length < Capacity)
            _entries = [.. entries, new(cryptography, issuer.Encoded, result)];
        return result;
    }

    /// <summary>Verifies a signature without a cache.</summary>
    public static RevocationGap VerifyOnce(CertificateSignatureAlgorithm? algorithm, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature,
        PublicKeyInfo issuer, CryptographyProvider cryptography, ref int checks)
    {
        if (algorithm is not { } accepted)
            return RevocationGap.WeakSignature;
        if (!SignatureAlgorithmIdentifier.Fits(accepted, issuer))
            return RevocationGap.BadSignature;
        if (--checks < 0)
            return RevocationGap.TooManyChecks;
        if (!cryptography.TryImportVerificationKey(issuer.Encoded.Span, out var key))
            return RevocationGap.UnverifiableSignature;
        using (key)
            return key.VerifyCertificate(accepted, content, signature) ? RevocationGap.None : RevocationGap.BadSignature;
    }

    private sealed record Entry(CryptographyProvider Cryptography, ReadOnlyMemory<byte> Key, RevocationGap Result);
}
