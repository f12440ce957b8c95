using System.Text.Json;
using SecureChannel.Cryptography;
using SecureChannel.Testing.Cryptography;

namespace SecureChannel.Tests.Cryptography;

public sealed class HkdfLabelTests
{
    private static readonly CryptographyProvider Provider = CryptographyProvider.Platform;

    [Fact]
    public void Expansions_match_RFC_8448()
    {
        var count = 0;
        foreach (var (title, values) in Steps().Where(s => s.Values.TryGetProperty("expanded", out _)))
        {
            using var secret = new TrafficSecret(values.Hex("PRK"));
            var (expanded, label) = (new byte[values.Hex("expanded").Length], title.Split('"')[1]["tls13 ".Length..]);
            HkdfLabel.ExpandLabel(Provider, HashFunction.Sha256, secret, "tls13 ", label, values.Hex("hash"), expanded);
            Assert.Equal(values.Hex("expanded"), expanded);
            count++;
        }

        Assert.Equal(12, count);
    }

    [Fact]
    public void Traffic_keys_match_RFC_8448()
    {
        foreach (var (_, values) in Steps().Where(s => s.Values.TryGetProperty("key expanded", out _)))
        {
            using var secret = new TrafficSecret(values.Hex("PRK"));
            var (key, iv) = (new byte[16], new byte[12]);
            HkdfLabel.ExpandLabel(Provider, HashFunction.Sha256, secret, "tls13 ", "key", [], key);
            HkdfLabel.ExpandLabel(Provider, HashFunction.Sha256, secret, "tls13 ", "iv", [], iv);
            Assert.Equal(values.Hex("key expanded"), key);
            Assert.Equal(values.Hex("iv expanded"), iv);
        }
    }

    [Fact]
    public void The_servers_Finished_value_matches_RFC_8448()
    {
        // RFC 8448 section 3: the transcript from ClientHello through CertificateVerify.
        using var transcript = new TranscriptHash(Provider);
        foreach (var name in new[] { "ClientHello", "ServerHello", "EncryptedExtensions", "Certificate", "CertificateVerify" })
            transcript.Append(Steps().Select(s => s.Values).First(v => v.TryGetProperty(name, out _)).Hex(name));
        transcript.SelectHash(HashFunction.Sha256);
        var (hash, verifyData) = (new byte[32], new byte[32]);
        transcript.View.Hash(hash);

        var values = Steps().First(s => s.Values.TryGetProperty("finished", out _)).Values;
        using var secret = new TrafficSecret(values.Hex("PRK"));
        using var key = FinishedKey.Derive(Provider, HashFunction.Sha256, secret, "tls13 ", "finished");
        key.ComputeVerifyData(Provider, HashFunction.Sha256, hash, verifyData);
        Assert.Equal(values.Hex("finished"), verifyData);
    }

    [Fact]
    public void Extracted_secrets_match_RFC_8448()
    {
        foreach (var (_, values) in Steps().Where(s => s.Values.TryGetProperty("IKM", out _)))
        {
            using var key = new EphemeralKey(32);
            values.Hex("IKM").CopyTo(key.Buffer);
            var salt = values.TryGetProperty("salt", out _) ? values.Hex("salt") : [];
            using var extracted = ExtractedSecret.Extract(Provider, HashFunction.Sha256, salt, key);
            Assert.Equal(values.Hex("secret"), extracted.Bytes);
        }
    }

    [Theory]
    [InlineData("sckt1 ", "", 0, 32)]
    [InlineData("sckt1 ", "é", 0, 32)]
    [InlineData("sckt1 ", "label", 256, 32)]
    [InlineData("sckt1 ", "label", 0, 255 * 32 + 1)]
    public void ExpandLabel_throws_for_arguments_outside_the_limits_of_RFC_9846_section_7_1(string prefix, string label, int context, int output)
    {
        using var secret = new TrafficSecret(new byte[32]);
        Assert.ThrowsAny<ArgumentException>(
            () => HkdfLabel.ExpandLabel(Provider, HashFunction.Sha256, secret, prefix, label, new byte[context], new byte[output]));
    }

    [Fact]
    public void The_longest_label_and_context_are_accepted()
    {
        using var secret = new TrafficSecret(new byte[32]);
        HkdfLabel.ExpandLabel(Provider, HashFunction.Sha256, secret, "sckt1 ", new string('x', 249), new byte[255], new byte[32]);
        Assert.ThrowsAny<ArgumentException>(
            () => HkdfLabel.ExpandLabel(Provider, HashFunction.Sha256, secret, "sckt1 ", new string('x', 250), [], new byte[32]));
    }

    private static IEnumerable<(string Title, JsonElement Values)> Steps() =>
        Vectors.Read("tls13_rfc8448.json").Select(step => (step.Text("step"), step.GetProperty("values")));
}
