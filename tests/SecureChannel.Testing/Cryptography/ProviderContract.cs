using System.Text;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.Testing.Cryptography;

/// <summary>Tests that each provider must pass. Each provider has a derived test class.</summary>
public abstract class ProviderContract(CryptographyProvider provider)
{
    public static TheoryData<AeadAlgorithm> Algorithms => new(Enum.GetValues<AeadAlgorithm>());

    public static TheoryData<CipherSuite> Suites => new(Enum.GetValues<CipherSuite>());

    [Fact]
    public void CipherSuites_contains_each_supported_suite_once() =>
        Assert.Equal(Enum.GetValues<CipherSuite>().Where(suite => provider.Supports(suite.Aead)), provider.CipherSuites.Order());

    [Fact]
    public void Hkdf_matches_RFC_5869()
    {
        foreach (var vector in Vectors.Read("hkdf_rfc5869.json"))
        {
            var (prk, okm) = (new byte[32], new byte[vector.Hex("OKM").Length]);
            provider.HkdfExtract(HashFunction.Sha256, vector.Hex("salt"), vector.Hex("IKM"), prk);
            provider.HkdfExpand(HashFunction.Sha256, prk, vector.Hex("info"), okm);
            Assert.Equal(vector.Hex("PRK"), prk);
            Assert.Equal(vector.Hex("OKM"), okm);
        }
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void The_key_schedule_and_records_match_an_independent_implementation(CipherSuite suite)
    {
        const string prefix = "sckt1 ";
        var vector = Vectors.Read("key_transport.json").Single(v => v.GetProperty("code").GetUInt16() == (ushort)suite);
        var messages = vector.GetProperty("messages");
        var (hash, value, mac) = (suite.Hash, new byte[suite.Hash.Length], new byte[suite.Hash.Length]);
        Assert.Equal(vector.Text("suite"), suite.Name);

        using var transcript = new TranscriptHash(provider);
        transcript.Append(messages.Hex("ClientRequest"));
        transcript.Append(messages.Hex("ServerCertificate"));
        transcript.SelectHash(hash);
        transcript.Append(messages.Hex("ClientKey"));
        transcript.CopyHash(value);
        Assert.Equal(vector.Hex("throughClientKey"), value);

        using var key = new EphemeralKey(32);
        vector.Hex("key").CopyTo(key.Buffer);
        using var prk = ExtractedSecret.Extract(provider, hash, value, key);
        AssertSame(vector.Hex("prk"), prk);

        using var clientFinished = FinishedKey.Derive(provider, hash, prk, prefix, "c finished");
        AssertSame(vector.Hex("clientFinishedKey"), clientFinished);
        clientFinished.ComputeVerifyData(provider, hash, value, mac);
        Assert.Equal(vector.Hex("clientVerifyData"), mac);

        transcript.Append(messages.Hex("ClientFinished"));
        transcript.CopyHash(value);
        Assert.Equal(vector.Hex("throughClientFinished"), value);
        using var serverFinished = FinishedKey.Derive(provider, hash, prk, prefix, "s finished");
        AssertSame(vector.Hex("serverFinishedKey"), serverFinished);
        serverFinished.ComputeVerifyData(provider, hash, value, mac);
        Assert.Equal(vector.Hex("serverVerifyData"), mac);

        transcript.Append(messages.Hex("ServerAcknowledge"));
        transcript.CopyHash(value);
        Assert.Equal(vector.Hex("throughServerAcknowledge"), value);
        foreach (var (side, label) in new[] { ("client", "c ap traffic"), ("server", "s ap traffic") })
        {
            var direction = vector.GetProperty(side);
            using var secret = TrafficSecret.Derive(provider, hash, prk, prefix, label, value);
            AssertSame(direction.Hex("secret"), secret);
            var (trafficKey, iv) = (new byte[suite.Aead.KeyLength], new byte[AeadAlgorithm.Aes128Gcm.NonceLength]);
            HkdfLabel.ExpandLabel(provider, hash, secret, prefix, "key", [], trafficKey);
            HkdfLabel.ExpandLabel(provider, hash, secret, prefix, "iv", [], iv);
            Assert.Equal(direction.Hex("key"), trafficKey);
            Assert.Equal(direction.Hex("iv"), iv);
            AssertRecords(direction.GetProperty("records").EnumerateArray(), suite, secret, prefix);
        }

        using var exporter = ExporterSecret.Derive(provider, hash, prk, prefix, "exp master", value);
        AssertSame(vector.Hex("exporterSecret"), exporter);
        foreach (var export in vector.GetProperty("exports").EnumerateArray())
        {
            var exported = new byte[export.Hex("exported").Length];
            exporter.Export(provider, hash, prefix, export.Text("label"), export.Hex("context"), exported);
            Assert.Equal(export.Hex("exported"), exported);
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Sealed_data_of_each_length_opens_in_place(AeadAlgorithm algorithm)
    {
        using var aead = Create(algorithm);
        for (var length = 0; length <= 300; length++)
        {
            var plaintext = Enumerable.Range(0, length).Select(n => (byte)n).ToArray();
            var buffer = new byte[length + aead.TagLength];
            plaintext.CopyTo(buffer.AsSpan());
            aead.Seal(Nonce(length), buffer.AsSpan(0, length), "header"u8, buffer);
            Assert.True(aead.TryOpen(Nonce(length), buffer, "header"u8, buffer.AsSpan(0, length)));
            Assert.Equal(plaintext, buffer.AsSpan(0, length));
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Sealed_data_matches_the_platform(AeadAlgorithm algorithm)
    {
        using var tested = Create(algorithm);
        using var platform = CryptographyProvider.Platform.CreateAead(algorithm, Key(algorithm));
        foreach (var length in new[] { 0, 1, 15, 16, 17, 64, 1000, 1 << 14 })
        {
            var (plaintext, actual, expected) = (new byte[length], new byte[length + tested.TagLength], new byte[length + tested.TagLength]);
            plaintext.AsSpan().Fill(0x5A);
            tested.Seal(Nonce(length), plaintext, "data"u8, actual);
            platform.Seal(Nonce(length), plaintext, "data"u8, expected);
            Assert.Equal(expected, actual);
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_flipped_bit_is_rejected_and_leaves_no_plaintext(AeadAlgorithm algorithm)
    {
        using var aead = Create(algorithm);
        var plaintext = "attack at dawn, with all ships, from the north"u8.ToArray();
        var sealedBytes = new byte[plaintext.Length + aead.TagLength];
        aead.Seal(Nonce(1), plaintext, "header"u8, sealedBytes);
        for (var bit = 0; bit < sealedBytes.Length * 8; bit++)
        {
            var tampered = (byte[])sealedBytes.Clone();
            tampered[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(aead.TryOpen(Nonce(1), tampered, "header"u8, tampered.AsSpan(0, plaintext.Length)));
            Assert.False(tampered.AsSpan(0, 16).SequenceEqual(plaintext.AsSpan(0, 16)));
        }

        Assert.False(aead.TryOpen(Nonce(2), sealedBytes, "header"u8, new byte[plaintext.Length]));
        Assert.False(aead.TryOpen(Nonce(1), sealedBytes, "headed"u8, new byte[plaintext.Length]));
        Assert.False(aead.TryOpen(Nonce(1), sealedBytes.AsSpan(0, 15), "header"u8, []));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_disposed_cipher_throws(AeadAlgorithm algorithm)
    {
        var aead = Create(algorithm);
        aead.Dispose();
        aead.Dispose();
        Assert.Throws<ObjectDisposedException>(() => aead.Seal(Nonce(0), [], [], new byte[aead.TagLength]));
        Assert.Throws<ObjectDisposedException>(() => aead.TryOpen(Nonce(0), new byte[aead.TagLength], [], []));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Arguments_with_wrong_lengths_throw(AeadAlgorithm algorithm)
    {
        Assert.ThrowsAny<ArgumentException>(() => provider.CreateAead(algorithm, new byte[algorithm.KeyLength - 1]));
        using var aead = Create(algorithm);
        Assert.ThrowsAny<ArgumentException>(() => aead.Seal(new byte[11], [], [], new byte[aead.TagLength]));
        Assert.ThrowsAny<ArgumentException>(() => aead.Seal(Nonce(0), [], [], new byte[aead.TagLength + 1]));
        Assert.ThrowsAny<ArgumentException>(() => aead.TryOpen(Nonce(0), new byte[aead.TagLength + 2], [], new byte[1]));
    }

    [Fact]
    public void A_hash_can_be_read_before_more_data_is_appended()
    {
        foreach (var function in Enum.GetValues<HashFunction>())
        {
            using var context = provider.CreateHashContext(function);
            var (first, second, whole) = (new byte[function.Length], new byte[function.Length], new byte[function.Length]);
            context.Append("abc"u8);
            Assert.Equal(function.Length, context.GetHash(first));
            context.Append("def"u8);
            context.GetHash(second);
            using var other = provider.CreateHashContext(function);
            other.Append("abcdef"u8);
            other.GetHash(whole);
            Assert.Equal(whole, second);
            Assert.NotEqual(first, second);
            Assert.Equal(function, context.Function);
        }
    }

    [Fact]
    public void Hmac_matches_RFC_4231()
    {
        // RFC 4231 section 4.3: key "Jefe".
        var (sha256, sha384) = (new byte[32], new byte[48]);
        provider.Hmac(HashFunction.Sha256, "Jefe"u8, "what do ya want for nothing?"u8, sha256);
        provider.Hmac(HashFunction.Sha384, "Jefe"u8, "what do ya want for nothing?"u8, sha384);
        Assert.Equal("5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843", Convert.ToHexString(sha256));
        Assert.Equal(
            "AF45D2E376484031617F78D2B58A6B1B9C7EF464F5A01B47E42EC3736322445E8E2240CA5E69E2C78B3239ECFAB21649", Convert.ToHexString(sha384));
    }

    [Fact]
    public void Random_bytes_fill_the_whole_buffer_and_differ()
    {
        var (first, second) = (new byte[64], new byte[64]);
        provider.FillRandom(first);
        provider.FillRandom(second);
        provider.FillRandom([]);
        Assert.NotEqual(first, second);
        Assert.NotEqual(new byte[8], first[^8..]);
    }

    [Fact]
    public void Each_defined_algorithm_is_supported_and_others_are_not()
    {
        Assert.All(Enum.GetValues<AeadAlgorithm>(), algorithm => Assert.True(provider.Supports(algorithm)));
        Assert.False(provider.Supports((AeadAlgorithm)99));
        Assert.NotEmpty(provider.Name);
    }

    protected static byte[] Key(AeadAlgorithm algorithm) => Encoding.ASCII.GetBytes("a key of exactly thirty-two byte")[..algorithm.KeyLength];

    protected static byte[] Nonce(int number) => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, (byte)(number >> 8), (byte)number];

    private static void AssertSame(byte[] expected, Secret actual) => Assert.Equal(expected, actual.Bytes);

    private Aead Create(AeadAlgorithm algorithm) => provider.CreateAead(algorithm, Key(algorithm));

    // The writer never pads, so padded records are only read. The sequence numbers in the vectors count all records.
    private void AssertRecords(IEnumerable<System.Text.Json.JsonElement> records, CipherSuite suite, TrafficSecret secret, string prefix)
    {
        var format = new RecordFormat { Handshake = 0xA1, Alert = 0xA2, ApplicationData = 0xA3, Version = 0x0001 };
        using var reader = new RecordReader(format);
        using var writer = new RecordWriter(format);
        reader.UseKeys(TrafficKeys.Derive(provider, suite, secret, prefix));
        writer.UseKeys(TrafficKeys.Derive(provider, suite, secret, prefix));
        foreach (var vector in records)
        {
            var (type, content, bytes) = (vector.GetProperty("type").GetByte(), vector.Hex("content"), vector.Hex("record"));
            var written = new System.Buffers.ArrayBufferWriter<byte>();
            writer.Write(type, content, written);
            if (vector.GetProperty("padding").GetInt32() == 0)
                Assert.Equal(bytes, written.WrittenSpan);

            Assert.Equal(RecordStatus.Record, reader.TryRead(bytes, out var record));
            Assert.Equal(type, record.ContentType);
            Assert.Equal(bytes.Length, record.Consumed);
            Assert.Equal(content, record.Content(bytes));
        }
    }
}
