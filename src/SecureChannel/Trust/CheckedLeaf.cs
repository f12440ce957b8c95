using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>
/// A peer's certificate whose certification path, validity, strength and purpose were verified. It caches the imported public key and the last name that
/// matched, which are expensive to obtain. Thread-safe.
/// </summary>
/// <param name="certificate">The certificate.</param>
/// <param name="constraints">The name constraints of the authorities in the path.</param>
/// <param name="key">The cache key: the presented certificates and the verified purpose.</param>
/// <param name="checkedAt">The time of the verification.</param>
/// <param name="validUntil">The earliest end of validity in the certification path and the revocation data that was used.</param>
internal sealed class CheckedLeaf(
    ParsedCertificate certificate, ImmutableArray<NameConstraints> constraints, ChainCacheKey key, DateTimeOffset checkedAt, DateTimeOffset validUntil)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private Imported? _key;
    private string? _name;

    /// <summary>Gets the cache key.</summary>
    public ChainCacheKey Key { get; } = key;

    /// <summary>Gets the certificate.</summary>
    public ParsedCertificate Certificate { get; } = certificate;

    /// <summary>Gets the time until which the result may be reused.</summary>
    public DateTimeOffset FreshUntil { get; } = validUntil - checkedAt < Lifetime ? validUntil : checkedAt + Lifetime;

    /// <summary>Returns a copy of the certificate, which the caller owns.</summary>
    public X509Certificate2 CopyCertificate() => X509CertificateLoader.LoadCertificate(Certificate.Encoded.Span);

    /// <summary>Returns a value that indicates whether the result may be reused at a given time. If the clock was set back, the result is false.</summary>
    public bool IsFresh(DateTimeOffset at) => checkedAt <= at && at < FreshUntil;

    /// <summary>Checks that the certificate is valid for a name. Returns null if it is; otherwise, the error.</summary>
    public SessionError? CheckName(string name)
    {
        if (Volatile.Read(ref _name) == name)
            return null;
        if (ReferenceName.Parse(name) is not { } reference)
        {
            return new(SessionErrorKind.LocalError, SessionErrorCode.InvalidConfiguration, AlertDescription.InternalError,
                $"{PeerText.Quote(name)} is not a DNS name or IP address. Set the server name to a name in the server's certificate.");
        }

        var error = Check(name, reference);
        if (error is null)
            Volatile.Write(ref _name, name);
        return error;
    }

    /// <summary>Tries to get the certificate's public key. The imported key is cached until another provider is used.</summary>
    public bool TryGetVerificationKey(CryptographyProvider cryptography, [NotNullWhen(true)] out VerificationKey? key)
    {
        if (Volatile.Read(ref _key) is { } imported && imported.By == cryptography)
        {
            key = imported.Key;
            return true;
        }

        if (!cryptography.TryImportVerificationKey(Certificate.PublicKey.Encoded.Span, out key))
            return false;
        Volatile.Write(ref _key, new Imported(cryptography, key));
        return true;
    }

    private SessionError? Check(string name, ReferenceName reference)
    {
        if (!IsPresented(reference))
        {
            return PathError.Create(CertificateErrorKind.NameMismatch, AlertDescription.CertificateUnknown, Certificate,
                $"is not valid for {PeerText.Quote(name)}: {CertificateText.NamesOf(Certificate)}. "
                + "Issue a certificate for this name, or use a name of the certificate");
        }

        // All names of the certificate comply, and so does each name that they match. This check does not depend on that conclusion.
        foreach (var constraint in constraints)
        {
            var budget = int.MaxValue;
            if (!constraint.Allow(reference.AsGeneralName, ref budget))
            {
                return PathError.Create(CertificateErrorKind.NameConstraint, AlertDescription.BadCertificate, Certificate,
                    $"is not valid for {PeerText.Quote(name)}, because the name constraints of its authority do not allow the name. Use another name");
            }
        }

        return null;
    }

    // RFC 9525 section 6: only subject alternative names of the same type count.
    private bool IsPresented(ReferenceName reference)
    {
        if (Certificate.Extensions.AlternativeNames is not { } names)
            return false;
        var reader = new DerReader(names);
        while (GeneralNames.TryRead(ref reader, out var name))
        {
            if (name.Type != reference.Type)
                continue;
            if (reference.Type == GeneralNameType.Dns ? DnsName.Matches(name.Value.Span, reference.Value) : name.Value.Span.SequenceEqual(reference.Value))
                return true;
        }

        return false;
    }

    private sealed record Imported(CryptographyProvider By, VerificationKey Key);
}
