using System.Buffers;

namespace SecureChannel.Handshakes;

/// <content>What comes from the peer: one record at a time, and the end of the transport.</content>
public sealed partial class ChannelEngine
{
    // RFC 9846 names no bound: enough for tickets, renewed keys and cover traffic, and few enough that a flood costs its sender more than this end.
    private const int MaxRecordsWithoutData = 32;

    private readonly RecordReader _reader;
    private long _recordsWithoutData;
    private bool _isCancelled;

    /// <summary>Takes at most one record from the start of the input, and answers it.</summary>
    /// <param name="input">The bytes that have come and were not consumed; application data is decrypted where it lies.</param>
    /// <param name="now">The time.</param>
    /// <param name="output">Takes the bytes for the peer.</param>
    /// <exception cref="InvalidOperationException">The engine was not started.</exception>
    public ReadResult Read(Span<byte> input, TimeSpan now, IBufferWriter<byte> output)
    {
        if (_started is null)
            throw new InvalidOperationException("The engine was not started: call Start first.");
        if (Status == EngineStatus.Closed || Pending is not null)
            return default;

        // RFC 9846 section 6.1: "Any data received after a closure alert has been received MUST be ignored."
        if (IsReadClosed)
            return new ReadResult(input.Length, 0, 0, true);

        _output = output;
        _reader.AcceptsPlainAlerts = Status == EngineStatus.Handshaking;
        switch (_reader.TryRead(input, out var record))
        {
            case RecordStatus.NeedMoreData:
                return new ReadResult(0, 0, 0, true);
            case RecordStatus.Skipped:
                return new ReadResult(record.Consumed, 0, 0, false);
            case RecordStatus.Failed:
                Fail(_reader.Error!);
                return default;
        }

        var isIdle = Deadline <= now && Status == EngineStatus.Established;
        if (_reader.IsProtected)
            _lastTraffic = now;
        if (IsFlood(record))
            Fail(Unexpected($"More than {MaxRecordsWithoutData} records came one after another without any data, beside one for each record that was sent."));
        else if (record.ContentType == _format.Alert)
            ReadAlert(record.Content(input), isIdle);
        else if (_deframer.HasRest && record.ContentType != _format.Handshake)
            Fail(Unexpected("A record of another type came inside a handshake message (RFC 9846 section 5.1)."));
        else if (record.ContentType == _format.Handshake)
            ReadHandshake(record.Content(input), now);
        else if (record.ContentType == _format.ApplicationData)
            return ReadApplicationData(record);
        else if (Status != EngineStatus.Handshaking || (Role == Role.Server && !_hasMessage))
            Fail(Unexpected("A change cipher spec record came before the first message or after the last one of the handshake (RFC 9846 section 5)."));
        return new ReadResult(record.Consumed, 0, 0, false);
    }

    /// <summary>The transport will deliver no more: the session is truncated unless it has ended.</summary>
    /// <param name="now">The time.</param>
    /// <param name="output">Takes the bytes for the peer.</param>
    public void ReadEnd(TimeSpan now, IBufferWriter<byte> output)
    {
        if (IsReadClosed)
            return;
        Abort(
            new SessionError(SessionErrorKind.Truncated, AlertDescription.InternalError, Status == EngineStatus.Handshaking
                ? "The connection ended before the handshake was complete."
                : "The connection ended without the message that ends a session: what was received may not be all that was sent."),
            now,
            output);
    }

    // Whether there were too many records without data: empty ones, warnings, change cipher spec, and after the handshake its messages.
    private bool IsFlood(in ReceivedRecord record)
    {
        if (record.ContentType == _format.ApplicationData && record.ContentLength > 0)
            _recordsWithoutData = Math.Min(_recordsWithoutData, 0);
        else if (record.ContentType != _format.Handshake || Status == EngineStatus.Established)
            _recordsWithoutData++;
        return _recordsWithoutData > MaxRecordsWithoutData;
    }

    // A JDK that has reached its limit asks for new keys with each record that it takes, and much lies before the answer: less than none are counted then.
    private void AllowAnswers(int contentLength) => _recordsWithoutData = Math.Min(_recordsWithoutData, 0) - RecordWriter.RecordsFor(contentLength);

    private void ReadHandshake(ReadOnlySpan<byte> content, TimeSpan now)
    {
        _hasMessage = true;
        _deframer.Append(content);
        Proceed(now);
    }

    private ReadResult ReadApplicationData(ReceivedRecord record)
    {
        if (Status == EngineStatus.Established)
            return new ReadResult(record.Consumed, record.ContentOffset, record.ContentLength, false);
        Fail(Unexpected("Application data came before the handshake was complete."));
        return new ReadResult(record.Consumed, 0, 0, false);
    }

    private void ReadAlert(ReadOnlySpan<byte> content, bool isIdle)
    {
        if (!AlertRecord.TryRead(content, out AlertDescription alert))
            Fail(new SessionError(SessionErrorKind.MalformedMessage, AlertDescription.DecodeError, $"An alert of {content.Length} bytes came; it has two (RFC 9846 section 6)."));
        else if (alert == AlertDescription.UserCanceled)
            // RFC 9846 section 6.1: "Receiving implementations SHOULD continue to read data from the peer until a "close_notify" is received".
            _isCancelled = true;
        else if (alert != AlertDescription.CloseNotify)
            Finish(new SessionEnd(SessionEndReason.Failed, new SessionError(SessionErrorKind.AlertReceived, alert, $"The peer ended the session with the alert {alert}.")), null);
        else if (Status == EngineStatus.Handshaking)
            Finish(new SessionEnd(SessionEndReason.Failed, Unfinished()), null);
        else if (IsWriteClosed)
            Finish(new SessionEnd(SessionEndReason.ClosedLocally), null);
        else if (KeepsOwnDirectionOpen && !isIdle)
            IsReadClosed = true;
        else
            Finish(new SessionEnd(isIdle ? SessionEndReason.IdleTimeout : SessionEndReason.ClosedByPeer), AlertDescription.CloseNotify);
    }

    private SessionError Unfinished() => _isCancelled
        ? new SessionError(SessionErrorKind.AlertReceived, AlertDescription.UserCanceled, "The peer gave up the handshake.")
        : new SessionError(SessionErrorKind.AlertReceived, AlertDescription.CloseNotify, "The peer closed the session before the handshake was complete.");
}
