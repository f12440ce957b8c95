using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>
/// A peer's certificate whose certification path, validity, strength and purpose were verified. It caches the imported public key and the last name that
/// matched, which are expensive to obtain. Thread-safe.
/// </summary>
/// <param name="certificate">The certificate, which this instance owns.</param>
/// <param name="key">The cache key: the presented certificates and the verified purpose.</param>
/// <param name="checkedAt">The time of the verification.</param>
/// <param name="validUntil">The earliest end of validity in the certification path.</param>
internal sealed class CheckedLeaf(X509Certificate2 certificate, ChainCacheKey key, DateTimeOffset checkedAt, DateTimeOffset validUntil)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private Imported? _key;
    private string? _name;

    /// <summary>Gets the cache key.</summary>
    public ChainCacheKey Key { get; } = key;

    /// <summary>Gets the time until which the result may be reused.</summary>
    public DateTimeOffset FreshUntil { get; } = validUntil - checkedAt < Lifetime ? validUntil : checkedAt + Lifetime;

    /// <summary>Returns a copy of the certificate, which the caller owns.</summary>
    public X509Certificate2 CopyCertificate() => new(certificate);

    /// <summary>Returns a value that indicates whether the result may be reused at a given time. If the clock was set back, the result is false.</summary>
    public bool IsFresh(DateTimeOffset at) => checkedAt <= at && at < FreshUntil;

    /// <summary>Checks that the certificate is valid for a name. Returns null if it is; otherwise, the error.</summary>
    public SessionError? CheckName(string name)
    {
        if (Volatile.Read(ref _name) == name)
            return null;

        try
        {
            var error = Check(certificate, name);
            if (error is null)
                Volatile.Write(ref _name, name);
            return error;
        }
        catch (Exception exception) when (CertificateChecks.IsMalformedField(exception))
        {
            return CertificateChecks.Malformed(exception);
        }
    }

    /// <summary>Tries to get the certificate's public key. The imported key is cached until another provider is used.</summary>
    public bool TryGetVerificationKey(CryptographyProvider cryptography, [NotNullWhen(true)] out VerificationKey? key)
    {
        if (Volatile.Read(ref _key) is { } imported && imported.By == cryptography)
        {
            key = imported.Key;
            return true;
        }

        if (!cryptography.TryImportVerificationKey(certificate, out key))
            return false;
        Volatile.Write(ref _key, new Imported(cryptography, key));
        return true;
    }

    // RFC 9525 section 6.3: only subject alternative names count, and a wildcard matches exactly one left-most label.
    private static SessionError? Check(X509Certificate2 certificate, string name)
    {
        if (!TryNormalize(name, out var normalized))
        {
            return new(SessionErrorKind.LocalError, SessionErrorCode.InvalidConfiguration, AlertDescription.InternalError,
                $"{PeerText.Quote(name)} is not a DNS name or IP address. Set the server name to a name in the server's certificate.");
        }

        return certificate.MatchesHostname(normalized, allowWildcards: true, allowCommonName: false)
            ? null
            : CertificateChecks.Reject(AlertDescription.CertificateUnknown, certificate,
                $"is not valid for {PeerText.Quote(name)}: {CertificateText.NamesOf(certificate)}. "
                + "Issue a certificate for this name, or use a name of the certificate");
    }

    private static bool TryNormalize(string name, [NotNullWhen(true)] out string? normalized)
    {
        normalized = null;
        if (Uri.CheckHostName(name) is UriHostNameType.IPv4 or UriHostNameType.IPv6)
        {
            normalized = name;
            return true;
        }

        try
        {
            normalized = new IdnMapping().GetAscii(name);
        }
        catch (ArgumentException)
        {
            return false;
        }

        return Uri.CheckHostName(normalized) == UriHostNameType.Dns;
    }

    private sealed record Imported(CryptographyProvider By, VerificationKey Key);
}
