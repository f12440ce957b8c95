using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureChannel;

/// <summary>A certificate that was found in a store of the platform, and the other certificates that may be its issuers.</summary>
internal sealed class StoreCertificates : IDisposable
{
    private readonly List<X509Certificate2> _all = [];

    private StoreCertificates()
    {
    }

    /// <summary>Gets the certificate with its private key.</summary>
    public X509Certificate2 Certificate { get; private set; } = null!;

    /// <summary>Gets the certificates that lead from the certificate to a root.</summary>
    public List<X509Certificate2> Others { get; private set; } = [];

    /// <summary>Finds a certificate with a private key.</summary>
    /// <exception cref="ArgumentException">The search does not accept text.</exception>
    /// <exception cref="CertificateException">The store cannot be opened, or contains no matching certificate with a private key.</exception>
    public static StoreCertificates Find(X509FindType findType, string value, StoreName store, StoreLocation location)
    {
        var found = new StoreCertificates();
        try
        {
            found.Search(findType, value, store, location);
            return found;
        }
        catch
        {
            found.Dispose();
            throw;
        }
    }

    /// <summary>Releases the certificates.</summary>
    public void Dispose() => _all.ForEach(certificate => certificate.Dispose());

    private void Search(X509FindType findType, string value, StoreName store, StoreLocation location)
    {
        var certificates = Read(store, location);
        var matching = Filter(certificates, findType, value);
        var now = TimeProvider.System.GetUtcNow();
        Certificate = matching.Where(certificate => certificate.HasPrivateKey)
            .OrderBy(certificate => !IdentityChain.IsValid(certificate, now))
            .ThenByDescending(certificate => certificate.NotAfter)
            .FirstOrDefault() ?? throw Missing(matching.Count == 0
                ? $"The store '{location}/{store}' contains no certificate with {findType} = '{value}'. Import the certificate and its private key."
                : $"The store '{location}/{store}' contains the certificate, but not its private key. Import both, for example from a PKCS #12 file.");

        // A store contains certificates of other identities too, which are not part of this identity.
        List<X509Certificate2> authorities = [.. certificates.Where(IdentityChain.IsAuthority)];
        if (store != StoreName.CertificateAuthority && TryRead(StoreName.CertificateAuthority, location) is { } intermediates)
            authorities.AddRange(intermediates);
        Others = IdentityChain.Create(Certificate, authorities, now).Intermediates;
    }

    private List<X509Certificate2> Read(StoreName name, StoreLocation location)
    {
        try
        {
            using var store = new X509Store(name, location, OpenFlags.ReadOnly);
            List<X509Certificate2> certificates = [.. store.Certificates];
            _all.AddRange(certificates);
            return certificates;
        }
        catch (CryptographicException exception)
        {
            throw Missing($"The store '{location}/{name}' cannot be opened: {exception.Message}", exception);
        }
        catch (PlatformNotSupportedException exception)
        {
            throw Missing($"The store '{location}/{name}' does not exist on this operating system. Load the identity from a file.", exception);
        }
    }

    private List<X509Certificate2>? TryRead(StoreName name, StoreLocation location)
    {
        try
        {
            return Read(name, location);
        }
        catch (CertificateException)
        {
            // Without this store, the identity has no intermediate certificates, and a warning says so.
            return null;
        }
    }

    private List<X509Certificate2> Filter(List<X509Certificate2> certificates, X509FindType findType, string value)
    {
        try
        {
            List<X509Certificate2> matching = [.. new X509Certificate2Collection(certificates.ToArray()).Find(findType, value, validOnly: false)];
            _all.AddRange(matching);
            return matching;
        }
        catch (CryptographicException exception)
        {
            throw new ArgumentException($"'{value}' is not a valid value for {findType}. Use FindByThumbprint or FindBySubjectName.", nameof(value), exception);
        }
    }

    private static CertificateException Missing(string message, Exception? cause = null) => new(new(CertificateErrorKind.KeyMissing, message), cause);
}
