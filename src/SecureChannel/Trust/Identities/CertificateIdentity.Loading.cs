using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <content>
/// Loading from text, data, files and stores. The certificates may be in any order: the endpoint's own is the one that the private key belongs to.
/// </content>
public sealed partial class CertificateIdentity
{
    /// <summary>Loads an identity from PEM text (RFC 7468).</summary>
    /// <param name="certificates">The endpoint's certificate and the intermediate certificates, in any order.</param>
    /// <param name="key">The unencrypted private key in PKCS #8, PKCS #1 or SEC 1. Of several keys, the one of the endpoint's certificate is used.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="CertificateException">A text cannot be read, the key does not belong to a certificate, or no peer accepts the certificate.</exception>
    public static CertificateIdentity FromPem(ReadOnlySpan<char> certificates, ReadOnlySpan<char> key) => FromPem(certificates, key, null);

    /// <summary>Loads an identity from PEM files (RFC 7468).</summary>
    /// <param name="certificatesPath">The path of the file with the endpoint's certificate and the intermediate certificates, in any order.</param>
    /// <param name="keyPath">The path of the file with the unencrypted private key, or null if the first file contains it.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="ArgumentException">A path is empty.</exception>
    /// <exception cref="CertificateException">A file is malformed, the key does not belong to a certificate, or no peer accepts the certificate.</exception>
    public static CertificateIdentity FromPemFile(string certificatesPath, string? keyPath = null) => FromPemFile(certificatesPath, keyPath, null);

    /// <summary>Loads an identity from PEM text with an encrypted private key (RFC 7468).</summary>
    /// <param name="certificates">The endpoint's certificate and the intermediate certificates, in any order.</param>
    /// <param name="key">The private key in encrypted PKCS #8. Of several keys, the one of the endpoint's certificate is used.</param>
    /// <param name="password">The password.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="CertificateException">
    /// A text cannot be read, the password is wrong, the key does not belong to a certificate, or no peer accepts the certificate.
    /// </exception>
    public static CertificateIdentity FromEncryptedPem(ReadOnlySpan<char> certificates, ReadOnlySpan<char> key, ReadOnlySpan<char> password)
    {
        using var copy = new Password(password);
        return FromPem(certificates, key, copy.Value);
    }

    /// <summary>Loads an identity from PEM files with an encrypted private key (RFC 7468).</summary>
    /// <param name="certificatesPath">The path of the file with the endpoint's certificate and the intermediate certificates, in any order.</param>
    /// <param name="keyPath">The path of the file with the private key in encrypted PKCS #8, or null if the first file contains it.</param>
    /// <param name="password">The password.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="ArgumentException">A path is empty.</exception>
    /// <exception cref="CertificateException">
    /// A file is malformed, the password is wrong, the key does not belong to a certificate, or no peer accepts the certificate.
    /// </exception>
    public static CertificateIdentity FromEncryptedPemFile(string certificatesPath, string? keyPath, ReadOnlySpan<char> password)
    {
        using var copy = new Password(password);
        return FromPemFile(certificatesPath, keyPath, copy.Value);
    }

    /// <summary>Loads an identity from PKCS #12 data (RFC 7292), with an RSA, RSASSA-PSS, ECDSA or Ed25519 key.</summary>
    /// <param name="data">The data: the private key, the endpoint's certificate and the intermediate certificates, in any order.</param>
    /// <param name="password">The password, or an empty value if the data has none.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="CertificateException">
    /// The data cannot be read, the password is wrong, the data contains no key of a certificate, or no peer accepts the certificate.
    /// </exception>
    public static CertificateIdentity FromPkcs12(ReadOnlySpan<byte> data, ReadOnlySpan<char> password)
    {
        using var copy = new Password(password);
        using var reader = Pkcs12Reader.Read(data, copy.Value);
        if (reader.Keys.Count > 0 && reader.Certificates.Count > 0)
            return Load(reader.Certificates, reader.Keys, null);

        reader.Certificates.ForEach(certificate => certificate.Dispose());
        throw new CertificateException(reader.Keys.Count > 0
            ? new(CertificateErrorKind.Malformed, "The PKCS #12 data contains no certificate. Export the private key together with its certificate.")
            : new(CertificateErrorKind.KeyMissing, "The PKCS #12 data contains no private key. Export the certificate together with its key."));
    }

    /// <summary>Loads an identity from a PKCS #12 file (RFC 7292), with an RSA, RSASSA-PSS, ECDSA or Ed25519 key.</summary>
    /// <param name="path">The path of the file with the private key, the endpoint's certificate and the intermediate certificates, in any order.</param>
    /// <param name="password">The password, or an empty value if the file has none.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="CertificateException">
    /// The file is malformed, the password is wrong, the file contains no key of a certificate, or no peer accepts the certificate.
    /// </exception>
    public static CertificateIdentity FromPkcs12File(string path, ReadOnlySpan<char> password) => FromPkcs12(IdentityFiles.ReadBytes(path), password);

    /// <summary>Loads an identity from DER.</summary>
    /// <param name="certificates">The endpoint's certificate and the intermediate certificates, in any order.</param>
    /// <param name="privateKeyInfo">The unencrypted private key: PKCS #8 (RFC 5958). PKCS #1 and SEC 1 are accepted too.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="ArgumentException">There is no certificate.</exception>
    /// <exception cref="CertificateException">An encoding is malformed, the key does not belong to a certificate, or no peer accepts the certificate.</exception>
    public static CertificateIdentity FromDer(IEnumerable<ReadOnlyMemory<byte>> certificates, ReadOnlySpan<byte> privateKeyInfo)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        List<X509Certificate2> decoded = [];
        try
        {
            foreach (var der in certificates)
                decoded.Add(PemCertificates.Decode(der.Span, $"Certificate {decoded.Count + 1}"));
            if (decoded.Count == 0)
                throw new ArgumentException("At least one certificate is required. Pass the certificate of the endpoint.", nameof(certificates));
            using var key = EncodedPrivateKey.FromDer(privateKeyInfo);
            return Load(decoded, [key], null);
        }
        finally
        {
            decoded.ForEach(certificate => certificate.Dispose());
        }
    }

    /// <summary>
    /// Loads an identity from a certificate store of the platform. Of several certificates that match, the valid one that expires last is used. Intermediate
    /// certificates are searched in the stores <see cref="StoreName.CertificateAuthority"/> and <paramref name="store"/> of the same location.
    /// </summary>
    /// <param name="findType">The kind of search, such as <see cref="X509FindType.FindByThumbprint"/>.</param>
    /// <param name="value">The value to search for.</param>
    /// <param name="store">The store.</param>
    /// <param name="location">The location of the store.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="ArgumentException">The value is empty, or <paramref name="findType"/> does not search for text.</exception>
    /// <exception cref="CertificateException">
    /// The store cannot be opened, it contains no matching certificate with a private key, or no peer accepts the certificate.
    /// </exception>
    public static CertificateIdentity FromStore(
        X509FindType findType, string value, StoreName store = StoreName.My, StoreLocation location = StoreLocation.CurrentUser)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        using var material = StoreCertificates.Find(findType, value, store, location);
        return new(material.Certificate, material.Others);
    }

    /// <summary>Loads an identity from PEM files and reloads it when they change.</summary>
    /// <param name="certificatesPath">The path of the file with the endpoint's certificate and the intermediate certificates, in any order.</param>
    /// <param name="keyPath">The path of the file with the unencrypted private key. It may be the same file.</param>
    /// <param name="reloadFailed">
    /// The callback that receives each problem of changed files once, on a thread-pool thread, or null. The old identity remains. Exceptions of the callback
    /// are
    /// ignored.
    /// </param>
    /// <returns>The watcher, which holds the loaded identity. Dispose it after the listeners and sessions that use it.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="ArgumentException">A path is empty.</exception>
    /// <exception cref="CertificateException">A file is malformed, the key does not belong to a certificate, or no peer accepts the certificate.</exception>
    public static CertificateWatcher Watch(string certificatesPath, string keyPath, Action<CertificateError>? reloadFailed = null) =>
        new(certificatesPath, keyPath, reloadFailed, TimeProvider.System);

    private static CertificateIdentity FromPem(ReadOnlySpan<char> certificates, ReadOnlySpan<char> key, char[]? password)
    {
        var decoded = PemCertificates.Read(certificates);
        List<EncodedPrivateKey> keys = [];
        try
        {
            keys = PemPrivateKeys.Read(key, password, out var unusable);
            return Load(decoded, keys, unusable);
        }
        finally
        {
            decoded.ForEach(certificate => certificate.Dispose());
            keys.ForEach(item => item.Dispose());
        }
    }

    private static CertificateIdentity FromPemFile(string certificatesPath, string? keyPath, char[]? password)
    {
        var certificates = IdentityFiles.ReadBytes(certificatesPath);
        var key = keyPath is null ? certificates : IdentityFiles.ReadBytes(keyPath);
        try
        {
            return FromPemContent(certificatesPath, certificates, keyPath ?? certificatesPath, key, password);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(certificates);
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Loads an identity from the content of two PEM files.</summary>
    internal static CertificateIdentity FromPemContent(string certificatesPath, byte[] certificates, string keyPath, byte[] key, char[]? password)
    {
        var decoded = IdentityFiles.Read(certificatesPath, certificates, text => PemCertificates.Read(text));
        List<EncodedPrivateKey> keys = [];
        CertificateException? unusable = null;
        try
        {
            keys = IdentityFiles.Read(keyPath, key, text => PemPrivateKeys.Read(text, password, out unusable));
            return Load(decoded, keys, unusable is null ? null : IdentityFiles.AddPath(keyPath, unusable));
        }
        finally
        {
            decoded.ForEach(certificate => certificate.Dispose());
            keys.ForEach(item => item.Dispose());
        }
    }

    private static CertificateIdentity Load(List<X509Certificate2> certificates, List<EncodedPrivateKey> keys, CertificateException? unusable)
    {
        try
        {
            return LoadCore(certificates, keys, unusable);
        }
        catch (Exception exception) when (IdentityChecks.IsMalformedField(exception))
        {
            throw CreateMalformedException(exception);
        }
    }

    private static CertificateIdentity LoadCore(List<X509Certificate2> certificates, List<EncodedPrivateKey> keys, CertificateException? unusable)
    {
        var leaf = IdentityChain.FindLeaf(certificates, keys, TimeProvider.System.GetUtcNow())
            ?? throw unusable ?? new CertificateException(CreateNoKeyError(certificates, keys));
        if (IdentityChecks.CheckLeaf(leaf) is { } problem)
            throw new CertificateException(problem);
        var fitting = keys.Where(key => key.Fits(leaf)).ToList();
        var identity = new CertificateIdentity(
            PlatformCertificates.Combine(leaf, fitting[0]), certificates, certificate => IdentityKey.FromEncoded(certificate, fitting), CreateUnwrapper);

        // A damaged key is found when it is loaded. The provider of the session checks a key that the platform does not support.
        if (identity._key is null
            || identity.TryGetSigner(CryptographyProvider.Platform, out _, out var error)
            || error.Kind == CertificateErrorKind.UnsupportedKey)
            return identity;
        identity.Dispose();
        throw new CertificateException(error);
    }

    private static CertificateError CreateNoKeyError(List<X509Certificate2> certificates, List<EncodedPrivateKey> keys) => certificates.Count == 1
        ? IdentityKey.CreateMismatchError(certificates[0])
        : new(CertificateErrorKind.KeyMismatch,
            $"None of the {certificates.Count} certificates matches {(keys.Count == 1 ? "the private key" : $"one of the {keys.Count} private keys")}. "
            + "Use the private key of the endpoint's certificate.");

    /// <summary>A copy of a password, which is wiped when it is disposed.</summary>
    private readonly struct Password : IDisposable
    {
        public Password(ReadOnlySpan<char> password)
        {
            Value = GC.AllocateArray<char>(password.Length, pinned: true);
            password.CopyTo(Value);
        }

        public char[] Value { get; }

        public void Dispose() => Array.Clear(Value);
    }
}
