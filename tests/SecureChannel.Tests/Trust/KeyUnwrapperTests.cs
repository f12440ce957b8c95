using System.Diagnostics;
using System.Security.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Testing;

namespace SecureChannel.Tests;

public sealed class KeyUnwrapperTests
{
    private static readonly RSA Key = TestCertificates.Rsa2048;
    private static readonly KeyUnwrapper Unwrapper = KeyUnwrapper.FromRsa(Key);
    private static readonly byte[] SessionKey = [.. Enumerable.Range(1, KeyUnwrapper.KeyLength).Select(value => (byte)value)];

    [Fact]
    public async Task The_server_unwraps_the_key_that_a_client_wrapped()
    {
        using var authority = DevelopmentAuthority.Create("Root");
        using var server = authority.IssueServer("bank.example", CertificatePurpose.KeyTransportServer);
        ChainHarness.TryValidate(server.Chain, "bank.example", CertificatePurpose.KeyTransportServer, TrustPolicy.FromAuthorities(authority.Certificate),
            DateTimeOffset.UtcNow,
            out var chain, out _);

        var key = new byte[KeyUnwrapper.KeyLength];

        Assert.True(await server.KeyUnwrapper!.UnwrapAsync(WrappedKey.Wrap(chain!, SessionKey).Ciphertext, key, TestContext.Current.CancellationToken));
        Assert.Equal(SessionKey, key);
    }

    [Fact]
    public void A_key_is_not_wrapped_for_a_certificate_of_another_purpose()
    {
        using var authority = DevelopmentAuthority.Create("Root");
        using var server = authority.IssueServer("bank.example", CertificatePurpose.TlsServer);
        ChainHarness.TryValidate(server.Chain, "bank.example", CertificatePurpose.TlsServer, TrustPolicy.FromAuthorities(authority.Certificate),
            DateTimeOffset.UtcNow,
            out var chain, out _);

        Assert.Throws<ArgumentException>(() => WrappedKey.Wrap(chain!, SessionKey));
    }

    [Fact]
    public async Task An_invalid_wrapped_key_fails_and_leaves_the_buffer_unchanged()
    {
        var wrapped = Key.Encrypt(SessionKey, RSAEncryptionPadding.OaepSHA256);
        var altered = wrapped.ToArray();
        altered[^1] ^= 1;
        byte[][] bad =
        [
            [], [1], altered, wrapped[1..], [.. wrapped, 0], new byte[256], [.. Enumerable.Repeat((byte)0xFF, 256)], new byte[100_000],
            Key.Encrypt(SessionKey, RSAEncryptionPadding.OaepSHA1), Key.Encrypt(SessionKey, RSAEncryptionPadding.Pkcs1),
            Key.Encrypt(SessionKey[1..], RSAEncryptionPadding.OaepSHA256), Key.Encrypt([.. SessionKey, 0], RSAEncryptionPadding.OaepSHA256),
            Key.Encrypt([], RSAEncryptionPadding.OaepSHA256), Key.Encrypt(new byte[190], RSAEncryptionPadding.OaepSHA256),
        ];

        foreach (var bytes in bad)
        {
            var key = SessionKey.ToArray();
            Assert.False(await Unwrapper.UnwrapAsync(bytes, key, TestContext.Current.CancellationToken));
            Assert.Equal(SessionKey, key);
        }
    }

    [Fact]
    public async Task An_unwrapper_is_thread_safe()
    {
        var wrapped = Key.Encrypt(SessionKey, RSAEncryptionPadding.OaepSHA256);
        await Parallel.ForAsync(0, 100, TestContext.Current.CancellationToken, async (_, cancellationToken) =>
        {
            var key = new byte[KeyUnwrapper.KeyLength];
            Assert.True(await Unwrapper.UnwrapAsync(wrapped, key, cancellationToken));
            Assert.Equal(SessionKey, key);
        });
    }

    [Fact]
    public void A_key_that_cannot_decrypt_or_is_too_short_is_rejected()
    {
        using var publicOnly = RSA.Create(Key.ExportParameters(false));

        Assert.ThrowsAny<CryptographicException>(() => KeyUnwrapper.FromRsa(publicOnly));
        Assert.Throws<ArgumentException>(() => KeyUnwrapper.FromRsa(TestCertificates.Rsa1024));
    }

    /// <summary>
    /// Without the decoys, a failure costs one exception more than a success. The medians of interleaved calls differ by a few percent. The bound of 30 percent
    /// tolerates a busy machine, which slows down both, and still detects an early exit, which would halve one of them.
    /// </summary>
    [Fact]
    public async Task Success_and_failure_have_the_same_duration()
    {
        var good = Key.Encrypt(SessionKey, RSAEncryptionPadding.OaepSHA256);
        var bad = good.ToArray();
        bad[^1] ^= 1;
        byte[][] wrappings = [good, bad, [1], Key.Encrypt([], RSAEncryptionPadding.OaepSHA256)];
        var times = wrappings.Select(_ => new List<long>()).ToArray();
        var key = new byte[KeyUnwrapper.KeyLength];
        for (var round = 0; round < 200; round++)
        {
            for (var kind = 0; kind < wrappings.Length; kind++)
            {
                var start = Stopwatch.GetTimestamp();
                await Unwrapper.UnwrapAsync(wrappings[kind], key, TestContext.Current.CancellationToken);
                times[kind].Add(Stopwatch.GetTimestamp() - start);
            }
        }

        var medians = times.Select(list => (double)list.Order().ElementAt(list.Count / 2)).ToArray();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(" ", medians.Select(median => $"{median / medians[0]:F3}")));
        Assert.True(medians.Max() / medians.Min() < 1.3, string.Join(" ", medians));
    }

    /// <summary>
    /// Every call makes one decryption that succeeds and one that fails, whatever the client sent, so that its duration does not reveal the result.
    /// </summary>
    [Fact]
    public async Task Each_call_makes_one_decryption_that_succeeds_and_one_that_fails()
    {
        using var counting = new CountingRsa(Key);
        using var unwrapper = KeyUnwrapper.FromRsa(counting);
        var wrapped = Key.Encrypt(SessionKey, RSAEncryptionPadding.OaepSHA256);
        var altered = wrapped.ToArray();
        altered[^1] ^= 1;
        byte[][] inputs =
        [
            wrapped, altered, [], wrapped[1..], new byte[256], [.. Enumerable.Repeat((byte)0xFF, 256)],
            Key.Encrypt(SessionKey[1..], RSAEncryptionPadding.OaepSHA256), Key.Encrypt(SessionKey, RSAEncryptionPadding.OaepSHA1),
        ];
        foreach (var input in inputs)
        {
            (counting.Succeeded, counting.Failed) = (0, 0);
            await unwrapper.UnwrapAsync(input, new byte[KeyUnwrapper.KeyLength], TestContext.Current.CancellationToken);
            Assert.Equal((1, 1), (counting.Succeeded, counting.Failed));
        }
    }

    /// <summary>A key that counts its decryptions.</summary>
    private sealed class CountingRsa : RSA
    {
        private readonly RSA _key;

        public CountingRsa(RSA key) => (_key, KeySizeValue) = (key, key.KeySize);

        public int Succeeded { get; set; }

        public int Failed { get; set; }

        public override RSAParameters ExportParameters(bool includePrivateParameters) => _key.ExportParameters(includePrivateParameters);

        public override void ImportParameters(RSAParameters parameters) => throw new NotSupportedException();

        public override byte[] Encrypt(byte[] data, RSAEncryptionPadding padding) => _key.Encrypt(data, padding);

        public override bool TryEncrypt(ReadOnlySpan<byte> data, Span<byte> destination, RSAEncryptionPadding padding, out int bytesWritten) =>
            _key.TryEncrypt(data, destination, padding, out bytesWritten);

        public override bool TryDecrypt(ReadOnlySpan<byte> data, Span<byte> destination, RSAEncryptionPadding padding, out int bytesWritten)
        {
            var hasSucceeded = false;
            try
            {
                hasSucceeded = _key.TryDecrypt(data, destination, padding, out bytesWritten);
                return hasSucceeded;
            }
            finally
            {
                if (hasSucceeded)
                    Succeeded++;
                else
                    Failed++;
            }
        }
    }
}
