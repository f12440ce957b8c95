using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>Who a server is: its certificate, its private key, and the intermediate certificates that it sends along. Safe for use by several threads at
/// once.</summary>
public sealed class CertificateIdentity : IDisposable
{
    private readonly ConcurrentDictionary<CertificatePurpose, string> _refusals = new();
    private readonly X509Certificate2[] _intermediates;

    /// <summary>An identity whose private key the certificate holds.</summary>
    /// <param name="certificate">The certificate with its private key. It is copied.</param>
    /// <param name="intermediates">The authorities between it and the root, to be sent along; null or empty where the root issued it.</param>
    /// <exception cref="ArgumentException">The certificate has no private key.</exception>
    /// <exception cref="CryptographicException">The private key does not fit, or does not decrypt.</exception>
    public CertificateIdentity(X509Certificate2 certificate, X509Certificate2Collection? intermediates = null)
        : this(certificate, intermediates, null)
    {
        if (!certificate.HasPrivateKey)
        {
            Dispose();
            throw new ArgumentException($"{CertificateText.Of(certificate)} has no private key: "
                + "give the key's PEM or a PKCS #12 file that holds both, or a KeyUnwrapper.",
                nameof(certificate));
        }

        if (Supports(CertificatePurpose.KeyTransportServer, out _))
            KeyUnwrapper = KeyUnwrapper.FromRsa(certificate.GetRSAPrivateKey()!);
        else if (Supports(CertificatePurpose.TlsServer, out _) && SigningKey.FromCertificate(certificate) is { } key)
            Signer = Signer.FromKey(key);
    }

    /// <summary>An identity for <see cref="CertificatePurpose.KeyTransportServer"/> whose private key lies elsewhere.</summary>
    /// <param name="certificate">The certificate. It is copied.</param>
    /// <param name="keyUnwrapper">Uses the private key. It is taken over and disposed.</param>
    /// <param name="intermediates">The authorities between the certificate and the root, to be sent along; null or empty where the root issued it.</param>
    /// <exception cref="ArgumentException">The certificate is not for <see cref="CertificatePurpose.KeyTransportServer"/>.</exception>
    public CertificateIdentity(X509Certificate2 certificate, KeyUnwrapper keyUnwrapper, X509Certificate2Collection? intermediates = null)
        : this(certificate, intermediates, keyUnwrapper)
    {
        ArgumentNullException.ThrowIfNull(keyUnwrapper);
        if (!Supports(CertificatePurpose.KeyTransportServer, out var reason))
            throw new ArgumentException(reason, nameof(certificate));
    }

    /// <summary>An identity for <see cref="CertificatePurpose.TlsServer"/> whose private key lies elsewhere.</summary>
    /// <param name="certificate">The certificate. It is copied.</param>
    /// <param name="signer">Uses the private key. It is taken over and disposed.</param>
    /// <param name="intermediates">The authorities between the certificate and the root, to be sent along; null or empty where the root issued it.</param>
    /// <exception cref="ArgumentException">The certificate is not for <see cref="CertificatePurpose.TlsServer"/>.</exception>
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

    /// <summary>The server's certificate, with its private key where that is in memory.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The certificates to send, in DER: the server's own first.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Chain { get; }

    /// <summary>The intermediate certificates.</summary>
    public IReadOnlyList<X509Certificate2> Intermediates => _intermediates;

    /// <summary>Unwraps session keys; null where the certificate is not for <see cref="CertificatePurpose.KeyTransportServer"/>.</summary>
    public KeyUnwrapper? KeyUnwrapper { get; }

    /// <summary>Signs handshakes; null where the certificate is not for <see cref="CertificatePurpose.TlsServer"/>.</summary>
    public Signer? Signer { get; }

    /// <summary>Reads an identity from PEM text (RFC 7468).</summary>
    /// <param name="certificates">The server's certificate, and after it the intermediates.</param>
    /// <param name="key">The private key: PKCS #8, PKCS #1 or SEC 1, not encrypted.</param>
    /// <param name="cryptography">What signs with a key that the platform does not take, such as Ed25519 or RSASSA-PSS; the platform's cryptography if null.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="CryptographicException">The text holds no certificate or no key, or the two do not belong together.</exception>
    /// <exception cref="ArgumentException">The certificate's key is of a kind that is not supported.</exception>
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
    /// <param name="certificatesPath">The file with the server's certificate, and after it the intermediates.</param>
    /// <param name="keyPath">The file with the private key, not encrypted.</param>
    /// <param name="cryptography">What signs with a key that the platform does not take, such as Ed25519 or RSASSA-PSS; the platform's cryptography if null.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="CryptographicException">The files hold no certificate or no key, or the two do not belong together.</exception>
    /// <exception cref="ArgumentException">The certificate's key is of a kind that is not supported.</exception>
    public static CertificateIdentity FromPemFile(string certificatesPath, string keyPath, CryptographyProvider? cryptography = null) =>
        FromPem(File.ReadAllText(certificatesPath), File.ReadAllText(keyPath), cryptography);

    /// <summary>Reads an identity from PKCS #12 (RFC 7292).</summary>
    /// <param name="data">The bytes: one certificate with a private key, and the intermediates.</param>
    /// <param name="password">The password; empty for none.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="ArgumentException">There is no certificate with a private key.</exception>
    /// <exception cref="CryptographicException">The bytes cannot be read, or the password is wrong.</exception>
    public static CertificateIdentity FromPkcs12(ReadOnlySpan<byte> data, ReadOnlySpan<char> password)
    {
        var all = X509CertificateLoader.LoadPkcs12Collection(data, password);
        var certificate = all.FirstOrDefault(candidate => candidate.HasPrivateKey)
            ?? throw new ArgumentException("The PKCS #12 data holds no certificate with a private key.", nameof(data));
        all.Remove(certificate);
        using (certificate)
            return Create(certificate, null, [.. all.Where(other => !CertificateChecks.IsSelfIssued(other))]);
    }

    /// <summary>Reads an identity from a PKCS #12 file (RFC 7292).</summary>
    /// <param name="path">The file: one certificate with a private key, and the intermediates.</param>
    /// <param name="password">The password; empty for none.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ArgumentException">There is no certificate with a private key.</exception>
    /// <exception cref="CryptographicException">The file's bytes cannot be read, or the password is wrong.</exception>
    public static CertificateIdentity FromPkcs12File(string path, ReadOnlySpan<char> password) => FromPkcs12(File.ReadAllBytes(path), password);

    /// <summary>Whether clients will accept the certificate for a purpose, as far as its own fields tell.</summary>
    /// <param name="purpose">The purpose.</param>
    /// <param name="reason">Why not.</param>
    /// <returns>Whether key usage, extended key usage and strength fit.</returns>
    public bool Supports(CertificatePurpose purpose, [NotNullWhen(false)] out string? reason)
    {
        // A certificate does not change: it is looked at once, and not for each handshake.
        reason = _refusals.GetOrAdd(purpose, static (purpose, certificate) => CertificateChecks.Leaf(certificate, purpose)?.Message ?? "", Certificate);
        if (reason.Length == 0)
            reason = null;
        return reason is null;
    }

    /// <summary>The subject, never the key.</summary>
    public override string ToString() => CertificateText.Of(Certificate);

    /// <summary>Lets go of the private key. Sessions that are established go on.</summary>
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
