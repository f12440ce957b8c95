using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Tests.KeyTransport;
using static SecureChannel.Tests.Records.RecordTesting;

namespace SecureChannel.Tests.Records;

public sealed class TrafficKeysTests
{
    [Fact]
    public void A_cipher_is_prepared_once_and_not_before_a_record_needs_it()
    {
        var provider = new LimitedProvider(AeadAlgorithm.Aes128Gcm);
        using var writer = new RecordWriter(Own);
        writer.UseKeys(Derive(provider, CipherSuite.Aes128GcmSha256));
        Assert.Equal(0, provider.CiphersPrepared);

        writer.Write(Own.ApplicationData, "first"u8);
        writer.Write(Own.ApplicationData, "second"u8);
        Assert.Equal(1, provider.CiphersPrepared);
    }

    [Fact]
    public void A_suite_whose_cipher_is_not_supported_is_rejected_before_keys_are_derived() =>
        Assert.Throws<PlatformNotSupportedException>(() => Derive(new LimitedProvider(AeadAlgorithm.Aes128Gcm), CipherSuite.ChaCha20Poly1305Sha256));

    [Fact]
    public void Wiped_keys_neither_seal_nor_open()
    {
        var keys = Keys();
        keys.Dispose();
        Assert.Throws<ObjectDisposedException>(() => keys.Seal([], new byte[32]));
        Assert.Throws<ObjectDisposedException>(() => keys.TryOpen([], new byte[32]));
    }

    private static TrafficKeys Derive(CryptographyProvider provider, CipherSuite suite)
    {
        using var secret = new TrafficSecret(new byte[suite.Hash.Length]);
        return TrafficKeys.Derive(provider, suite, secret, "test  ");
    }
}
