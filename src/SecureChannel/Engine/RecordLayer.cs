using System.Buffers;

namespace SecureChannel.Handshakes;

/// <summary>
/// The record layer of one endpoint, which the engine and the handshake share. It reads and writes records, assembles received handshake messages, and collects
/// the handshake messages of the next flight.
/// </summary>
/// <param name="format">The record format of the handshake.</param>
/// <param name="role">The role of the local endpoint.</param>
internal class RecordLayer(RecordFormat format, Role role) : IDisposable
{
    /// <summary>Gets the reader of received records.</summary>
    public RecordReader Reader { get; } = new(format);

    /// <summary>Gets the writer of records.</summary>
    public RecordWriter Writer { get; } = new(format) { IsClient = role == Role.Client };

    /// <summary>Gets the assembler of received handshake messages.</summary>
    public HandshakeDeframer Deframer { get; } = new();

    /// <summary>Gets the collected handshake messages, each with its header, that <see cref="FlushFlight"/> writes.</summary>
    public PooledBuffer Flight { get; } = new();

    /// <summary>Gets or sets the buffer that receives the bytes for the peer during the current call of the engine.</summary>
    public IBufferWriter<byte>? Output { get; set; }

    /// <summary>Writes the collected handshake messages as one record, if there are any.</summary>
    public void FlushFlight()
    {
        if (Flight.Length == 0)
            return;
        Write(format.Handshake, Flight.Written.Span);
        Flight.Clear();
    }

    /// <summary>Writes the collected handshake messages, then the application data.</summary>
    public void WriteApplicationData(ReadOnlySpan<byte> data)
    {
        FlushFlight();
        Write(format.ApplicationData, data);
    }

    /// <summary>Writes a control record.</summary>
    public void WriteControl(ReadOnlySpan<byte> content) => Write(format.Control!.Value, content);

    /// <summary>Writes an alert. The collected handshake messages are not sent.</summary>
    public void WriteAlert(AlertDescription alert) => Write(format.Alert, AlertRecord.Frame(alert));

    /// <summary>Requires that received records are protected with new keys from now on. The record layer owns the keys.</summary>
    /// <returns>The error if a handshake message spans the change of keys; otherwise, null.</returns>
    public virtual SessionError? UseReadKeys(TrafficKeys keys)
    {
        Reader.UseKeys(keys);

        // RFC 9846 section 5.1: "Handshake messages MUST NOT span key changes."
        return Deframer.HasUnreadBytes
            ? new(SessionErrorKind.ProtocolViolation, SessionErrorCode.UnexpectedMessage, AlertDescription.UnexpectedMessage, "A handshake message spans a change of keys (RFC 9846 section 5.1).")
            : null;
    }

    /// <summary>Writes the collected handshake messages, then protects all later records with new keys. The record layer owns the keys.</summary>
    public virtual void UseWriteKeys(TrafficKeys keys)
    {
        try
        {
            FlushFlight();
        }
        catch
        {
            keys.Dispose();
            throw;
        }

        Writer.UseKeys(keys);
    }

    /// <summary>Writes the change_cipher_spec record of the middlebox compatibility mode, after the collected handshake messages.</summary>
    /// <param name="isDeferred">True to write it directly before the next record, of any type; false to write it now.</param>
    /// <exception cref="InvalidOperationException">The record format has no such record.</exception>
    public virtual void SendChangeCipherSpec(bool isDeferred)
    {
        if (format.ChangeCipherSpec is null)
            throw new InvalidOperationException(
                $"The record format has no change_cipher_spec record. Set '{nameof(RecordFormat)}.{nameof(RecordFormat.ChangeCipherSpec)}'.");
        FlushFlight();
        Writer.OwesChangeCipherSpec = true;
        if (!isDeferred)
            WriteOwedChangeCipherSpec();
    }

    /// <summary>Discards received records until one can be decrypted. The value 0 discards none from now on.</summary>
    public virtual void SkipEarlyData(int maxBytes) => Reader.SkipEarlyData(maxBytes);

    /// <summary>Wipes the keys and the buffered messages.</summary>
    public void Dispose()
    {
        Deframer.Dispose();
        Flight.Dispose();
        try
        {
            Reader.Dispose();
        }
        finally
        {
            Writer.Dispose();
        }
    }

    private void Write(byte contentType, ReadOnlySpan<byte> content)
    {
        if (Writer.OwesChangeCipherSpec)
            WriteOwedChangeCipherSpec();
        Writer.Write(contentType, content, Output!);
    }

    private void WriteOwedChangeCipherSpec()
    {
        Writer.OwesChangeCipherSpec = false;
        Writer.Write(format.ChangeCipherSpec!.Value, [1], Output!);
    }
}
