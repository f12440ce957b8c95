using System.Security.Cryptography;

namespace SecureChannel;

/// <summary>The exception that is thrown when certificates or private keys cannot be used.</summary>
/// <param name="error">The error.</param>
/// <param name="innerException">The underlying exception, or null.</param>
/// <exception cref="ArgumentNullException">The error is null.</exception>
public sealed class CertificateException(CertificateError error, Exception? innerException = null) : CryptographicException(error?.Message, innerException)
{
    /// <summary>Gets the error.</summary>
    public CertificateError Error { get; } = error ?? throw new ArgumentNullException(nameof(error));
}
