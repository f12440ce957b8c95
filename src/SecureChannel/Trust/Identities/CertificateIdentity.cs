using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>
/// An identity with a certificate: the certificate, its private key and the intermediate certificates that the endpoint sends. Thread-safe.
/// </summary>
/// <remarks>
/// Problems because of which no peer accepts the identity are errors when it is loaded, such as a short key. Problems that depend on the peer or the time are
/// <see cref="Warnings"/>, such as a missing intermediate certificate.
/// </remarks>
public sealed partial class CertificateIdentity : IdentitySource
{
    // RFC 9846 section 4.5.1: the extensions of a certificate have at most 65,535 bytes.
    private const int MaxOcspResponseLength = 0xFFFF - 8;

    private readonly ConcurrentDictionary<CertificatePurpose, CertificateError?> _unsupported = new();
    private readonly X509Certificate2[] _intermediates;
    private readonly IdentityKey? _key;
    private readonly Lazy<X509Certificate2> _platformCertificate;

    /// <summary>Creates an identity from a certificate with its private key.</summary>
    /// <param name="certificate">The certificate with its private key. It is copied.</param>
    /// <param name="intermediates">The intermediate certificates, in any order; null or empty if a root issued the certificate.</param>
    /// <exception cref="CertificateException">
    /// The certificate has no private key or an unsupported one, the key does not belong to it, or no peer accepts the certificate.
    /// </exception>
    public CertificateIdentity(X509Certificate2 certificate, IEnumerable<X509Certificate2>? intermediates = null)
        : this(Copy(certificate), intermediates ?? [], CreateKey, CreateUnwrapper)
    {
    }

    /// <summary>Creates an identity for <see cref="CertificatePurpose.KeyTransportServer"/> with a private key that is stored elsewhere.</summary>
    /// <param name="certificate">The certificate. It is copied.</param>
    /// <param name="keyUnwrapper">The unwrapper that uses the private key. The identity owns and disposes it.</param>
    /// <param name="intermediates">The intermediate certificates, in any order; null or empty if a root issued the certificate.</param>
    /// <exception cref="CertificateException">The certificate does not allow <see cref="CertificatePurpose.KeyTransportServer"/>.</exception>
    public CertificateIdentity(X509Certificate2 certificate, KeyUnwrapper keyUnwrapper, IEnumerable<X509Certificate2>? intermediates = null)
        : this(CopyFor(certificate, keyUnwrapper), intermediates ?? [], _ => null, _ => keyUnwrapper)
    {
        if (!Supports(CertificatePurpose.KeyTransportServer, out var error))
            throw new CertificateException(error);
    }

    /// <summary>Creates an identity for TLS with a private key that is stored elsewhere.</summary>
    /// <param name="certificate">The certificate. It is copied.</param>
    /// <param name="signer">The signer that uses the private key. The identity owns and disposes it.</param>
    /// <param name="intermediates">The intermediate certificates, in any order; null or empty if a root issued the certificate.</param>
    /// <exception cref="CertificateException">The certificate does not allow signatures in TLS.</exception>
    public CertificateIdentity(X509Certificate2 certificate, Signer signer, IEnumerable<X509Certificate2>? intermediates = null)
        : this(CopyFor(certificate, signer), intermediates ?? [], copy => IdentityKey.FromSigner(copy, signer), _ => null)
    {
        if (Supports(CertificatePurpose.KeyTransportServer, out _))
            throw new CertificateException(IdentityChecks.CheckPurpose(Certificate, CertificatePurpose.TlsServer)!);
    }

    private CertificateIdentity(
        X509Certificate2 certificate,
        IEnumerable<X509Certificate2> others,
        Func<X509Certificate2, IdentityKey?> createKey,
        Func<X509Certificate2, KeyUnwrapper?> createUnwrapper)
    {
        Certificate = certificate;
        _intermediates = [];
        _platformCertificate = new(() => PlatformCertificates.Prepare(Certificate));
        try
        {
            var now = TimeProvider.System.GetUtcNow();
            if (IdentityChecks.CheckLeaf(certificate) is { } error)
                throw new CertificateException(error);
            var chain = IdentityChain.Create(certificate, others, now);
            _intermediates = [.. chain.Intermediates.Select(intermediate => X509CertificateLoader.LoadCertificate(intermediate.RawData))];
            Chain = [certificate.RawDataMemory, .. _intermediates.Select(intermediate => intermediate.RawDataMemory)];
            Warnings = [.. IdentityChecks.FindWarnings(certificate, chain, now)];
            if (Supports(CertificatePurpose.KeyTransportServer, out _))
                KeyUnwrapper = createUnwrapper(certificate);
            _key = KeyUnwrapper is null ? createKey(certificate) : null;
        }
        catch (Exception exception) when (IdentityChecks.IsMalformedField(exception))
        {
            Dispose();
            throw CreateMalformedException(exception);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Gets the certificate of the endpoint, with its private key if the key is in memory and the platform supports its type.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>
    /// Gets the certificates to send, in DER: the endpoint's own first, then the intermediate certificates in the order of the path, without roots.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Chain { get; } = [];

    /// <summary>Gets the intermediate certificates, in the order of the path.</summary>
    public IReadOnlyList<X509Certificate2> Intermediates => _intermediates;

    /// <summary>
    /// Gets the problems that may prevent peers from accepting the identity: an expired certificate, a missing or unused intermediate certificate, a weak
    /// intermediate certificate, or missing names.
    /// </summary>
    public IReadOnlyList<CertificateError> Warnings { get; } = [];

    /// <summary>
    /// Gets the unwrapper, which decrypts session keys, or null if the certificate does not allow <see cref="CertificatePurpose.KeyTransportServer"/>.
    /// </summary>
    public KeyUnwrapper? KeyUnwrapper { get; }

    /// <summary>
    /// Gets the OCSP response in DER (RFC 6960 section 4.2) that a server staples to its certificate if the client requests it (RFC 9846 section 4.5.1.1), or an
    /// empty value. Only <see cref="SessionSecurity.Tls13"/> sends it. The value is copied; the maximum is 65,527 bytes.
    /// </summary>
    /// <exception cref="ArgumentException">The value is too long.</exception>
    public ReadOnlyMemory<byte> OcspResponse
    {
        get;
        init => field = value.Length <= MaxOcspResponseLength
            ? value.ToArray()
            : throw new ArgumentException($"'{nameof(OcspResponse)}' has {value.Length} bytes, but at most {MaxOcspResponseLength} are allowed.", nameof(value));
    }

    /// <summary>Gets the certificate with its private key in the form that SslStream needs, or null if the platform cannot use the key.</summary>
    internal X509Certificate2? PlatformCertificate => Certificate.HasPrivateKey ? _platformCertificate.Value : null;

    /// <inheritdoc/>
    internal override CertificateIdentity Snapshot => this;

    /// <summary>
    /// Tries to get the signer, which signs handshakes. The provider imports the key at the first call, and the signer is shared: do not dispose it.
    /// </summary>
    /// <param name="cryptography">The provider of the session. Keys that are stored elsewhere do not use it.</param>
    /// <param name="signer">The signer, or null if the key cannot sign with the provider.</param>
    /// <param name="error">The reason why the key cannot sign, or null if it can.</param>
    /// <returns>True if the key can sign with the provider; otherwise, false.</returns>
    /// <exception cref="ObjectDisposedException">The identity was disposed.</exception>
    public bool TryGetSigner(CryptographyProvider cryptography, [NotNullWhen(true)] out Signer? signer, [NotNullWhen(false)] out CertificateError? error)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        if (_key is not null)
            return _key.TryGetSigner(cryptography, out signer, out error);
        (signer, error) = (null, new(CertificateErrorKind.WrongUsage, $"{CertificateText.Of(Certificate)} is for key transport. It cannot sign.")
        {
            Certificate = Certificate.RawDataMemory,
        });
        return false;
    }

    /// <summary>
    /// Checks whether the certificate allows a purpose: its key usage, extended key usage and strength. The certification path is not checked.
    /// </summary>
    /// <param name="purpose">The purpose.</param>
    /// <param name="error">The reason why the certificate does not allow the purpose, or null if it does.</param>
    /// <returns>True if the certificate allows the purpose; otherwise, false.</returns>
    public bool Supports(CertificatePurpose purpose, [NotNullWhen(false)] out CertificateError? error)
    {
        // A certificate never changes, so it is checked once instead of in each handshake.
        error = _unsupported.GetOrAdd(purpose, static (purpose, certificate) => IdentityChecks.CheckPurpose(certificate, purpose), Certificate);
        return error is null;
    }

    /// <summary>Returns a description that names the subject of the certificate and contains no key.</summary>
    public override string ToString() => CertificateText.Of(Certificate);

    /// <summary>Releases the private key. Established sessions are not affected.</summary>
    public override void Dispose()
    {
        KeyUnwrapper?.Dispose();
        _key?.Dispose();
        if (_platformCertificate.IsValueCreated)
            _platformCertificate.Value.Dispose();
        Certificate.Dispose();
        foreach (var intermediate in _intermediates)
            intermediate.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    internal override CertificateError? Check(IdentityUse use)
    {
        if (!Supports(use.Purpose, out var error))
            return error;
        if (use.Purpose == CertificatePurpose.KeyTransportServer)
            return null;
        if (use.Cryptography is not null)
            return TryGetSigner(use.Cryptography, out _, out error) ? null : error;
        return Certificate.HasPrivateKey ? null : new(
            CertificateErrorKind.UnsupportedKey,
            $"{CertificateText.Of(Certificate)} has a private key that SslStream cannot use: it is stored elsewhere, or .NET does not support its type. "
            + "Use 'SessionSecurity.Tls13'.")
        {
            Certificate = Certificate.RawDataMemory,
        };
    }

    // The platform parses a field when it is first read.
    private static CertificateException CreateMalformedException(Exception cause) => new(
        cause is NotSupportedException
            ? new(CertificateErrorKind.UnsupportedKey,
                $"The platform does not support an algorithm of a certificate or key. Use RSA or ECDSA on P-256: {PeerText.Printable(cause.Message)}")
            : new(CertificateErrorKind.Malformed, $"A certificate has a malformed field and must be issued again: {PeerText.Printable(cause.Message)}"), cause);

    private static X509Certificate2 CopyFor(X509Certificate2 certificate, IDisposable key)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(key);
        return X509CertificateLoader.LoadCertificate(certificate.RawData);
    }

    private static X509Certificate2 Copy(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return certificate.HasPrivateKey ? new X509Certificate2(certificate) : throw new CertificateException(new(
            CertificateErrorKind.KeyMissing,
            $"{CertificateText.Of(certificate)} has no private key. Provide the key as PEM, use a PKCS #12 file that contains both, or pass a Signer or a KeyUnwrapper.")
        {
            Certificate = certificate.RawData,
        });
    }

    private static IdentityKey CreateKey(X509Certificate2 certificate) => SigningKey.FromCertificate(certificate) is { } key
        ? IdentityKey.FromSigner(certificate, Signer.FromKey(key))
        : throw new CertificateException(new(
            CertificateErrorKind.UnsupportedKey, $"{CertificateText.Of(certificate)} has a private key that .NET cannot sign with. Load it from PEM or PKCS #12.")
        {
            Certificate = certificate.RawData,
        });

    private static KeyUnwrapper CreateUnwrapper(X509Certificate2 certificate)
    {
        var key = certificate.GetRSAPrivateKey()!;
        try
        {
            return KeyUnwrapper.FromRsa(key);
        }
        catch (CryptographicException exception)
        {
            key.Dispose();
            throw new CertificateException(IdentityKey.CreateMismatchError(certificate), exception);
        }
    }
}
