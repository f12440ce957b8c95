using System.Security.Cryptography;

namespace SecureChannel;

/// <summary>The content of the two files of an identity, which is wiped when it is disposed.</summary>
internal sealed class IdentityFileContent : IDisposable
{
    private readonly string _certificatesPath;
    private readonly string _keyPath;
    private readonly byte[] _certificates;
    private readonly byte[] _key;

    private IdentityFileContent(string certificatesPath, string keyPath)
    {
        (_certificatesPath, _keyPath) = (certificatesPath, keyPath);
        _certificates = IdentityFiles.ReadBytes(certificatesPath);
        _key = IdentityFiles.ReadBytes(keyPath);
        Hash = SHA256.HashData([.. SHA256.HashData(_certificates), .. SHA256.HashData(_key)]);
    }

    /// <summary>Gets the hash of both files.</summary>
    public byte[] Hash { get; }

    /// <summary>Reads the files.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IdentityFileContent Read(string certificatesPath, string keyPath) => new(certificatesPath, keyPath);

    /// <summary>Loads the identity.</summary>
    /// <exception cref="CertificateException">The content cannot be used.</exception>
    public CertificateIdentity Load() => CertificateIdentity.FromPemContent(_certificatesPath, _certificates, _keyPath, _key, null);

    /// <inheritdoc/>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_certificates);
        CryptographicOperations.ZeroMemory(_key);
    }
}
