using SecureChannel.Cryptography;

namespace SecureChannel.Tests.Cryptography;

public sealed class SecretTests
{
    [Fact]
    public void A_disposed_secret_is_wiped_and_throws()
    {
        var key = EphemeralKey.Generate(CryptographyProvider.Platform);
        var buffer = key.Buffer;
        Assert.NotEqual(new byte[32], buffer.ToArray());
        key.Dispose();
        key.Dispose();
        Assert.Equal(new byte[32], buffer.Span);
        Assert.Throws<ObjectDisposedException>(() => key.Bytes.Length);
        Assert.Throws<ObjectDisposedException>(() => key.Buffer);
    }

    [Fact]
    public void ToString_does_not_contain_the_secret()
    {
        using var secret = new TrafficSecret([0xAB, 0xCD, 0xEF]);
        Assert.Equal("TrafficSecret of 3 bytes", secret.ToString());
    }

    [Fact]
    public void Two_ephemeral_keys_differ()
    {
        using var first = EphemeralKey.Generate(CryptographyProvider.Platform);
        using var second = EphemeralKey.Generate(CryptographyProvider.Platform);
        Assert.NotEqual(first.Bytes.ToArray(), second.Bytes.ToArray());
        Assert.Equal(32, first.Length);
    }

    [Fact]
    public void A_secret_cannot_be_empty() => Assert.ThrowsAny<ArgumentException>(() => new EphemeralKey(0));

    [Fact]
    public void Exported_keys_differ_by_label_and_by_context()
    {
        using var secret = new TrafficSecret(new byte[32]);
        using var exporter = ExporterSecret.Derive(CryptographyProvider.Platform, HashFunction.Sha256, secret, "sckt1 ", "exp master", new byte[32]);
        var keys = new HashSet<string> { Export("one", []), Export("two", []), Export("one", [1]), Export("two", [1]) };
        Assert.Equal(4, keys.Count);
        Assert.Contains(Export("one", []), keys);

        string Export(string label, byte[] context)
        {
            var key = new byte[32];
            exporter.Export(CryptographyProvider.Platform, HashFunction.Sha256, "sckt1 ", label, context, key);
            return Convert.ToHexString(key);
        }
    }
}
