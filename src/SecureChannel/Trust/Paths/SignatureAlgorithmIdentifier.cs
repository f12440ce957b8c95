using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>The AlgorithmIdentifier of a signature (RFC 4055, RFC 5758, RFC 8410).</summary>
internal static class SignatureAlgorithmIdentifier
{
    /// <summary>Returns the algorithm that an AlgorithmIdentifier encodes, or null if it is not accepted: MD5 and SHA-1 never are.</summary>
    public static CertificateSignatureAlgorithm? Parse(ReadOnlyMemory<byte> encoded)
    {
        var outer = new DerReader(encoded);
        if (!outer.TryEnter(DerReader.Sequence, out var algorithm) || !algorithm.TryReadOid(out var identifier))
            return null;

        var oid = identifier.Span;
        if (oid.SequenceEqual(Oids.RsaSsaPss))
        {
            return PssParameters.ReadHash(algorithm) switch
            {
                PssParameters.Sha256 => CertificateSignatureAlgorithm.RsaPssSha256,
                PssParameters.Sha384 => CertificateSignatureAlgorithm.RsaPssSha384,
                PssParameters.Sha512 => CertificateSignatureAlgorithm.RsaPssSha512,
                _ => null,
            };
        }

        if (oid.StartsWith(Oids.RsaPkcs1) && oid.Length == Oids.RsaPkcs1.Length + 1)
        {
            // RFC 4055 section 5: the parameters must be NULL, and their absence must be accepted.
            if (!algorithm.IsEmpty && !(algorithm.TryRead(DerReader.Null, out var nothing) && nothing.IsEmpty && algorithm.IsEmpty))
                return null;
            return oid[^1] switch
            {
                11 => CertificateSignatureAlgorithm.RsaPkcs1Sha256,
                12 => CertificateSignatureAlgorithm.RsaPkcs1Sha384,
                13 => CertificateSignatureAlgorithm.RsaPkcs1Sha512,
                _ => null,
            };
        }

        if (!algorithm.IsEmpty)
            return null;
        if (oid.StartsWith(Oids.EcdsaWithSha2) && oid.Length == Oids.EcdsaWithSha2.Length + 1)
        {
            return oid[^1] switch
            {
                2 => CertificateSignatureAlgorithm.EcdsaSha256,
                3 => CertificateSignatureAlgorithm.EcdsaSha384,
                4 => CertificateSignatureAlgorithm.EcdsaSha512,
                _ => null,
            };
        }

        return oid.SequenceEqual(Oids.Ed25519) ? CertificateSignatureAlgorithm.Ed25519 : null;
    }

    /// <summary>Returns a value that indicates whether a key can make signatures with an algorithm.</summary>
    public static bool Fits(CertificateSignatureAlgorithm algorithm, PublicKeyInfo key) => algorithm switch
    {
        CertificateSignatureAlgorithm.RsaPkcs1Sha256 or CertificateSignatureAlgorithm.RsaPkcs1Sha384 or CertificateSignatureAlgorithm.RsaPkcs1Sha512 =>
            key.Kind == PublicKeyKind.Rsa,
        CertificateSignatureAlgorithm.RsaPssSha256 => FitsPss(key, PssParameters.Sha256),
        CertificateSignatureAlgorithm.RsaPssSha384 => FitsPss(key, PssParameters.Sha384),
        CertificateSignatureAlgorithm.RsaPssSha512 => FitsPss(key, PssParameters.Sha512),
        CertificateSignatureAlgorithm.Ed25519 => key.Kind == PublicKeyKind.Ed25519,
        _ => key.Kind is PublicKeyKind.P256 or PublicKeyKind.P384 or PublicKeyKind.P521,
    };

    private static bool FitsPss(PublicKeyInfo key, int hash) =>
        key.Kind == PublicKeyKind.Rsa || (key.Kind == PublicKeyKind.RsaPss && (key.PssHash is null || key.PssHash == hash));
}
