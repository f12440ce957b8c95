using System.Text.Json;
using SecureChannel.Cryptography;
using SecureChannel.KeyTransport;
using SecureChannel.Testing;

namespace SecureChannel.Tests.KeyTransport;

/// <summary>Compares the key schedule with tests/Vectors/key_transport.json, which a Python program computed.</summary>
public sealed class KeyScheduleTests
{
    private static readonly JsonElement[] Vectors =
        [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "Vectors", "key_transport.json"))).RootElement.EnumerateArray()];

    public static TheoryData<int> Suites => [.. Enumerable.Range(0, Vectors.Length)];

    [Theory]
    [MemberData(nameof(Suites))]
    public void Verify_data_keys_and_exports_match_an_independent_implementation(int index)
    {
        var vector = Vectors[index];
        var suite = (CipherSuite)vector.GetProperty("code").GetInt32();
        if (!CryptographyProvider.Platform.Supports(suite.Aead))
            return;
        var messages = vector.GetProperty("messages");
        using var transcript = new TranscriptHash(CryptographyProvider.Platform);
        transcript.SelectHash(suite.Hash);
        using var key = new EphemeralKey(32);
        Bytes(vector, "key").CopyTo(key.Buffer);
        foreach (var name in new[] { "ClientRequest", "ServerCertificate", "ClientKey" })
            transcript.Append(Bytes(messages, name));

        using var schedule = new KeySchedule(CryptographyProvider.Platform, suite, key, transcript.View);
        Assert.Equal(Bytes(vector, "clientVerifyData"), schedule.ComputeVerifyData(Role.Client, transcript.View));
        transcript.Append(Bytes(messages, "ClientFinished"));
        Assert.Equal(Bytes(vector, "serverVerifyData"), schedule.ComputeVerifyData(Role.Server, transcript.View));
        transcript.Append(Bytes(messages, "ServerAcknowledge"));

        foreach (var role in Enum.GetValues<Role>())
        {
            using var keys = schedule.DeriveKeys(role, transcript.View);
            var expected = vector.GetProperty(role == Role.Client ? "client" : "server");
            var record = Bytes(expected.GetProperty("records")[0], "record");
            Assert.True(keys.TryOpen(record.AsSpan(0, 5), record.AsSpan(5)));
        }

        using var exporter = schedule.DeriveExporter(transcript.View);
        Assert.Equal(Bytes(vector, "exporterSecret"), exporter.Bytes);
    }

    private static byte[] Bytes(JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);
}
