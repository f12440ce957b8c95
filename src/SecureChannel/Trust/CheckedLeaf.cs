using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>
/// A peer's certificate whose path, validity, strength and purpose were checked, with what costs much to make of it: its key, and the name that it was last
/// found to be for. Safe for use by several threads at once; lives as long as a session or the cache needs it.
/// </summary>
/// <param name="certificate">The certificate; nobody else disposes it.</param>
/// <param name="key">What was presented, and the purpose that it was checked for.</param>
/// <param name="checkedAt">When it was checked.</param>
/// <param name="validUntil">The earliest end of validity in its path.</param>
internal sealed class CheckedLeaf(X509Certificate2 certificate, ChainCacheKey key, DateTimeOffset checkedAt, DateTimeOffset validUntil)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private Imported? _key;
    private string? _name;

    public ChainCacheKey Key { get; } = key;

    /// <summary>Until when the check need not be done again.</summary>
    public DateTimeOffset FreshUntil { get; } = validUntil - checkedAt < Lifetime ? validUntil : checkedAt + Lifetime;

    /// <summary>A copy of the certificate, for an owner that may dispose it.</summary>
    public X509Certificate2 CopyCertificate() => new(certificate);

    /// <summary>Whether the check still holds. A clock that was set back makes it be done again.</summary>
    public bool IsFresh(DateTimeOffset at) => checkedAt <= at && at < FreshUntil;

    /// <summary>Whether the certificate is for a name; null if it is.</summary>
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
        catch (Exception exception) when (CertificateChecks.IsCorruption(exception))
        {
            return CertificateChecks.Corrupt(exception);
        }
    }

    /// <summary>The certificate's key, imported once for a provider.</summary>
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

    // RFC 9525 section 6.3: only the subject's alternative names count; a wildcard stands for one left-most label.
    private static SessionError? Check(X509Certificate2 certificate, string name)
    {
        if (!TryNormalize(name, out var normalized))
            return new(SessionErrorKind.LocalError, AlertDescription.InternalError,
                $"{CertificateText.Quote(name)} is no DNS name or IP address, so no certificate can be checked for it");

        return certificate.MatchesHostname(normalized, allowWildcards: true, allowCommonName: false)
            ? null
            : CertificateChecks.Refuse(AlertDescription.CertificateUnknown, certificate, $"is not for {CertificateText.Quote(name)}: it has {CertificateText.NamesOf(certificate)}");
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
