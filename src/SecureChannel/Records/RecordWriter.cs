using System.Buffers;
using SecureChannel.Messages;

namespace SecureChannel.Handshakes;

/// <summary>A writer of records. After a call of <see cref="UseKeys"/>, the writer protects records (RFC 9846 sections 5.1 and 5.2). Not thread-safe.</summary>
/// <param name="format">The record format of the protocol.</param>
public sealed class RecordWriter(RecordFormat format) : IDisposable
{
    private TrafficKeys? _keys;
    private bool _disposed;
    private bool _hasWritten;

    /// <summary>
    /// Gets a value that indicates whether the local endpoint is a client, whose first record has the version <see cref="RecordFormat.FirstVersion"/>.
    /// </summary>
    internal bool IsClient { get; init; }

    /// <summary>Gets or sets a value that indicates whether a change_cipher_spec record must precede the next record.</summary>
    internal bool OwesChangeCipherSpec { get; set; }

    /// <summary>Gets a value that indicates whether records are protected.</summary>
    public bool IsProtected => _keys is not null;

    /// <summary>
    /// Gets the number of records that the current keys may still protect, or <see cref="long.MaxValue"/> if the writer has no keys. Compare this
    /// number with the result of <see cref="RecordsFor"/> before a write.
    /// </summary>
    public long RecordsLeft => _keys?.RecordsLeft ?? long.MaxValue;

    /// <summary>Returns the number of records that content of a given length needs. Empty content needs one record.</summary>
    /// <param name="contentLength">The length of the content, in bytes.</param>
    public static int RecordsFor(int contentLength) => Math.Max(1, (int)(((long)contentLength + RecordFormat.MaxContentLength - 1) / RecordFormat.MaxContentLength));

    /// <summary>Protects all following records with the given keys. The writer owns the keys and wipes its previous keys.</summary>
    /// <param name="keys">The keys of the direction.</param>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
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

    /// <summary>Writes content as one record, or as several records if the content is too long for one record.</summary>
    /// <param name="contentType">A content type of the record format.</param>
    /// <param name="content">The content. Only protected application data may be empty (RFC 9846 section 5.1).</param>
    /// <param name="output">Receives the records.</param>
    /// <exception cref="ArgumentException">
    /// The content is empty, an alert is too long for one record, or the content type is not defined by the record format.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// There are no keys for application data, or the content needs more records than <see cref="RecordsLeft"/>. Nothing was written.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
    public void Write(byte contentType, ReadOnlySpan<byte> content, IBufferWriter<byte> output)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Check(contentType, content.Length);
        do
        {
            var fragment = content[..Math.Min(content.Length, RecordFormat.MaxContentLength)];
            content = content[fragment.Length..];
            if (_keys is not null && contentType != format.ChangeCipherSpec)
                WriteProtected(_keys, contentType, fragment, output);
            else
                WritePlain(contentType, fragment, output);
        }
        while (!content.IsEmpty);
        _hasWritten = true;
    }

    /// <summary>Wipes the keys.</summary>
    public void Dispose()
    {
        _disposed = true;
        _keys?.Dispose();
        _keys = null;
    }

    private void Check(byte contentType, int length)
    {
        if (!format.Knows(contentType))
            throw new ArgumentException($"0x{contentType:X2} is not a content type of this record format.", nameof(contentType));

        // RFC 9846 section 5.1: only application data may have zero-length fragments; alerts are not fragmented.
        if (length == 0 && contentType != format.ApplicationData)
            throw new ArgumentException($"A record of type '{format.NameOf(contentType)}' must not be empty.", nameof(contentType));
        if (length > RecordFormat.MaxContentLength && contentType == format.Alert)
            throw new ArgumentException($"The alert has {length} bytes, but an alert must fit into one record.", nameof(contentType));

        // RFC 9846 section 5.1: application data is never written unprotected.
        if (_keys is null && contentType == format.ApplicationData)
            throw new InvalidOperationException("Application data cannot be written without keys. Complete the handshake first.");
        if (RecordsFor(length) > RecordsLeft)
            throw new InvalidOperationException("The content needs more records than the keys may still protect. Update the keys, or close the session.");
    }

    private void WritePlain(byte contentType, ReadOnlySpan<byte> fragment, IBufferWriter<byte> output)
    {
        var record = output.GetSpan(RecordFormat.HeaderLength + fragment.Length);
        WriteHeader(record, contentType, fragment.Length);
        fragment.CopyTo(record[RecordFormat.HeaderLength..]);
        output.Advance(RecordFormat.HeaderLength + fragment.Length);
    }

    // RFC 9846 section 5.2: content, type, tag; the header is the associated data.
    private void WriteProtected(TrafficKeys keys, byte contentType, ReadOnlySpan<byte> fragment, IBufferWriter<byte> output)
    {
        var length = fragment.Length + 1 + keys.TagLength;
        var record = output.GetSpan(RecordFormat.HeaderLength + length)[..(RecordFormat.HeaderLength + length)];
        WriteHeader(record, format.ApplicationData, length);
        var body = record[RecordFormat.HeaderLength..];
        fragment.CopyTo(body);
        body[fragment.Length] = contentType;
        keys.Seal(record[..RecordFormat.HeaderLength], body);
        output.Advance(record.Length);
    }

    private void WriteHeader(Span<byte> record, byte outerType, int length)
    {
        var header = new WireWriter(record);
        header.WriteByte(outerType);
        header.WriteUInt16(IsClient && !_hasWritten ? format.FirstVersion ?? format.Version : format.Version);
        header.WriteUInt16((ushort)length);
    }
}
