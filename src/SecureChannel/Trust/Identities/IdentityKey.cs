using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>
/// The signing key of an identity. An encoded key is imported by each provider that a session uses, because only the options of a session select the provider.
/// Thread-safe.
/// </summary>
internal sealed class IdentityKey : IDisposable
{
    private readonly ConcurrentDictionary<CryptographyProvider, (Signer? Signer, CertificateError? Error)> _imported = new();
    private readonly Lock _gate = new();
    private readonly X509Certificate2 _certificate;
    private readonly byte[][] _encoded;
    private readonly Signer? _signer;
    private volatile bool _isDisposed;

    private IdentityKey(X509Certificate2 certificate, byte[][] encoded, Signer? signer) => (_certificate, _encoded, _signer) = (certificate, encoded, signer);

    /// <summary>Wipes the key of an identity that a watcher has replaced, when no handshake uses it any more.</summary>
    ~IdentityKey()
    {
        try
        {
            Wipe();
        }
        catch (Exception)
        {
            // A provider's key may throw, and an exception of a finalizer ends the process.
        }
    }

    /// <summary>Creates a key from encodings, of which one belongs to the certificate. The encodings are copied.</summary>
    public static IdentityKey FromEncoded(X509Certificate2 certificate, IEnumerable<EncodedPrivateKey> keys) =>
        new(certificate, [.. keys.Select(key => key.ToPkcs8(certificate))], null);

    /// <summary>Creates a key from a signer that works with every provider. The key owns the signer.</summary>
    public static IdentityKey FromSigner(X509Certificate2 certificate, Signer signer) => new(certificate, [], signer);

    /// <summary>Tries to get the signer of a provider. The first call of each provider imports the key and checks that it belongs to the certificate.</summary>
    /// <param name="cryptography">The provider.</param>
    /// <param name="signer">The signer, which this key owns, or null if the provider cannot sign.</param>
    /// <param name="error">The reason, or null if the provider can sign.</param>
    /// <returns>True if the provider can sign with the key; otherwise, false.</returns>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public bool TryGetSigner(CryptographyProvider cryptography, [NotNullWhen(true)] out Signer? signer, [NotNullWhen(false)] out CertificateError? error)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        (signer, error) = (_signer, null);
        if (signer is not null)
            return true;
        if (!_imported.TryGetValue(cryptography, out var result))
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                if (!_imported.TryGetValue(cryptography, out result))
                    _imported[cryptography] = result = Import(cryptography);
            }
        }

        (signer, error) = (result.Signer, result.Error!);
        return signer is not null;
    }

    /// <summary>Wipes the key and disposes its signers.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Wipe();
            _signer?.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    private (Signer? Signer, CertificateError? Error) Import(CryptographyProvider cryptography)
    {
        if (!cryptography.TryImportVerificationKey(_certificate, out var publicKey))
            return (null, CreateUnsupportedError(cryptography));

        using (publicKey)
        {
            var isSupported = false;
            foreach (var encoded in _encoded)
            {
                if (!cryptography.TryImportSigningKey(encoded, out var key))
                    continue;
                isSupported = true;
                if (Matches(key, publicKey))
                    return (new ImportedSigner(key, this), null);
                key.Dispose();
            }

            return (null, isSupported ? CreateMismatchError(_certificate) : CreateUnsupportedError(cryptography));
        }
    }

    /// <summary>Creates the error of a private key that belongs to another certificate, or is damaged.</summary>
    public static CertificateError CreateMismatchError(X509Certificate2 certificate) => new(
        CertificateErrorKind.KeyMismatch, $"{CertificateText.Of(certificate)} does not match the private key. Use the private key of this certificate.")
    {
        Certificate = certificate.RawDataMemory,
    };

    private static bool Matches(SigningKey key, VerificationKey publicKey)
    {
        try
        {
            var scheme = key.Schemes.FirstOrDefault(publicKey.Schemes.Contains);
            return scheme != default && publicKey.Verify(scheme, [], key.Sign(scheme, []));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private CertificateError CreateUnsupportedError(CryptographyProvider cryptography) => new(
        CertificateErrorKind.UnsupportedKey,
        $"{CertificateText.Of(_certificate)} has a key that the provider '{cryptography.Name}' cannot sign with. Set 'Cryptography' to a provider that supports "
        + "the key, such as SodiumProvider of the package SecureChannel.Sodium for Ed25519.")
    {
        Certificate = _certificate.RawDataMemory,
    };

    private void Wipe()
    {
        foreach (var encoded in _encoded)
            CryptographicOperations.ZeroMemory(encoded);
        foreach (var (signer, _) in _imported.Values)
            signer?.Dispose();
    }

    /// <summary>A signer that keeps the key alive: a handshake that holds only the signer can still sign after a watcher has replaced the identity.</summary>
    private sealed class ImportedSigner(SigningKey key, IdentityKey owner) : Signer
    {
        public override ImmutableArray<SignatureScheme> Schemes => key.Schemes;

        public override ValueTask<ReadOnlyMemory<byte>> SignAsync(
            SignatureScheme scheme, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var signature = key.Sign(scheme, content.Span);
            GC.KeepAlive(owner);
            return new(signature);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                key.Dispose();
            base.Dispose(disposing);
        }
    }
}
