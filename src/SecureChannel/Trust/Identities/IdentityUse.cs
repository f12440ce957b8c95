using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>A use of an identity: the purpose of its certificate, and the cryptography that uses its key.</summary>
/// <param name="Purpose">The purpose.</param>
/// <param name="Cryptography">The provider that signs, or null if SslStream signs.</param>
internal readonly record struct IdentityUse(CertificatePurpose Purpose, CryptographyProvider? Cryptography);
