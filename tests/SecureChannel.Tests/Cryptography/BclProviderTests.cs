using SecureChannel.Cryptography;
using SecureChannel.Testing.Cryptography;

namespace SecureChannel.Tests.Cryptography;

public sealed class BclProviderTests() : ProviderContract(CryptographyProvider.Platform);

public sealed class BclKeyTests() : KeyContract(CryptographyProvider.Platform);
