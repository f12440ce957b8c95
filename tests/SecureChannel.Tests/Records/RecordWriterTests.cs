using System.Buffers;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using static SecureChannel.Tests.Records.RecordTesting;

namespace SecureChannel.Tests.Records;

public sealed class RecordWriterTests
{
    [Fact]
    public void Without_keys_a_record_is_header_and_content()
    {
        using var writer = new RecordWriter(Own);
        Assert.Equal([0xA1, 0, 1, 0, 2, 8, 9], writer.Write(Own.Handshake, [8, 9]));
    }

    // RFC 9846 section 5.2: content, type and tag, with the outer type of application data.
    [Fact]
    public void With_keys_a_record_hides_its_type_and_content()
    {
        using var writer = ProtectedWriter();
        var record = writer.Write(Own.Handshake, [8, 9]);
        Assert.Equal([0xA3, 0, 1, 0, 2 + 1 + 16], record[..5]);
        Assert.Equal(5 + 2 + 1 + 16, record.Length);
        Assert.Equal(Seal([8, 9, 0xA1]), record);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1 << 14, 1)]
    [InlineData((1 << 14) + 1, 2)]
    [InlineData(100_000, 7)]
    public void A_long_content_needs_several_records(int length, int records)
    {
        var content = new byte[length];
        new Random(1).NextBytes(content);
        Assert.Equal(records, RecordWriter.RecordsFor(length));
        foreach (var isProtected in new[] { false, true })
        {
            using var writer = isProtected ? ProtectedWriter() : new RecordWriter(Own);
            using var reader = isProtected ? ProtectedReader() : new RecordReader(Own);
            var bytes = writer.Write(Own.Handshake, content);
            var (received, count) = (new ArrayBufferWriter<byte>(), 0);
            for (var rest = bytes.AsSpan(); !rest.IsEmpty; count++)
            {
                Assert.Equal(RecordStatus.Record, reader.TryRead(rest, out var record));
                received.Write(record.Content(rest));
                rest = rest[record.Consumed..];
            }

            Assert.Equal(records, count);
            Assert.Equal(content, received.WrittenSpan);
        }
    }

    [Fact]
    public void Only_protected_application_data_may_be_empty()
    {
        using var writer = ProtectedWriter();
        Assert.Equal(5 + 1 + 16, writer.Write(Own.ApplicationData, []).Length);
        Assert.Throws<ArgumentException>(() => writer.Write(Own.Handshake, []));
        Assert.Throws<ArgumentException>(() => writer.Write(Own.Alert, []));
    }

    [Fact]
    public void Application_data_without_keys_and_unknown_content_types_are_rejected()
    {
        using var writer = new RecordWriter(Own);
        Assert.Throws<InvalidOperationException>(() => writer.Write(Own.ApplicationData, [1]));
        Assert.Throws<ArgumentException>(() => writer.Write(0x17, [1]));
        Assert.Throws<ArgumentException>(() => writer.Write(Own.Alert, new byte[(1 << 14) + 1]));
    }

    // RFC 9846 section 5.5: keys are updated "prior to reaching" the limit; a content that exceeds it is not written in part.
    [Fact]
    public void Keys_protect_no_more_records_than_their_limit()
    {
        using var writer = new RecordWriter(Own);
        Assert.Equal(long.MaxValue, writer.RecordsLeft);
        var keys = Keys();
        Assert.Equal(1L << 24, keys.RecordLimit);
        keys.RecordLimit = 3;
        writer.UseKeys(keys);
        writer.Write(Own.ApplicationData, [1]);
        writer.Write(Own.ApplicationData, [2]);
        Assert.Equal(1, writer.RecordsLeft);

        var output = new ArrayBufferWriter<byte>();
        Assert.Throws<InvalidOperationException>(() => writer.Write(Own.ApplicationData, new byte[(1 << 14) + 1], output));
        Assert.Equal(0, output.WrittenCount);
        writer.Write(Own.Alert, [1, 0]);
        Assert.Equal(0, writer.RecordsLeft);
        Assert.Throws<InvalidOperationException>(() => writer.Write(Own.Alert, [1, 0]));

        writer.UseKeys(Keys());
        Assert.Equal(1L << 24, writer.RecordsLeft);
    }

    [Fact]
    public void A_limit_can_only_be_lowered()
    {
        using var keys = Keys();
        Assert.Throws<ArgumentOutOfRangeException>(() => keys.RecordLimit = (1L << 24) + 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => keys.RecordLimit = -1);
        using var chacha = Keys(CipherSuite.ChaCha20Poly1305Sha256);
        Assert.Equal(long.MaxValue, chacha.RecordLimit);
        Assert.Equal("TrafficKeys of TLS_CHACHA20_POLY1305_SHA256", chacha.ToString());
    }

    [Fact]
    public void Replaced_and_disposed_keys_are_wiped()
    {
        var (first, second) = (Keys(), Keys());
        var writer = new RecordWriter(Own);
        writer.UseKeys(first);
        writer.UseKeys(second);
        using var other = new RecordWriter(Own);
        other.UseKeys(first);
        Assert.Throws<ObjectDisposedException>(() => other.Write(Own.Alert, [1, 0]));
        writer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => writer.Write(Own.Alert, [1, 0]));
        Assert.Throws<ObjectDisposedException>(() => writer.UseKeys(second));
    }
}
