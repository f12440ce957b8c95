using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>The identity of a server: its certificate, its private key and the intermediate certificates that it sends. Thread-safe.</summary>
public sealed class CertificateIdentity : IDisposable
{
    private readonly ConcurrentDictionary<CertificatePurpose, string> _unsupported = new();
    private readonly X509Certificate2[] _intermediates;

    /// <summary>Creates an identity from a certificate with its private key.</summary>
    /// <param name="certificate">The certificate with its private key. It is copied.</param>
    /// <param name="intermediates">The intermediate certificates to send; null or empty if the root issued the certificate.</param>
    /// <exception cref="ArgumentException">The certificate has no private key.</exception>
    /// <exception cref="CryptographicException">The private key does not belong to the certificate, or cannot decrypt.</exception>
    public CertificateIdentity(X509Certificate2 certificate, X509Certificate2Collection? intermediates = null)
        : this(certificate, intermediates, null)
    {
        if (!certificate.HasPrivateKey)
        {
            Dispose();
            throw new ArgumentException($"{CertificateText.Of(certificate)} has no private key. "
                + "Provide the key as PEM, use a PKCS #12 file that contains both, or pass a Signer or a KeyUnwrapper.",
                nameof(certificate));
        }

        if (Supports(CertificatePurpose.KeyTransportServer, out _))
            KeyUnwrapper = KeyUnwrapper.FromRsa(certificate.GetRSAPrivateKey()!);
        else if (Supports(CertificatePurpose.TlsServer, out _) && SigningKey.FromCertificate(certificate) is { } key)
            Signer = Signer.FromKey(key);
    }

    /// <summary>Creates an identity for <see cref="CertificatePurpose.KeyTransportServer"/> with a private key that is stored elsewhere.</summary>
    /// <param name="certificate">The certificate. It is copied.</param>
    /// <param name="keyUnwrapper">The unwrapper that uses the private key. The identity owns and disposes it.</param>
    /// <param name="intermediates">The intermediate certificates to send; null or empty if the root issued the certificate.</param>
    /// <exception cref="ArgumentException">The certificate does not allow <see cref="CertificatePurpose.KeyTransportServer"/>.</exception>
    public CertificateIdentity(X509Certificate2 certificate, KeyUnwrapper keyUnwrapper, X509Certificate2Collection? intermediates = null)
        : this(certificate, intermediates, keyUnwrapper)
    {
        ArgumentNullException.ThrowIfNull(keyUnwrapper);
        if (!Supports(CertificatePurpose.KeyTransportServer, out var reason))
            throw new ArgumentException(reason, nameof(certificate));
    }

    /// <summary>Creates an identity for <see cref="CertificatePurpose.TlsServer"/> with a private key that is stored elsewhere.</summary>
    /// <param name="certificate">The certificate. It is copied.</param>
    /// <param name="signer">The signer that uses the private key. The identity owns and disposes it.</param>
    /// <param name="intermediates">The intermediate certificates to send; null or empty if the root issued the certificate.</param>
    /// <exception cref="ArgumentException">The certificate does not allow <see cref="CertificatePurpose.TlsServer"/>.</exception>
    public CertificateIdentity(X509Certificate2 certificate, Signer signer, X509Certificate2Collection? intermediates = null)
        : this(certificate, intermediates, null)
    {
        ArgumentNullException.ThrowIfNull(signer);
        Signer = signer;
        if (!Supports(CertificatePurpose.TlsServer, out var reason))
            throw new ArgumentException(reason, nameof(certificate));
    }

    private CertificateIdentity(X509Certificate2 certificate, X509Certificate2Collection? intermediates, KeyUnwrapper? keyUnwrapper)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        Certificate = new X509Certificate2(certificate);
        _intermediates = [.. (intermediates ?? []).Select(intermediate => X509CertificateLoader.LoadCertificate(intermediate.RawData))];
        Chain = [Certificate.RawDataMemory, .. _intermediates.Select(intermediate => intermediate.RawDataMemory)];
        KeyUnwrapper = keyUnwrapper;
    }

    /// <summary>Gets the server's certificate, with its private key if the key is in memory.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Gets the certificates to send, in DER: the server's own first, then the intermediate certificates.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Chain { get; }

    /// <summary>Gets the intermediate certificates.</summary>
    public IReadOnlyList<X509Certificate2> Intermediates => _intermediates;

    /// <summary>
    /// Gets the unwrapper, which decrypts session keys, or null if the certificate does not allow <see cref="CertificatePurpose.KeyTransportServer"/>.
    /// </summary>
    public KeyUnwrapper? KeyUnwrapper { get; }

    /// <summary>Gets the signer, which signs handshakes, or null if the certificate does not allow <see cref="CertificatePurpose.TlsServer"/>.</summary>
    public Signer? Signer { get; }

    /// <summary>Reads an identity from PEM text (RFC 7468).</summary>
    /// <param name="certificates">The server's certificate, followed by the intermediate certificates.</param>
    /// <param name="key">The unencrypted private key in PKCS #8, PKCS #1 or SEC 1.</param>
    /// <param name="cryptography">
    /// The provider for Ed25519 and RSASSA-PSS keys, which .NET cannot combine with a certificate; null for <see cref="CryptographyProvider.Platform"/>.
    /// </param>
    /// <returns>The identity.</returns>
    /// <exception cref="CryptographicException">The text contains no certificate or no key, or the key does not belong to the certificate.</exception>
    /// <exception cref="ArgumentException">The key type is not supported, or the key does not belong to the certificate.</exception>
    public static CertificateIdentity FromPem(ReadOnlySpan<char> certificates, ReadOnlySpan<char> key, CryptographyProvider? cryptography = null)
    {
        var intermediates = new X509Certificate2Collection();
        intermediates.ImportFromPem(certificates);
        if (intermediates.Count > 0)
        {
            intermediates[0].Dispose();
            intermediates.RemoveAt(0);
        }

        using var alone = X509Certificate2.CreateFromPem(certificates);
        if (alone.PublicKey.Oid.Value is EncodedKey.RsaSsaPss or EncodedKey.Ed25519)
            return Create(alone, PemSigner.Read(alone, key, cryptography ?? CryptographyProvider.Platform), intermediates);
        using var certificate = X509Certificate2.CreateFromPem(certificates, key);
        return Create(certificate, null, intermediates);
    }

    /// <summary>Reads an identity from PEM files (RFC 7468).</summary>
    /// <param name="certificatesPath">The path of the file with the server's certificate, followed by the intermediate certificates.</param>
    /// <param name="keyPath">The path of the file with the unencrypted private key.</param>
    /// <param name="cryptography">
    /// The provider for Ed25519 and RSASSA-PSS keys, which .NET cannot combine with a certificate; null for <see cref="CryptographyProvider.Platform"/>.
    /// </param>
    /// <returns>The identity.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="CryptographicException">The files contain no certificate or no key, or the key does not belong to the certificate.</exception>
    /// <exception cref="ArgumentException">The key type is not supported, or the key does not belong to the certificate.</exception>
    public static CertificateIdentity FromPemFile(string certificatesPath, string keyPath, CryptographyProvider? cryptography = null) =>
        FromPem(File.ReadAllText(certificatesPath), File.ReadAllText(keyPath), cryptography);

    /// <summary>Reads an identity from PKCS #12 data (RFC 7292).</summary>
    /// <param name="data">The data: one certificate with its private key, and the intermediate certificates.</param>
    /// <param name="password">The password, or an empty value if the data is not encrypted.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="ArgumentException">The data contains no certificate with a private key.</exception>
    /// <exception cref="CryptographicException">The data is malformed, or the password is wrong.</exception>
    public static CertificateIdentity FromPkcs12(ReadOnlySpan<byte> data, ReadOnlySpan<char> password)
    {
        var all = X509CertificateLoader.LoadPkcs12Collection(data, password);
        var certificate = all.FirstOrDefault(candidate => candidate.HasPrivateKey)
            ?? throw new ArgumentException(
                "The PKCS #12 data contains no certificate with a private key. Export the certificate together with its key.", nameof(data));
        all.Remove(certificate);
        using (certificate)
            return Create(certificate, null, [.. all.Where(other => !CertificateChecks.IsSelfIssued(other))]);
    }

    /// <summary>Reads an identity from a PKCS #12 file (RFC 7292).</summary>
    /// <param name="path">The path of the file with one certificate with its private key, and the intermediate certificates.</param>
    /// <param name="password">The password, or an empty value if the file is not encrypted.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ArgumentException">The data contains no certificate with a private key.</exception>
    /// <exception cref="CryptographicException">The file is malformed, or the password is wrong.</exception>
    public static CertificateIdentity FromPkcs12File(string path, ReadOnlySpan<char> password) => FromPkcs12(File.ReadAllBytes(path), password);

    /// <summary>
    /// Checks whether the certificate allows a purpose: its key usage, extended key usage and strength. The certification path is not checked.
    /// </summary>
    /// <param name="purpose">The purpose.</param>
    /// <param name="reason">The reason why the certificate does not allow the purpose, or null if it does.</param>
    /// <returns>True if the certificate allows the purpose; otherwise, false.</returns>
    public bool Supports(CertificatePurpose purpose, [NotNullWhen(false)] out string? reason)
    {
        // A certificate never changes, so it is checked once instead of in each handshake.
        reason = _unsupported.GetOrAdd(
            purpose, static (purpose, certificate) => CertificateChecks.CheckEndEntity(certificate, purpose)?.Message ?? "", Certificate);
        if (reason.Length == 0)
            reason = null;
        return reason is null;
    }

    /// <summary>Returns a description that names the subject of the certificate and contains no key.</summary>
    public override string ToString() => CertificateText.Of(Certificate);

    /// <summary>Releases the private key. Established sessions are not affected.</summary>
    public void Dispose()
    {
        KeyUnwrapper?.Dispose();
        Signer?.Dispose();
        Certificate.Dispose();
        foreach (var intermediate in _intermediates)
            intermediate.Dispose();
    }

    private static CertificateIdentity Create(X509Certificate2 certificate, Signer? signer, X509Certificate2Collection intermediates)
    {
        try
        {
            return signer is null ? new(certificate, intermediates) : new(certificate, signer, intermediates);
        }
        finally
        {
            foreach (var intermediate in intermediates)
                intermediate.Dispose();
        }
    }
}
