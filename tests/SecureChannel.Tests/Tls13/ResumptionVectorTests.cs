using SecureChannel.Cryptography;
using SecureChannel.Tls13;

namespace SecureChannel.Tests.Tls13;

/// <summary>The resumed handshake of RFC 8448 section 4 (tests/Vectors/tls13_rfc8448_resumed.json), whose ticket is that of section 3.</summary>
public sealed class ResumptionVectorTests
{
    private static readonly KeyDerivation Derivation = new(CryptographyProvider.Platform, CipherSuite.Aes128GcmSha256);
    private static readonly Trace Full = new("tls13_rfc8448.json");
    private static readonly Trace Resumed = new("tls13_rfc8448_resumed.json");

    [Fact]
    public void The_key_of_a_ticket_is_that_of_the_trace()
    {
        using var main = new EphemeralKey(32);
        Full.Value("client", "derive secret \"tls13 res master\"", "PRK").CopyTo(main.Buffer);
        using var secret = ResumptionSecret.Derive(
            Derivation.Cryptography, HashFunction.Sha256, main, KeyDerivation.LabelPrefix, "res master", Full.Value("client", "derive secret \"tls13 res master\"", "hash"));
        Assert.Equal(Full.Value("client", "derive secret \"tls13 res master\"", "expanded"), secret.Bytes.ToArray());

        using var key = Derivation.DeriveKey(secret, [0, 0]);
        Assert.Equal(Full.Value("server", "generate resumption secret", "expanded"), key.Bytes.ToArray());
    }

    [Fact]
    public void The_binder_is_that_of_the_trace()
    {
        using var key = new ResumptionKey(Resumed.Value("client", "extract secret \"early\"", "IKM"));
        using var secret = new PreSharedSecret(Derivation, key);
        using var transcript = new TranscriptHash(Derivation.Cryptography);
        var binder = new byte[32];
        Assert.Equal(32, secret.ComputeBinder(transcript.View, Resumed.Value("client", "calculate PSK binder", "ClientHello prefix"), binder));
        Assert.Equal(Resumed.Value("client", "calculate PSK binder", "finished"), binder);
    }

    [Fact]
    public void The_secrets_of_a_resumed_session_are_those_of_the_trace()
    {
        using var key = new ResumptionKey(Resumed.Value("client", "extract secret \"early\"", "IKM"));
        using var early = new PreSharedSecret(Derivation, key);
        using var transcript = new TranscriptHash(Derivation.Cryptography);
        transcript.SelectHash(HashFunction.Sha256);
        transcript.Append(Resumed.Payload("client", "handshake"));
        transcript.Append(Resumed.Messages("server", "ServerHello")[0]);
        using var share = new RecordedKeyShare(NamedGroup.X25519, new byte[32], Resumed.Agreed);
        Assert.True(share.TryDecapsulate(new byte[32], out var agreed));
        var log = new List<string>();
        using var keys = new SessionKeys(Derivation, new KeyLog(log.Add, new byte[32]));
        using (agreed)
            keys.EnterHandshake(agreed, transcript.View, early);

        transcript.Append(Resumed.Messages("server", "EncryptedExtensions")[0]);
        transcript.Append(Resumed.Messages("server", "Finished")[0]);
        keys.EnterApplication(transcript.View).Dispose();
        transcript.Append(Resumed.Messages("client", "EndOfEarlyData")[0]);
        transcript.Append(Resumed.Messages("client", "Finished")[0]);
        using var secret = keys.DeriveResumption(transcript.View);

        string[] labels = ["c hs traffic", "s hs traffic", "c ap traffic", "s ap traffic", "exp master"];
        Assert.Equal(labels.Select(label => Convert.ToHexStringLower(Resumed.Secret(label))), log.Select(line => line.Split(' ')[2]));
        Assert.Equal(Resumed.Value("client", "derive secret \"tls13 res master\"", "expanded"), secret.Bytes.ToArray());
    }
}
