using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using static SecureChannel.Tests.Records.RecordTesting;

namespace SecureChannel.Tests.Records;

public sealed class RecordReaderTests
{
    [Fact]
    public void It_waits_for_a_whole_record_and_uses_nothing_before()
    {
        byte[] record = [0xA1, 0, 1, 0, 3, 7, 8, 9];
        using var reader = new RecordReader(Own);
        for (var length = 0; length < record.Length; length++)
            Assert.Equal(RecordStatus.NeedMoreData, reader.TryRead(record.AsSpan(0, length), out _));

        byte[] input = [.. record, 0xA1, 0];
        Assert.Equal(RecordStatus.Record, reader.TryRead(input, out var read));
        Assert.Equal((0xA1, 8), (read.ContentType, read.Consumed));
        Assert.Equal([7, 8, 9], read.Content(input).ToArray());
    }

    [Fact]
    public void A_refusal_sticks()
    {
        using var reader = new RecordReader(Own);
        reader.AssertRefused([0x16], SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage);
        reader.AssertRefused([0xA1, 0, 1, 0, 1, 5], SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage);
    }

    // RFC 9846 section 5: an unexpected record type ends the connection with unexpected_message.
    [Theory]
    [InlineData(0x00)]
    [InlineData(0x16)]
    [InlineData((byte)'G')]
    [InlineData(0xFF)]
    public void A_type_of_another_protocol_is_refused_at_the_first_byte(byte type)
    {
        using var reader = new RecordReader(Own);
        reader.AssertRefused([type], SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage);
    }

    [Fact]
    public void Another_version_is_refused_unless_the_format_ignores_it()
    {
        using var reader = new RecordReader(Own);
        reader.AssertRefused([0xA1, 0, 2, 0, 1, 5], SessionErrorKind.MalformedMessage, AlertDescription.ProtocolVersion);

        // RFC 9846 section 5.1: legacy_record_version "MUST be ignored for all purposes".
        using var tls = new RecordReader(Tls);
        Assert.Equal(RecordStatus.Record, tls.TryRead([22, 3, 1, 0, 1, 5], out _));
    }

    // RFC 9846 section 5.1: "The length MUST NOT exceed 2^14 bytes"; section 5.2: 2^14 + 256 for protected records.
    [Fact]
    public void A_length_above_the_limit_is_refused_from_the_header_alone()
    {
        using var plain = new RecordReader(Own);
        Assert.Equal(RecordStatus.NeedMoreData, plain.TryRead([0xA1, 0, 1, 0x40, 0x00], out _));
        plain.AssertRefused([0xA1, 0, 1, 0x40, 0x01], SessionErrorKind.MalformedMessage, AlertDescription.RecordOverflow);

        using var keyed = ProtectedReader();
        Assert.Equal(RecordStatus.NeedMoreData, keyed.TryRead([0xA3, 0, 1, 0x41, 0x00], out _));
        keyed.AssertRefused([0xA3, 0, 1, 0x41, 0x01], SessionErrorKind.MalformedMessage, AlertDescription.RecordOverflow);
    }

    // RFC 9846 section 5.1: no zero-length fragments of handshake types.
    [Theory]
    [InlineData(0xA1)]
    [InlineData(0xA2)]
    public void An_empty_record_is_refused(byte type)
    {
        using var plain = new RecordReader(Own);
        plain.AssertRefused([type, 0, 1, 0, 0], SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage);

        // RFC 9846 section 5.4: nor under protection, with or without padding.
        foreach (var inner in new byte[][] { [type], [type, 0, 0] })
        {
            using var keyed = ProtectedReader();
            keyed.AssertRefused(Seal(inner), SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage);
        }
    }

    [Fact]
    public void Empty_application_data_is_cover_traffic()
    {
        foreach (var inner in new byte[][] { [0xA3], [0xA3, 0, 0, 0] })
        {
            using var reader = ProtectedReader();
            Assert.Equal(RecordStatus.Record, reader.TryRead(Seal(inner), out var record));
            Assert.Equal((0xA3, 0), (record.ContentType, record.ContentLength));
        }
    }

    // RFC 9846 section 5.4: the last octet that is not zero is the type.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void Padding_is_removed_and_zeros_of_the_content_stay(int padding)
    {
        using var reader = ProtectedReader();
        var input = Seal([1, 0, 2, 0, 0, 0xA3, .. new byte[padding]]);
        Assert.Equal(RecordStatus.Record, reader.TryRead(input, out var record));
        Assert.Equal([1, 0, 2, 0, 0], record.Content(input).ToArray());
    }

    // RFC 9846 section 5.4: no octet but zeros ends the connection with unexpected_message.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    public void A_plaintext_of_zeros_is_refused(int length)
    {
        using var reader = ProtectedReader();
        reader.AssertRefused(Seal(new byte[length]), SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage);
    }

    [Fact]
    public void An_unknown_inner_type_is_refused()
    {
        using var reader = ProtectedReader();
        reader.AssertRefused(Seal([1, 2, 0x17]), SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage);
    }

    // RFC 9846 section 5.4: "the full encoded TLSInnerPlaintext MUST NOT exceed 2^14 + 1 octets".
    [Fact]
    public void A_plaintext_above_the_limit_is_refused_although_its_record_is_not_too_long()
    {
        using var fits = ProtectedReader();
        Assert.Equal(RecordStatus.Record, fits.TryRead(Seal([.. new byte[1 << 14], 0xA3]), out var record));
        Assert.Equal(1 << 14, record.ContentLength);

        using var reader = ProtectedReader();
        reader.AssertRefused(Seal([.. new byte[1 << 14], 0xA3, 0]), SessionErrorKind.ProtocolViolation, AlertDescription.RecordOverflow);
    }

    [Fact]
    public void A_record_too_short_for_a_tag_does_not_authenticate()
    {
        for (byte length = 0; length < Aead.TagLength; length++)
        {
            using var reader = ProtectedReader();
            reader.AssertRefused([0xA3, 0, 1, 0, length, .. new byte[length]], SessionErrorKind.ProtocolViolation, AlertDescription.BadRecordMac);
        }
    }

    [Theory]
    [InlineData(CipherSuite.Aes128GcmSha256)]
    [InlineData(CipherSuite.Aes256GcmSha384)]
    [InlineData(CipherSuite.ChaCha20Poly1305Sha256)]
    public void A_changed_byte_at_any_position_is_refused(CipherSuite suite)
    {
        using var writer = ProtectedWriter(suite);
        var record = writer.Write(Own.ApplicationData, "transfer 100 to alice"u8);
        for (var position = 0; position < record.Length; position++)
        {
            foreach (var change in new byte[] { 0x01, 0x80, 0xFF })
            {
                using var reader = ProtectedReader(suite);
                byte[] tampered = [.. record, .. new byte[RecordFormat.MaxCiphertextLength]];
                tampered[position] ^= change;
                Assert.Equal(RecordStatus.Failed, reader.TryRead(tampered, out _));
            }
        }
    }

    [Fact]
    public void A_replayed_a_lost_and_a_swapped_record_are_refused()
    {
        using var writer = ProtectedWriter();
        var (first, second) = (writer.Write(Own.ApplicationData, [1]), writer.Write(Own.ApplicationData, [2]));

        using var replayed = ProtectedReader();
        Assert.Equal(RecordStatus.Record, replayed.TryRead([.. first], out _));
        replayed.AssertRefused([.. first], SessionErrorKind.ProtocolViolation, AlertDescription.BadRecordMac);

        using var lost = ProtectedReader();
        lost.AssertRefused([.. second], SessionErrorKind.ProtocolViolation, AlertDescription.BadRecordMac);
    }

    [Fact]
    public void Protection_is_neither_dropped_nor_begun_before_the_keys()
    {
        using var keyed = ProtectedReader();
        keyed.AssertRefused([0xA1, 0, 1, 0, 1, 5], SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage);
        using var alerted = ProtectedReader();
        alerted.AssertRefused([0xA2, 0, 1, 0, 2, 1, 0], SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage);
        using var plain = new RecordReader(Own);
        plain.AssertRefused([0xA3, 0, 1, 0, 1, 5], SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage);
    }

    // RFC 9846 section 5: an unprotected record of the single byte 1 is dropped; anything else ends the connection.
    [Fact]
    public void A_change_cipher_spec_of_one_byte_passes_where_the_format_has_it()
    {
        using var reader = new RecordReader(Tls);
        reader.UseKeys(Keys());
        Assert.Equal(RecordStatus.Record, reader.TryRead([20, 3, 3, 0, 1, 1], out var record));
        Assert.Equal((20, 6), (record.ContentType, record.Consumed));
        reader.AssertRefused([20, 3, 3, 0, 1, 2], SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage);
    }

    // RFC 9846 section 5: "which receives a protected change_cipher_spec record MUST abort the handshake with an unexpected_message alert".
    [Fact]
    public void A_protected_change_cipher_spec_is_refused()
    {
        using var reader = new RecordReader(Tls);
        reader.UseKeys(Keys());
        reader.AssertRefused(Seal([1, 20], Tls), SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage);
    }

    // RFC 9846 section 5.3: sequence numbers do not wrap.
    [Fact]
    public void After_the_last_sequence_number_nothing_opens_or_seals()
    {
        var keys = Keys();
        keys.Sequence = ulong.MaxValue;
        using var reader = new RecordReader(Own);
        reader.UseKeys(keys);
        using var sealing = Keys(CipherSuite.ChaCha20Poly1305Sha256);
        sealing.Sequence = ulong.MaxValue;
        Assert.Equal(0, sealing.RecordsLeft);
        reader.AssertRefused(Seal([1, 0xA3], sequence: ulong.MaxValue), SessionErrorKind.ProtocolViolation, AlertDescription.BadRecordMac);
    }

    [Fact]
    public void A_disposed_reader_is_refused()
    {
        var reader = ProtectedReader();
        reader.Dispose();
        Assert.Throws<ObjectDisposedException>(() => reader.TryRead([], out _));
    }
}
