using System.Text.Json;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Testing.Cryptography;
using static SecureChannel.Tests.Records.RecordTesting;

namespace SecureChannel.Tests.Records;

/// <summary>The protected records of RFC 8448 section 3, and a vector of this project with a long sequence number.</summary>
public sealed class RecordVectorTests
{
    private static readonly JsonElement[] Steps = [.. Vectors.Read("tls13_rfc8448.json")];

    [Theory]
    [InlineData("server", "write traffic keys for handshake data", 22, 1)]
    [InlineData("server", "write traffic keys for application data", 22, 2)]
    [InlineData("client", "write traffic keys for application data", 0, 0)]
    public void Records_of_the_TLS_trace_are_written_and_read(string by, string keys, byte firstType, int firstRecord)
    {
        var secret = Steps.First(s => s.Text("by") == by && s.Text("step").EndsWith(keys, StringComparison.Ordinal)).GetProperty("values").Hex("PRK");
        using var writer = new RecordWriter(Tls);
        using var reader = new RecordReader(Tls);
        writer.UseKeys(Derive(secret));
        reader.UseKeys(Derive(secret));

        var handshake = Sent(by, "send handshake record").Skip(firstRecord).Take(firstType == 22 ? 1 : 0).Select(v => ((byte)22, v));
        var rest = keys.EndsWith("application data", StringComparison.Ordinal)
            ? Sent(by, "send application_data record").Select(v => ((byte)23, v)).Concat(Sent(by, "send alert record").Select(v => ((byte)21, v)))
            : [];
        var count = 0;
        foreach (var (type, values) in handshake.Concat(rest))
        {
            var (payload, record) = (values.Hex("payload"), values.Hex("complete record"));
            Assert.Equal(record, writer.Write(type, payload));
            Assert.Equal(RecordStatus.Record, reader.TryRead(record, out var read));
            Assert.Equal(type, read.ContentType);
            Assert.Equal(payload, read.Content(record));
            count++;
        }

        Assert.NotEqual(0, count);
    }

    [Fact]
    public void Every_byte_of_the_sequence_number_counts()
    {
        foreach (var vector in Vectors.Read("key_transport.json"))
        {
            var client = vector.GetProperty("client");
            var late = client.GetProperty("late");
            using var secret = new TrafficSecret(client.Hex("secret"));
            var keys = TrafficKeys.Derive(CryptographyProvider.Platform, (CipherSuite)vector.GetProperty("code").GetUInt16(), secret, "sckt1 ");
            keys.Sequence = late.GetProperty("sequence").GetUInt64();
            using var reader = new RecordReader(Own);
            reader.UseKeys(keys);
            var record = late.Hex("record");
            Assert.Equal(RecordStatus.Record, reader.TryRead(record, out var read));
            Assert.Equal("late"u8.ToArray(), read.Content(record));
        }
    }

    private static IEnumerable<JsonElement> Sent(string by, string step) =>
        Steps.Where(s => s.Text("by") == by && s.Text("step") == step).Select(s => s.GetProperty("values"));

    private static TrafficKeys Derive(byte[] bytes)
    {
        using var secret = new TrafficSecret(bytes);
        return TrafficKeys.Derive(CryptographyProvider.Platform, CipherSuite.Aes128GcmSha256, secret, "tls13 ");
    }
}
