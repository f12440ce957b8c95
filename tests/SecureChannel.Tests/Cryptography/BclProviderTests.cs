using SecureChannel.Cryptography;

namespace SecureChannel.Tests.Cryptography;

public sealed class BclProviderTests() : ProviderContract(CryptographyProvider.Bcl);

public sealed class BclKeyTests() : KeyContract(CryptographyProvider.Bcl);
