using System.Buffers;

namespace SecureChannel.Handshakes;

/// <content>The bytes from the peer: one record at a time, and the end of the transport.</content>
public sealed partial class ChannelEngine
{
    // RFC 9846 sets no limit. This allows tickets, key updates and cover traffic, and makes a flood cost its sender more than this endpoint.
    private const int MaxRecordsWithoutData = 32;

    private static readonly TimeSpan FloodPeriod = TimeSpan.FromSeconds(1);

    // The answers to 256 MiB of sent data, which is more than a connection holds in flight.
    private const int MaxAllowedAnswers = 1 << 14;

    // A server may send many tickets in one flight.
    private const int MaxHandshakeRecords = 8 * MaxRecordsWithoutData;

    private int _recordsWithoutData;
    private ushort _handshakeRecords;
    private TimeSpan _floodStart;
    private bool _hasHandshakeRecord;
    private bool _isCanceledByPeer;
    private bool _hasReceivedData;

    /// <summary>Reads at most one record from the start of the input. Writes the bytes that the endpoint sends in response, if any.</summary>
    /// <param name="input">The received bytes that were not consumed yet. Application data is decrypted in place.</param>
    /// <param name="now">The current time.</param>
    /// <param name="output">Receives the bytes for the peer.</param>
    /// <exception cref="InvalidOperationException">The engine was not started.</exception>
    public ReadResult Read(Span<byte> input, TimeSpan now, IBufferWriter<byte> output)
    {
        if (_started is null)
            throw new InvalidOperationException("The engine was not started. Call Start first.");
        if (Status == EngineStatus.Closed || Pending is not null)
            return default;

        // RFC 9846 section 6.1: "Any data received after a closure alert has been received MUST be ignored."
        if (IsReadClosed)
            return new ReadResult(input.Length, 0, 0, true);

        _records.Output = output;
        try
        {
            _records.Reader.AcceptsPlainAlerts = true;
            switch (_records.Reader.TryRead(input, out var record))
            {
                case RecordStatus.NeedMoreData:
                    return new ReadResult(0, 0, 0, true);
                case RecordStatus.Skipped when _records.Deframer.HasUnreadBytes:
                    Fail(Interleaved());
                    return default;
                case RecordStatus.Skipped:
                    return new ReadResult(record.Consumed, 0, 0, false);
                case RecordStatus.Failed:
                    Fail(_records.Reader.Error!);
                    return default;
            }

            (_lastReceived, _isAnswer, _pinged) = (now, _pinged != TimeSpan.MaxValue, TimeSpan.MaxValue);
            if (IsFlood(record, now))
                Fail(Flood());
            else if (_records.Deframer.HasUnreadBytes && record.ContentType != _format.Handshake)
                Fail(Interleaved());
            else if (record.ContentType == _format.Alert)
                ReadAlert(record.Content(input));
            else if (record.ContentType == _format.Handshake)
                RunHandshake(record.Content(input), now);
            else if (record.ContentType == _format.ApplicationData)
                return ReadApplicationData(record, now);
            else if (record.ContentType == _format.Control)
                ReadControl(record.Content(input));
            else if (Status != EngineStatus.Handshaking || (Role == Role.Server && !_hasHandshakeRecord))
                Fail(Unexpected("A change_cipher_spec record was received before the first message or after the last message of the handshake (RFC 9846 section 5)."));
            return new ReadResult(record.Consumed, 0, 0, false);
        }
        catch (Exception exception)
        {
            FailLocally(exception);
            return default;
        }
    }

    /// <summary>
    /// Handles the end of the transport, after which no more bytes arrive. If the peer has not sent a close_notify, the session fails as truncated.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="output">Receives the bytes for the peer.</param>
    public void ReadEnd(TimeSpan now, IBufferWriter<byte> output)
    {
        if (IsReadClosed)
            return;
        Abort(
            new SessionError(SessionErrorKind.Truncated, SessionErrorCode.Truncated, AlertDescription.InternalError, Status == EngineStatus.Handshaking
                ? "The connection ended before the handshake was complete."
                : "The connection ended without a close_notify. Do not treat the received data as complete."),
            now,
            output);
    }

    // Returns true if the peer sent too many records without data in a short time: empty records, warnings, change_cipher_spec and control records. After the
    // handshake, handshake messages count too; those that do not change keys, such as tickets, have a higher limit.
    private bool IsFlood(in ReceivedRecord record, TimeSpan now)
    {
        if (now - _floodStart >= FloodPeriod)
            (_floodStart, _recordsWithoutData, _handshakeRecords) = (now, Math.Min(_recordsWithoutData, 0), 0);
        if (record.ContentType == _format.ApplicationData && record.ContentLength > 0)
            (_recordsWithoutData, _handshakeRecords) = (Math.Min(_recordsWithoutData, 0), 0);
        else if (record.ContentType != _format.Handshake)
            _recordsWithoutData++;
        else if (Status == EngineStatus.Established)
            _handshakeRecords++;
        return _recordsWithoutData > MaxRecordsWithoutData || _handshakeRecords > MaxHandshakeRecords - Math.Min(_recordsWithoutData, 0);
    }

    // A JDK at its record limit requests new keys with each record that it receives: a long write allows as many answers, and the count becomes negative.
    private void AllowAnswers(int contentLength) =>
        _recordsWithoutData = Math.Max(Math.Min(_recordsWithoutData, 0) - RecordWriter.RecordsFor(contentLength), -MaxAllowedAnswers);

    // Passes complete messages to the handshake until it fails, waits or needs more data. The content is that of a handshake record, or empty.
    private void RunHandshake(ReadOnlySpan<byte> content, TimeSpan now)
    {
        if (!content.IsEmpty)
        {
            _hasHandshakeRecord = true;
            _records.Deframer.Append(content);
        }

        SessionError? error = null;
        var keys = _records.Reader.Keys;
        var (maxLength, limit) = Role == Role.Server && !_records.Reader.IsProtected
            ? (_maxClientHelloLength, "MaxClientHelloSize")
            : (_maxHandshakeMessageLength, "MaxHandshakeMessageSize");
        while (_machine.Error is null && _machine.Pending is null && _records.Deframer.TryTake(maxLength, limit, out var message, out error))
            _machine.Receive(message);

        // An observer may dispose the engine.
        if (Status == EngineStatus.Closed)
            return;
        if ((_machine.Error ?? error ?? (_records.Reader.Keys == keys ? null : CheckKeyUpdate())) is { } failure)
        {
            Fail(failure);
            return;
        }

        if (Negotiated is null && _machine.Negotiated is { } negotiated)
        {
            (_lastActivity, _lastReceived) = (now, now);
            Negotiated = negotiated;
            _recordsWithoutData = 0;
            Status = EngineStatus.Established;
        }

        // A pending signature completes its flight, which leaves in one record; a pending operation may still read its message.
        if (_machine.Pending is not null)
            return;
        _records.FlushFlight();
        _records.Deframer.ReleaseMemory();
        if (Negotiated is not null)
            _machine.ReleaseHandshake();
    }

    // A record contains at most one key update, because no message spans a change of keys.
    private SessionError? CheckKeyUpdate()
    {
        if (Status == EngineStatus.Established)
            _recordsWithoutData++;
        return _recordsWithoutData > MaxRecordsWithoutData ? Flood() : null;
    }

    private ReadResult ReadApplicationData(ReceivedRecord record, TimeSpan now)
    {
        if (Status == EngineStatus.Established)
        {
            _lastActivity = now;
            _hasReceivedData = true;
            return new ReadResult(record.Consumed, record.ContentOffset, record.ContentLength, false);
        }
        Fail(Unexpected("Application data was received before the handshake was complete."));
        return new ReadResult(record.Consumed, 0, 0, false);
    }

    private void ReadAlert(ReadOnlySpan<byte> content)
    {
        if (!AlertRecord.TryRead(content, out AlertDescription alert))
            Fail(new SessionError(
                SessionErrorKind.MalformedMessage, SessionErrorCode.Malformed, AlertDescription.DecodeError,
                $"An alert of {content.Length} bytes was received; expected 2 bytes (RFC 9846 section 6)."));
        else if (alert == AlertDescription.UserCanceled)
            // RFC 9846 section 6.1: "Receiving implementations SHOULD continue to read data from the peer until a "close_notify" is received".
            _isCanceledByPeer = true;
        else if (alert != AlertDescription.CloseNotify)
            Finish(new SessionEnd(SessionEndReason.Failed, new SessionError(
                SessionErrorKind.AlertReceived, SessionErrorCode.AlertReceived, alert,
                $"The peer ended the session with the alert {alert}.")), null);
        else if (Status == EngineStatus.Handshaking || !_records.Reader.HasOpened || (_isCanceledByPeer && !_hasReceivedData))
            // The peer's handshake may end before this endpoint's is known to be complete at the peer.
            Finish(new SessionEnd(SessionEndReason.Failed, ClosedDuringHandshake()), null);
        else
            CloseRead();
    }

    private void CloseRead()
    {
        IsReadClosed = true;
        if (IsWriteClosed)
            Finish(new SessionEnd(SessionEndReason.ClosedByPeer), null);
    }

    private SessionError ClosedDuringHandshake() => _isCanceledByPeer
        ? new SessionError(SessionErrorKind.AlertReceived, SessionErrorCode.AlertReceived, AlertDescription.UserCanceled, "The peer canceled the handshake.")
        : new SessionError(SessionErrorKind.AlertReceived, SessionErrorCode.AlertReceived, AlertDescription.CloseNotify, "The peer closed the session before the handshake was complete.");

    private static SessionError Interleaved() =>
        Unexpected("A record of another type was received between the records of one handshake message (RFC 9846 section 5.1).");

    private static SessionError Flood() => new(
        SessionErrorKind.ProtocolViolation, SessionErrorCode.Flood, AlertDescription.UnexpectedMessage,
        $"The peer sent more than {MaxRecordsWithoutData} consecutive records without application data, or {MaxHandshakeRecords} with handshake messages, within "
        + $"{FloodPeriod.TotalSeconds:0} s. Each application data record that this endpoint sends allows one more.");
}
