using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using static SecureChannel.Tests.Records.RecordTesting;

namespace SecureChannel.Tests.Records;

public sealed class RecordReaderTests
{
    [Fact]
    public void An_incomplete_record_is_not_consumed()
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
    public void Nothing_is_read_after_invalid_input()
    {
        using var reader = new RecordReader(Own);
        reader.AssertRejected([0x16], SessionErrorKind.Incompatible, AlertDescription.UnexpectedMessage);
        reader.AssertRejected([0xA1, 0, 1, 0, 1, 5], SessionErrorKind.Incompatible, AlertDescription.UnexpectedMessage);
    }

    // RFC 9846 section 5: an unexpected record type ends the connection with unexpected_message.
    [Theory]
    [InlineData(0x00, SessionErrorKind.ProtocolViolation)]
    [InlineData(0x16, SessionErrorKind.Incompatible)]
    [InlineData((byte)'G', SessionErrorKind.Incompatible)]
    [InlineData(0xFF, SessionErrorKind.ProtocolViolation)]
    public void A_content_type_of_another_protocol_is_rejected_at_the_first_byte(byte type, SessionErrorKind kind)
    {
        using var reader = new RecordReader(Own);
        reader.AssertRejected([type], kind, AlertDescription.UnexpectedMessage);
        Assert.Equal(kind == SessionErrorKind.Incompatible ? SessionErrorCode.DifferentSecurity : SessionErrorCode.UnexpectedMessage, reader.Error!.Code);
    }

    [Fact]
    public void A_content_type_of_another_protocol_after_the_first_record_is_a_violation()
    {
        using var reader = new RecordReader(Own);
        Assert.Equal(RecordStatus.Record, reader.TryRead([0xA1, 0, 1, 0, 1, 5], out _));
        reader.AssertRejected([0x16, 3, 3, 0, 1, 5], SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage);
        Assert.Equal(SessionErrorCode.UnexpectedMessage, reader.Error!.Code);
    }

    [Fact]
    public void Another_version_is_rejected_unless_the_format_ignores_versions()
    {
        using var reader = new RecordReader(Own);
        reader.AssertRejected([0xA1, 0, 2, 0, 1, 5], SessionErrorKind.MalformedMessage, AlertDescription.ProtocolVersion);

        // RFC 9846 section 5.1: legacy_record_version "MUST be ignored for all purposes".
        using var tls = new RecordReader(Tls);
        Assert.Equal(RecordStatus.Record, tls.TryRead([22, 3, 1, 0, 1, 5], out _));
    }

    // RFC 9846 section 5.1: "The length MUST NOT exceed 2^14 bytes"; section 5.2: 2^14 + 256 for protected records.
    [Fact]
    public void A_length_above_the_limit_is_rejected_when_the_header_is_received()
    {
        using var plain = new RecordReader(Own);
        Assert.Equal(RecordStatus.NeedMoreData, plain.TryRead([0xA1, 0, 1, 0x40, 0x00], out _));
        plain.AssertRejected([0xA1, 0, 1, 0x40, 0x01], SessionErrorKind.MalformedMessage, AlertDescription.RecordOverflow);

        using var keyed = ProtectedReader();
        Assert.Equal(RecordStatus.NeedMoreData, keyed.TryRead([0xA3, 0, 1, 0x41, 0x00], out _));
        keyed.AssertRejected([0xA3, 0, 1, 0x41, 0x01], SessionErrorKind.MalformedMessage, AlertDescription.RecordOverflow);
    }

    // RFC 9846 section 5.1: no zero-length fragments of handshake types.
    [Theory]
    [InlineData(0xA1)]
    [InlineData(0xA2)]
    public void An_empty_record_is_rejected(byte type)
    {
        using var plain = new RecordReader(Own);
        plain.AssertRejected([type, 0, 1, 0, 0], SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage);

        // RFC 9846 section 5.4: protected records of these types are never empty either, with or without padding.
        foreach (var inner in new byte[][] { [type], [type, 0, 0] })
        {
            using var keyed = ProtectedReader();
            keyed.AssertRejected(Seal(inner), SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage);
        }
    }

    [Fact]
    public void Empty_application_data_is_accepted_as_cover_traffic()
    {
        foreach (var inner in new byte[][] { [0xA3], [0xA3, 0, 0, 0] })
        {
            using var reader = ProtectedReader();
            Assert.Equal(RecordStatus.Record, reader.TryRead(Seal(inner), out var record));
            Assert.Equal((0xA3, 0), (record.ContentType, record.ContentLength));
        }
    }

    // RFC 9846 section 5.4: the last nonzero octet is the content type.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void Padding_is_removed_and_zeros_of_the_content_remain(int padding)
    {
        using var reader = ProtectedReader();
        var input = Seal([1, 0, 2, 0, 0, 0xA3, .. new byte[padding]]);
        Assert.Equal(RecordStatus.Record, reader.TryRead(input, out var record));
        Assert.Equal([1, 0, 2, 0, 0], record.Content(input).ToArray());
    }

    // RFC 9846 section 5.4: a plaintext of only zeros ends the connection with unexpected_message.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    public void A_plaintext_of_zeros_is_rejected(int length)
    {
        using var reader = ProtectedReader();
        reader.AssertRejected(Seal(new byte[length]), SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage);
    }

    [Fact]
    public void An_unknown_inner_type_is_rejected()
    {
        using var reader = ProtectedReader();
        reader.AssertRejected(Seal([1, 2, 0x17]), SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage);
    }

    // RFC 9846 section 5.4: "the full encoded TLSInnerPlaintext MUST NOT exceed 2^14 + 1 octets".
    [Fact]
    public void A_plaintext_above_the_limit_is_rejected_although_its_record_is_not_too_long()
    {
        using var fits = ProtectedReader();
        Assert.Equal(RecordStatus.Record, fits.TryRead(Seal([.. new byte[1 << 14], 0xA3]), out var record));
        Assert.Equal(1 << 14, record.ContentLength);

        using var reader = ProtectedReader();
        reader.AssertRejected(Seal([.. new byte[1 << 14], 0xA3, 0]), SessionErrorKind.MalformedMessage, AlertDescription.RecordOverflow);
    }

    [Fact]
    public void A_record_too_short_for_a_tag_is_rejected_as_bad_record_mac()
    {
        for (byte length = 0; length < AeadAlgorithm.Aes128Gcm.TagLength; length++)
        {
            using var reader = ProtectedReader();
            reader.AssertRejected([0xA3, 0, 1, 0, length, .. new byte[length]], SessionErrorKind.ProtocolViolation, AlertDescription.BadRecordMac);
        }
    }

    [Theory]
    [InlineData(CipherSuite.Aes128GcmSha256)]
    [InlineData(CipherSuite.Aes256GcmSha384)]
    [InlineData(CipherSuite.ChaCha20Poly1305Sha256)]
    public void A_record_with_a_changed_byte_at_any_position_is_rejected(CipherSuite suite)
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
    public void Replayed_lost_and_reordered_records_are_rejected()
    {
        using var writer = ProtectedWriter();
        var (first, second) = (writer.Write(Own.ApplicationData, [1]), writer.Write(Own.ApplicationData, [2]));

        using var replayed = ProtectedReader();
        Assert.Equal(RecordStatus.Record, replayed.TryRead([.. first], out _));
        replayed.AssertRejected([.. first], SessionErrorKind.ProtocolViolation, AlertDescription.BadRecordMac);

        using var lost = ProtectedReader();
        lost.AssertRejected([.. second], SessionErrorKind.ProtocolViolation, AlertDescription.BadRecordMac);
    }

    [Fact]
    public void Records_are_protected_exactly_when_there_are_keys()
    {
        using var keyed = ProtectedReader();
        keyed.AssertRejected([0xA1, 0, 1, 0, 1, 5], SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage);
        using var alerted = ProtectedReader();
        alerted.AssertRejected([0xA2, 0, 1, 0, 2, 1, 0], SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage);
        using var plain = new RecordReader(Own);
        plain.AssertRejected([0xA3, 0, 1, 0, 1, 5], SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage);
    }

    // RFC 9846 section 5: an unprotected record with the single byte 1 is discarded; any other value ends the connection.
    [Fact]
    public void A_change_cipher_spec_of_one_byte_is_accepted_if_the_format_has_it()
    {
        using var reader = new RecordReader(Tls);
        reader.UseKeys(Keys());
        Assert.Equal(RecordStatus.Record, reader.TryRead([20, 3, 3, 0, 1, 1], out var record));
        Assert.Equal((20, 6), (record.ContentType, record.Consumed));
        reader.AssertRejected([20, 3, 3, 0, 1, 2], SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage);
    }

    // RFC 9846 section 5: "which receives a protected change_cipher_spec record MUST abort the handshake with an unexpected_message alert".
    [Fact]
    public void A_protected_change_cipher_spec_is_rejected()
    {
        using var reader = new RecordReader(Tls);
        reader.UseKeys(Keys());
        reader.AssertRejected(Seal([1, 20], Tls), SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage);
    }

    // RFC 9846 section 5.3: sequence numbers do not wrap.
    [Fact]
    public void No_record_is_sealed_or_opened_after_the_last_sequence_number()
    {
        var keys = Keys();
        keys.Sequence = ulong.MaxValue;
        using var reader = new RecordReader(Own);
        reader.UseKeys(keys);
        using var sealing = Keys(CipherSuite.ChaCha20Poly1305Sha256);
        sealing.Sequence = ulong.MaxValue;
        Assert.Equal(0, sealing.RecordsLeft);
        reader.AssertRejected(Seal([1, 0xA3], sequence: ulong.MaxValue), SessionErrorKind.ProtocolViolation, AlertDescription.BadRecordMac);
    }

    [Fact]
    public void A_disposed_reader_throws()
    {
        var reader = ProtectedReader();
        reader.Dispose();
        Assert.Throws<ObjectDisposedException>(() => reader.TryRead([], out _));
    }
}
