using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>
/// A complete CRL that was parsed once (RFC 5280 section 5). Its entries are searched in place: a sorted index has 4 bytes for each entry, and a search
/// allocates nothing. The signature is verified when the CRL is first used. Thread-safe.
/// </summary>
/// <param name="encoded">The CRL in DER. It must not change afterwards.</param>
/// <param name="serialNumbers">The offsets of the contents of the serial numbers, each after a length of one byte. The array is sorted in place.</param>
internal sealed class CertificateRevocationList(byte[] encoded, int[] serialNumbers)
{
    private readonly int[] _serialNumbers = Sort(encoded, serialNumbers);
    private readonly SignatureCache _signatures = new();

    /// <summary>Gets the signed part: the TBSCertList with its tag and length.</summary>
    public required ReadOnlyMemory<byte> ToBeSigned { get; init; }

    /// <summary>Gets the algorithm of the signature, or null if it is not accepted.</summary>
    public required CertificateSignatureAlgorithm? Algorithm { get; init; }

    /// <summary>Gets the signature.</summary>
    public required ReadOnlyMemory<byte> Signature { get; init; }

    /// <summary>Gets the name of the issuer with its tag and length.</summary>
    public required ReadOnlyMemory<byte> Issuer { get; init; }

    /// <summary>Gets the time from which the CRL is valid.</summary>
    public required DateTime ThisUpdate { get; init; }

    /// <summary>Gets the time at which a newer CRL is available.</summary>
    public required DateTime NextUpdate { get; init; }

    /// <summary>Gets the certificates that the CRL covers.</summary>
    public required CrlScope Scope { get; init; }

    /// <summary>Gets the number of entries.</summary>
    public int Count => _serialNumbers.Length;

    /// <summary>Checks that the CRL covers a certificate and that the certificate's issuer signed it.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="issuer">The certificate of its issuer.</param>
    /// <param name="cryptography">The provider that verifies the signature.</param>
    /// <param name="checks">The number of verifications that remain.</param>
    /// <param name="reasons">The reasons for which the CRL lists the certificate.</param>
    /// <returns>The reason why the CRL cannot be used, or <see cref="RevocationGap.None"/>.</returns>
    public RevocationGap Check(
        ParsedCertificate certificate, ParsedCertificate issuer, CryptographyProvider cryptography, ref int checks, out ushort reasons)
    {
        reasons = 0;
        if (!Issuer.Span.SequenceEqual(certificate.Issuer.Span))
            return RevocationGap.NoData;
        reasons = Scope.FindReasons(certificate);
        if (reasons == 0)
            return RevocationGap.OutOfScope;

        // RFC 5280 section 6.3.3 (f): "If a key usage extension is present in the CRL issuer's certificate, verify that the cRLSign bit is set."
        if (issuer.Extensions.KeyUsages is { } usages && !usages.HasFlag(KeyUsages.CrlSign))
            return RevocationGap.CannotSignCrls;
        return _signatures.Verify(Algorithm, ToBeSigned.Span, Signature.Span, issuer.PublicKey, cryptography, ref checks);
    }

    /// <summary>Tries to find the entry of a certificate.</summary>
    /// <param name="serialNumber">The content of the serial number.</param>
    /// <param name="status">The time and the reason of the revocation.</param>
    /// <returns>True if the CRL lists the certificate; otherwise, false.</returns>
    public bool TryFind(ReadOnlySpan<byte> serialNumber, out RevocationStatus status)
    {
        status = default;
        var (low, high) = (0, _serialNumbers.Length - 1);
        while (low <= high)
        {
            var middle = low + (high - low) / 2;
            var order = Compare(SerialNumberAt(encoded, _serialNumbers[middle]), serialNumber);
            if (order == 0)
            {
                status = ReadEntry(_serialNumbers[middle]);
                return true;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return false;
    }

    // The parser has checked the entry, so its time can be read again.
    private RevocationStatus ReadEntry(int offset)
    {
        var rest = new DerReader(encoded.AsMemory(offset + encoded[offset - 1]));
        var time = CertificateTime.Read(ref rest) ?? default;
        int? reason = null;
        if (rest.IsNext(DerReader.Sequence) && rest.TryEnter(DerReader.Sequence, out var extensions))
            CrlParser.TryReadReason(extensions, out reason);
        return new(RevocationState.Revoked, time, Reason: reason);
    }

    private static int[] Sort(byte[] encoded, int[] offsets)
    {
        offsets.AsSpan().Sort(new SerialNumberOrder(encoded));
        return offsets;
    }

    private static ReadOnlySpan<byte> SerialNumberAt(byte[] encoded, int offset) => encoded.AsSpan(offset, encoded[offset - 1]);

    private static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);

    private readonly struct SerialNumberOrder(byte[] encoded) : IComparer<int>
    {
        public int Compare(int x, int y) => CertificateRevocationList.Compare(SerialNumberAt(encoded, x), SerialNumberAt(encoded, y));
    }
}
