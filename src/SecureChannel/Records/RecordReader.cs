using System.Buffers.Binary;

namespace SecureChannel.Handshakes;

/// <summary>
/// A reader of records. After a call of <see cref="UseKeys"/>, the reader decrypts records in place (RFC 9846 section 5). After invalid input, the reader
/// reads no more records. Not thread-safe.
/// </summary>
/// <param name="format">The record format of the protocol.</param>
public sealed class RecordReader(RecordFormat format) : IDisposable
{
    private TrafficKeys? _keys;
    private bool _disposed;
    private int _skippable;
    private bool _hasOpened;
    private bool _hasRead;

    /// <summary>Gets a value that indicates whether the reader has keys and requires that records are protected.</summary>
    public bool IsProtected => _keys is not null;

    /// <summary>
    /// Gets or sets a value that indicates whether unprotected alerts are accepted until the first protected record is received. A client that rejects a
    /// ServerHello has no keys to protect its alert. An attacker can forge such an alert, so it must never end the session in an orderly way.
    /// </summary>
    internal bool AcceptsPlainAlerts { get; set; }

    /// <summary>Gets a value that indicates whether a protected record was received and authenticated.</summary>
    internal bool HasOpened => _hasOpened;

    /// <summary>Gets the current keys, or null.</summary>
    internal TrafficKeys? Keys => _keys;

    /// <summary>Gets the reason that the input is invalid, or null if no invalid input was read.</summary>
    public SessionError? Error { get; private set; }

    /// <summary>Requires that all following records are protected with the given keys. The reader owns the keys and wipes its previous keys.</summary>
    /// <param name="keys">The keys of the direction.</param>
    /// <exception cref="ObjectDisposedException">The reader was disposed.</exception>
    public void UseKeys(TrafficKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (_disposed)
            keys.Dispose();
        ObjectDisposedException.ThrowIf(_disposed, this);
        var previous = _keys;
        _keys = keys;
        previous?.Dispose();
    }

    /// <summary>
    /// Discards the early data of a client (RFC 9846 section 4.3.10): all records that cannot be decrypted, up to a limit, until the first record that can be
    /// decrypted.
    /// </summary>
    /// <param name="maxBytes">The maximum number of bytes to discard.</param>
    public void SkipEarlyData(int maxBytes) => _skippable = maxBytes;

    /// <summary>Reads one record from the start of the input. Invalid input is reported by the result, never by an exception.</summary>
    /// <param name="input">The received bytes. A protected record is decrypted in place.</param>
    /// <param name="record">The record if the result is <see cref="RecordStatus.Record"/>.</param>
    /// <exception cref="ObjectDisposedException">The reader was disposed.</exception>
    public RecordStatus TryRead(Span<byte> input, out ReceivedRecord record)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        record = default;
        if (Error is not null)
            return RecordStatus.Failed;

        // The first byte is checked at once, so that a peer of another protocol gets an alert without delay.
        if (!input.IsEmpty && !CheckType(input))
            return RecordStatus.Failed;

        if (input.Length < RecordFormat.HeaderLength)
            return RecordStatus.NeedMoreData;
        var type = input[0];
        var version = BinaryPrimitives.ReadUInt16BigEndian(input[1..]);
        var length = BinaryPrimitives.ReadUInt16BigEndian(input[3..]);
        if (!CheckHeader(type, version, length))
            return RecordStatus.Failed;
        if (input.Length < RecordFormat.HeaderLength + length)
            return RecordStatus.NeedMoreData;

        _hasRead = true;
        var whole = input[..(RecordFormat.HeaderLength + length)];
        if (_keys is null && type == format.ApplicationData)
            return Skip(whole.Length, out record);
        return _keys is null || type == format.ChangeCipherSpec || type == format.Alert ? ReadPlain(whole, out record) : ReadProtected(_keys, whole, out record);
    }

    /// <summary>Wipes the keys.</summary>
    public void Dispose()
    {
        _disposed = true;
        _keys?.Dispose();
        _keys = null;
    }

    private bool CheckType(ReadOnlySpan<byte> input)
    {
        var type = input[0];
        if (!_hasRead && !format.Knows(type) && ForeignProtocol.Recognize(input) is { } foreign)
        {
            Error = foreign;
            return false;
        }

        // RFC 9846 section 5: "If a TLS implementation receives an unexpected record type, it MUST terminate the connection".
        if (!format.Knows(type))
            return Fail(SessionErrorKind.ProtocolViolation, SessionErrorCode.UnexpectedMessage, AlertDescription.UnexpectedMessage, $"A record begins with 0x{type:X2}, which is not a content type of this protocol. Check that the peer uses the same protocol.");

        // RFC 9846 section 5.1: application data is always protected; section 5.2: the outer type of protected records is application data.
        if (_keys is null && type == format.ApplicationData && _skippable == 0)
            return Fail(SessionErrorKind.ProtocolViolation, SessionErrorCode.UnexpectedMessage, AlertDescription.UnexpectedMessage, "A protected record was received before the keys were negotiated.");
        var isPlainAlert = type == format.Alert && AcceptsPlainAlerts && !_hasOpened;
        if (_keys is not null && type != format.ApplicationData && type != format.ChangeCipherSpec && !isPlainAlert)
            return Fail(SessionErrorKind.ProtocolViolation, SessionErrorCode.UnexpectedMessage, AlertDescription.UnexpectedMessage,
                $"An unprotected {format.NameOf(type)} record was received; expected a protected record.");
        return true;
    }

    private bool CheckHeader(byte type, ushort version, int length)
    {
        if (!format.IgnoresVersion && version != format.Version)
            return Fail(SessionErrorKind.MalformedMessage, SessionErrorCode.Malformed, AlertDescription.ProtocolVersion, $"A record with version 0x{version:X4} was received; expected 0x{format.Version:X4}.");

        // RFC 9846 sections 5.1 and 5.2: 2^14 bytes, 2^14 + 256 when protected.
        var max = type == format.ApplicationData ? RecordFormat.MaxCiphertextLength : RecordFormat.MaxContentLength;
        if (length > max)
            return Fail(SessionErrorKind.MalformedMessage, SessionErrorCode.RecordTooLarge, AlertDescription.RecordOverflow, $"A record of {length} bytes was received. The maximum is {max} bytes.");
        return true;
    }

    private RecordStatus ReadPlain(Span<byte> whole, out ReceivedRecord record)
    {
        record = default;
        var type = whole[0];
        var content = whole[RecordFormat.HeaderLength..];

        // RFC 9846 section 5.1: no zero-length fragments of handshake types.
        if (content.IsEmpty)
            return Reject(SessionErrorCode.UnexpectedMessage, AlertDescription.UnexpectedMessage,
                $"An empty {format.NameOf(type)} record was received. Only application data records may be empty.");

        // RFC 9846 section 5: "the single byte value 0x01".
        if (type == format.ChangeCipherSpec && content is not [1])
            return Reject(SessionErrorCode.UnexpectedMessage, AlertDescription.UnexpectedMessage, "A change_cipher_spec record was received whose content is not the single byte 1.");

        record = new ReceivedRecord(type, whole.Length, RecordFormat.HeaderLength, content.Length);
        return RecordStatus.Record;
    }

    private RecordStatus ReadProtected(TrafficKeys keys, Span<byte> whole, out ReceivedRecord record)
    {
        record = default;
        var body = whole[RecordFormat.HeaderLength..];

        // RFC 9846 section 5.2: "If the decryption fails, the receiver MUST terminate the connection with a bad_record_mac alert".
        if (!keys.TryOpen(whole[..RecordFormat.HeaderLength], body))
        {
            if (_skippable > 0)
                return Skip(whole.Length, out record);
            return Reject(SessionErrorCode.BadRecord, AlertDescription.BadRecordMac, "A record cannot be authenticated: it was altered, or the peer protected it with different keys.");
        }

        (_skippable, _hasOpened) = (0, true);

        // RFC 9846 section 5.4: "the full encoded TLSInnerPlaintext MUST NOT exceed 2^14 + 1 octets".
        var inner = body[..^keys.TagLength];
        if (inner.Length > RecordFormat.MaxContentLength + 1)
        {
            Fail(SessionErrorKind.MalformedMessage, SessionErrorCode.RecordTooLarge, AlertDescription.RecordOverflow,
                $"A record with a plaintext of {inner.Length} bytes was received. The maximum is {RecordFormat.MaxContentLength + 1} bytes.");
            return RecordStatus.Failed;
        }

        // RFC 9846 section 5.4: the last byte that is not zero is the content type.
        var end = inner.LastIndexOfAnyExcept((byte)0);
        if (end < 0)
            return Reject(SessionErrorCode.UnexpectedMessage, AlertDescription.UnexpectedMessage, "A protected record was received that contains only padding and no content type.");

        var type = inner[end];
        if (!format.Knows(type) || type == format.ChangeCipherSpec)
            return Reject(SessionErrorCode.UnexpectedMessage, AlertDescription.UnexpectedMessage,
                $"A protected {format.NameOf(type)} record was received; expected handshake, alert or application data.");

        // RFC 9846 section 5.4: handshake and alert records are never empty.
        if (end == 0 && type != format.ApplicationData)
            return Reject(SessionErrorCode.UnexpectedMessage, AlertDescription.UnexpectedMessage,
                $"An empty {format.NameOf(type)} record was received. Only application data records may be empty.");

        record = new ReceivedRecord(type, whole.Length, RecordFormat.HeaderLength, end);
        return RecordStatus.Record;
    }

    private RecordStatus Skip(int length, out ReceivedRecord record)
    {
        record = new ReceivedRecord(format.ApplicationData, length, RecordFormat.HeaderLength, 0);
        if (length > _skippable)
            return Reject(SessionErrorCode.UnexpectedMessage, AlertDescription.UnexpectedMessage, "The peer sent more early data than this endpoint discards.");
        _skippable -= length;
        return RecordStatus.Skipped;
    }

    private RecordStatus Reject(SessionErrorCode code, AlertDescription alert, string message)
    {
        Fail(SessionErrorKind.ProtocolViolation, code, alert, message);
        return RecordStatus.Failed;
    }

    private bool Fail(SessionErrorKind kind, SessionErrorCode code, AlertDescription alert, string message)
    {
        Error = new SessionError(kind, code, alert, message);
        return false;
    }
}
