using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>The AlgorithmIdentifier of a signature (RFC 4055, RFC 5758, RFC 8410).</summary>
internal static class SignatureAlgorithmIdentifier
{
    /// <summary>The last number of the object identifier of SHA-256. The other constants are alike.</summary>
    public const int Sha256 = 1;

    /// <summary>The last number of the object identifier of SHA-384.</summary>
    public const int Sha384 = 2;

    /// <summary>The last number of the object identifier of SHA-512.</summary>
    public const int Sha512 = 3;

    /// <summary>Returns the algorithm that an AlgorithmIdentifier encodes, or null if it is not accepted: MD5 and SHA-1 never are.</summary>
    public static CertificateSignatureAlgorithm? Parse(ReadOnlyMemory<byte> encoded)
    {
        var outer = new DerReader(encoded);
        if (!outer.TryEnter(DerReader.Sequence, out var algorithm) || !algorithm.TryReadOid(out var identifier))
            return null;

        var oid = identifier.Span;
        if (oid.SequenceEqual(Oids.RsaSsaPss))
        {
            return ReadPssHash(algorithm) switch
            {
                Sha256 => CertificateSignatureAlgorithm.RsaPssSha256,
                Sha384 => CertificateSignatureAlgorithm.RsaPssSha384,
                Sha512 => CertificateSignatureAlgorithm.RsaPssSha512,
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
        CertificateSignatureAlgorithm.RsaPssSha256 => FitsPss(key, Sha256),
        CertificateSignatureAlgorithm.RsaPssSha384 => FitsPss(key, Sha384),
        CertificateSignatureAlgorithm.RsaPssSha512 => FitsPss(key, Sha512),
        CertificateSignatureAlgorithm.Ed25519 => key.Kind == PublicKeyKind.Ed25519,
        _ => key.Kind is PublicKeyKind.P256 or PublicKeyKind.P384 or PublicKeyKind.P521,
    };

    /// <summary>
    /// Returns the last number of the hash function's identifier in RSASSA-PSS parameters, or null if they are not accepted: the mask generation function must
    /// use the same hash function, and the salt must be as long as the hash (RFC 4055 section 3.1).
    /// </summary>
    public static int? ReadPssHash(DerReader parameters)
    {
        if (!parameters.TryEnter(DerReader.Sequence, out var fields) || !parameters.IsEmpty
            || !fields.TryEnter(DerReader.ContextConstructed(0), out var hashField) || ReadHash(hashField) is not { } hash
            || !fields.TryEnter(DerReader.ContextConstructed(1), out var maskField)
            || !maskField.TryEnter(DerReader.Sequence, out var mask) || !maskField.IsEmpty
            || !mask.TryReadOid(out var function) || !function.Span.SequenceEqual(Oids.Mgf1) || ReadHash(mask) != hash
            || !fields.TryEnter(DerReader.ContextConstructed(2), out var saltField) || !saltField.TryReadSmallInteger(out var salt) || !saltField.IsEmpty
            || !fields.IsEmpty)
        {
            return null;
        }

        return salt == LengthOf(hash) ? hash : null;
    }

    private static bool FitsPss(PublicKeyInfo key, int hash) =>
        key.Kind == PublicKeyKind.Rsa || (key.Kind == PublicKeyKind.RsaPss && (key.PssHash is null || key.PssHash == hash));

    private static int LengthOf(int hash) => hash switch { Sha256 => 32, Sha384 => 48, _ => 64 };

    private static int? ReadHash(DerReader field)
    {
        if (!field.TryEnter(DerReader.Sequence, out var algorithm) || !field.IsEmpty || !algorithm.TryReadOid(out var oid)
            || oid.Length != Oids.Sha2.Length + 1 || !oid.Span.StartsWith(Oids.Sha2))
        {
            return null;
        }

        if (!algorithm.IsEmpty && !(algorithm.TryRead(DerReader.Null, out var nothing) && nothing.IsEmpty && algorithm.IsEmpty))
            return null;
        return oid.Span[^1] is Sha256 or Sha384 or Sha512 ? oid.Span[^1] : null;
    }
}
