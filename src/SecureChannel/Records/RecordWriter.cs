using System.Buffers;
using SecureChannel.Cryptography;
using SecureChannel.Messages;

namespace SecureChannel.Handshakes;

/// <summary>Writes records: plain until it has keys, then protected (RFC 9846 sections 5.1 and 5.2). Not safe for use by several threads at once.</summary>
/// <param name="format">The protocol's numbers.</param>
public sealed class RecordWriter(RecordFormat format) : IDisposable
{
    private TrafficKeys? _keys;
    private bool _disposed;
    private bool _hasWritten;

    /// <summary>Whether this is a client's, whose first message may have a version of its own.</summary>
    internal bool IsClient { get; init; }

    /// <summary>Whether what is written is protected.</summary>
    public bool IsProtected => _keys is not null;

    /// <summary>How many more records may be written; without keys there is no limit. <see cref="RecordsFor"/> says how many a content takes.</summary>
    public long RecordsLeft => _keys?.RecordsLeft ?? long.MaxValue;

    /// <summary>How many records a content of this length takes; an empty one takes one.</summary>
    /// <param name="contentLength">The length in bytes.</param>
    public static int RecordsFor(int contentLength) => Math.Max(1, (int)(((long)contentLength + RecordFormat.MaxContentLength - 1) / RecordFormat.MaxContentLength));

    /// <summary>Protects all that is written from now on; the writer owns the keys and wipes them, and wipes those that it had.</summary>
    /// <param name="keys">The keys of the direction.</param>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
    public void UseKeys(TrafficKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ObjectDisposedException.ThrowIf(_disposed, this);
        _keys?.Dispose();
        _keys = keys;
    }

    /// <summary>Writes content as one record, or as several where it is longer than one carries.</summary>
    /// <param name="contentType">One of the format's types.</param>
    /// <param name="content">The content. Only protected application data may be empty (RFC 9846 section 5.1).</param>
    /// <param name="output">Where the records go.</param>
    /// <exception cref="ArgumentException">The content is empty, an alert is longer than a record, or the type is not the format's.</exception>
    /// <exception cref="InvalidOperationException">Application data without keys, or more records than <see cref="RecordsLeft"/>; nothing was written.</exception>
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
            throw new ArgumentException($"0x{contentType:X2} is not a content type of this protocol.", nameof(contentType));

        // RFC 9846 section 5.1: zero-length fragments only of application data; alerts are not fragmented.
        if (length == 0 && contentType != format.ApplicationData)
            throw new ArgumentException($"A record of type {format.NameOf(contentType)} is never empty.", nameof(contentType));
        if (length > RecordFormat.MaxContentLength && contentType == format.Alert)
            throw new ArgumentException("An alert is never fragmented.", nameof(contentType));

        // RFC 9846 section 5.1: application data is never written unprotected.
        if (_keys is null && contentType == format.ApplicationData)
            throw new InvalidOperationException("Application data is never written without keys: finish the handshake first.");
        if (RecordsFor(length) > RecordsLeft)
            throw new InvalidOperationException("These keys may not protect so many more records: renew them or close the session before.");
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
        var length = fragment.Length + 1 + Aead.TagLength;
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
