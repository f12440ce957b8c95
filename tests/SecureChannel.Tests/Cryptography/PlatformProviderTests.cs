using SecureChannel.Cryptography;
using SecureChannel.Testing.Cryptography;

namespace SecureChannel.Tests.Cryptography;

public sealed class PlatformProviderTests() : ProviderContract(CryptographyProvider.Platform);

public sealed class PlatformKeyTests() : KeyContract(CryptographyProvider.Platform);
