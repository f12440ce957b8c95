using System.Buffers.Binary;
using SecureChannel.Cryptography;

namespace SecureChannel.Handshakes;

/// <summary>
/// Reads records, and once it has keys decrypts them in place (RFC 9846 section 5). A refusal sticks. Not safe for use by several threads at once.
/// </summary>
/// <param name="format">The protocol's numbers.</param>
public sealed class RecordReader(RecordFormat format) : IDisposable
{
    private TrafficKeys? _keys;
    private bool _disposed;
    private int _skippable;
    private bool _hasOpened;

    /// <summary>Whether only protected records are accepted.</summary>
    public bool IsProtected => _keys is not null;

    /// <summary>
    /// Whether an alert may come unprotected until the first protected record has come: a client that refuses a ServerHello has no keys to protect its alert with.
    /// Only for the time of the handshake, in which no alert is a proper end.
    /// </summary>
    internal bool AcceptsPlainAlerts { get; set; }

    /// <summary>Why the input was refused; null as long as it was not.</summary>
    public SessionError? Error { get; private set; }

    /// <summary>Demands and removes protection from now on; the reader owns the keys and wipes them, and wipes those that it had.</summary>
    /// <param name="keys">The keys of the direction.</param>
    /// <exception cref="ObjectDisposedException">The reader was disposed.</exception>
    public void UseKeys(TrafficKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ObjectDisposedException.ThrowIf(_disposed, this);
        _keys?.Dispose();
        _keys = keys;
    }

    /// <summary>Drops records that cannot be read, up to a limit, until one can: data that a client sent before the handshake (RFC 9846 section 4.3.10).</summary>
    /// <param name="maxBytes">How many bytes of them are dropped at most.</param>
    public void SkipEarlyData(int maxBytes) => _skippable = maxBytes;

    /// <summary>Reads one record from the start of the input. Never throws on input.</summary>
    /// <param name="input">The bytes that have come; a protected record is decrypted where it lies.</param>
    /// <param name="record">The record, where the result is <see cref="RecordStatus.Record"/>.</param>
    /// <exception cref="ObjectDisposedException">The reader was disposed.</exception>
    public RecordStatus TryRead(Span<byte> input, out ReceivedRecord record)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        record = default;
        if (Error is not null)
            return RecordStatus.Failed;

        // The first byte is judged as soon as it is there, so that a peer of another protocol hears at once.
        if (!input.IsEmpty && !CheckType(input[0]))
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

    private bool CheckType(byte type)
    {
        // RFC 9846 section 5: "If a TLS implementation receives an unexpected record type, it MUST terminate the connection".
        if (!format.Knows(type))
            return Fail(SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage, $"0x{type:X2} begins no record of this protocol: does the peer speak another one?");

        // RFC 9846 section 5.1: application data is always protected; section 5.2: the outer type of protected records is application data.
        if (_keys is null && type == format.ApplicationData && _skippable == 0)
            return Fail(SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage, "A protected record came before there were keys.");
        var isPlainAlert = type == format.Alert && AcceptsPlainAlerts && !_hasOpened;
        if (_keys is not null && type != format.ApplicationData && type != format.ChangeCipherSpec && !isPlainAlert)
            return Fail(SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage, $"A record of type {format.NameOf(type)} came unprotected where only protected ones may.");
        return true;
    }

    private bool CheckHeader(byte type, ushort version, int length)
    {
        if (!format.IgnoresVersion && version != format.Version)
            return Fail(SessionErrorKind.MalformedMessage, AlertDescription.ProtocolVersion, $"A record's version is 0x{version:X4}, and must be 0x{format.Version:X4}.");

        // RFC 9846 sections 5.1 and 5.2: 2^14 bytes, 2^14 + 256 when protected.
        var most = type == format.ApplicationData ? RecordFormat.MaxCiphertextLength : RecordFormat.MaxContentLength;
        if (length > most)
            return Fail(SessionErrorKind.MalformedMessage, AlertDescription.RecordOverflow, $"A record of {length} bytes came; at most {most} are allowed.");
        return true;
    }

    private RecordStatus ReadPlain(Span<byte> whole, out ReceivedRecord record)
    {
        record = default;
        var type = whole[0];
        var content = whole[RecordFormat.HeaderLength..];

        // RFC 9846 section 5.1: no zero-length fragments of handshake types.
        if (content.IsEmpty)
            return Refuse(AlertDescription.UnexpectedMessage, $"An empty record of type {format.NameOf(type)} came.");

        // RFC 9846 section 5: "the single byte value 0x01".
        if (type == format.ChangeCipherSpec && content is not [1])
            return Refuse(AlertDescription.UnexpectedMessage, "A change cipher spec record holds something else than its one byte.");

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
            return Refuse(AlertDescription.BadRecordMac, "A record does not authenticate.");
        }

        (_skippable, _hasOpened) = (0, true);

        // RFC 9846 section 5.4: "the full encoded TLSInnerPlaintext MUST NOT exceed 2^14 + 1 octets".
        var inner = body[..^Aead.TagLength];
        if (inner.Length > RecordFormat.MaxContentLength + 1)
            return Refuse(AlertDescription.RecordOverflow, $"A record's plaintext has {inner.Length} bytes; at most {RecordFormat.MaxContentLength + 1} are allowed.");

        // RFC 9846 section 5.4: the last byte that is not zero is the content type.
        var end = inner.LastIndexOfAnyExcept((byte)0);
        if (end < 0)
            return Refuse(AlertDescription.UnexpectedMessage, "A record's plaintext has no content type.");

        var type = inner[end];
        if (!format.Knows(type) || type == format.ChangeCipherSpec)
            return Refuse(AlertDescription.UnexpectedMessage, $"A protected record of type {format.NameOf(type)} came.");

        // RFC 9846 section 5.4: handshake and alert records are never empty.
        if (end == 0 && type != format.ApplicationData)
            return Refuse(AlertDescription.UnexpectedMessage, $"An empty record of type {format.NameOf(type)} came.");

        record = new ReceivedRecord(type, whole.Length, RecordFormat.HeaderLength, end);
        return RecordStatus.Record;
    }

    private RecordStatus Skip(int length, out ReceivedRecord record)
    {
        record = new ReceivedRecord(format.ApplicationData, length, RecordFormat.HeaderLength, 0);
        if (length > _skippable)
            return Refuse(AlertDescription.UnexpectedMessage, "More data was sent before the handshake than is dropped.");
        _skippable -= length;
        return RecordStatus.Skipped;
    }

    private RecordStatus Refuse(AlertDescription alert, string reason)
    {
        Fail(SessionErrorKind.ProtocolViolation, alert, reason);
        return RecordStatus.Failed;
    }

    private bool Fail(SessionErrorKind fault, AlertDescription alert, string reason)
    {
        Error = new SessionError(fault, alert, reason);
        return false;
    }
}
