using System.Buffers;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.Tests.Records;

/// <summary>Two record formats, keys and helpers for the tests of records.</summary>
internal static class RecordTesting
{
    public static readonly RecordFormat Own = new() { Handshake = 0xA1, Alert = 0xA2, ApplicationData = 0xA3, Version = 0x0001 };

    public static readonly RecordFormat Tls = new()
    {
        Handshake = 22, Alert = 21, ApplicationData = 23, ChangeCipherSpec = 20, Version = 0x0303, IgnoresVersion = true,
    };

    public static TrafficKeys Keys(CipherSuite suite = CipherSuite.Aes128GcmSha256)
    {
        using var secret = new TrafficSecret(new byte[suite.Hash.Length]);
        return TrafficKeys.Derive(CryptographyProvider.Platform, suite, secret, "test  ");
    }

    public static byte[] Write(this RecordWriter writer, byte type, ReadOnlySpan<byte> content)
    {
        var output = new ArrayBufferWriter<byte>();
        writer.Write(type, content, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Seals any inner plaintext with <see cref="Keys"/>, also one that a correct writer never creates.</summary>
    public static byte[] Seal(ReadOnlySpan<byte> inner, RecordFormat? format = null, ulong sequence = 0)
    {
        format ??= Own;
        using var secret = new TrafficSecret(new byte[32]);
        var (key, iv) = (new byte[16], new byte[12]);
        HkdfLabel.ExpandLabel(CryptographyProvider.Platform, HashFunction.Sha256, secret, "test  ", "key", [], key);
        HkdfLabel.ExpandLabel(CryptographyProvider.Platform, HashFunction.Sha256, secret, "test  ", "iv", [], iv);
        using var aead = CryptographyProvider.Platform.CreateAead(AeadAlgorithm.Aes128Gcm, key);
        var length = inner.Length + aead.TagLength;
        byte[] record = [format.ApplicationData, (byte)(format.Version >> 8), (byte)format.Version, (byte)(length >> 8), (byte)length, .. new byte[length]];
        for (var n = 0; n < sizeof(ulong); n++)
            iv[^(n + 1)] ^= (byte)(sequence >> (8 * n));
        aead.Seal(iv, inner, record.AsSpan(0, 5), record.AsSpan(5));
        return record;
    }

    public static RecordReader ProtectedReader(CipherSuite suite = CipherSuite.Aes128GcmSha256)
    {
        var reader = new RecordReader(Own);
        reader.UseKeys(Keys(suite));
        return reader;
    }

    public static RecordWriter ProtectedWriter(CipherSuite suite = CipherSuite.Aes128GcmSha256)
    {
        var writer = new RecordWriter(Own);
        writer.UseKeys(Keys(suite));
        return writer;
    }

    public static void AssertRejected(this RecordReader reader, byte[] input, SessionErrorKind kind, AlertDescription alert)
    {
        Assert.Equal(RecordStatus.Failed, reader.TryRead(input, out _));
        Assert.Equal((kind, alert), (reader.Error!.Kind, reader.Error.Alert));
        Assert.NotEmpty(reader.Error.Message);
    }
}
