using System.Buffers;
using SecureChannel.Messages;

namespace SecureChannel.Handshakes;

/// <content>Control records: pings, and the signal of an idle timeout.</content>
public sealed partial class ChannelEngine
{
    private TimeSpan _lastReceived;

    // The maximum value means that no ping is unanswered.
    private TimeSpan _pinged = TimeSpan.MaxValue;

    // The last received record answered a ping of this endpoint.
    private bool _isAnswer;

    /// <summary>
    /// Gets the time for which the engine waits for a record of the peer after a ping. The default is 10 seconds. The interval of pings is
    /// <see cref="NegotiatedSession.KeepAliveInterval"/>.
    /// </summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets the time at which a ping is due, or its answer is overdue; null if the session has no keep-alive, or a direction is closed.</summary>
    internal TimeSpan? KeepAliveDeadline =>
        Status == EngineStatus.Established && !IsReadClosed && !IsWriteClosed && HasControl && Negotiated!.KeepAliveInterval is { } interval
            ? _pinged != TimeSpan.MaxValue ? Later(_pinged, KeepAliveTimeout) : Later(_lastReceived, interval)
            : null;

    private bool HasControl => _format.Control is not null && Negotiated is { ParametersVersion: not null };

    /// <summary>Sends a ping, or fails the session if the last one was not answered in time. Does nothing before <see cref="KeepAliveDeadline"/>.</summary>
    internal void KeepAlive(TimeSpan now, IBufferWriter<byte> output)
    {
        if (KeepAliveDeadline is not { } deadline || now < deadline)
            return;
        _records.Output = output;
        if (_pinged != TimeSpan.MaxValue)
        {
            Fail(new SessionError(
                SessionErrorKind.TimedOut, SessionErrorCode.KeepAliveTimeout, AlertDescription.GeneralError,
                $"The peer does not respond: no record arrived within {KeepAliveTimeout.TotalSeconds:0.###} s after a ping. Create a new session."));
            return;
        }
        _pinged = now;
        WriteControl(ControlKind.Ping);
    }

    /// <summary>Restarts keep-alive, because received records wait for the application, so that the answer of the peer cannot be read.</summary>
    internal void RestartKeepAlive(TimeSpan now) => (_lastReceived, _pinged) = (now, TimeSpan.MaxValue);

    /// <summary>Ends a session whose idle timeout expired. The peer receives the signal, if it can, and the alert general_error.</summary>
    internal void Expire(SessionEnd end, TimeSpan now, IBufferWriter<byte> output)
    {
        if (Status != EngineStatus.Established)
            return;
        _records.Output = output;
        if (end.Reason == SessionEndReason.IdleTimeout && HasControl && !IsWriteClosed)
            WriteControl(ControlKind.IdleTimeout);
        Finish(end, AlertDescription.GeneralError);
    }

    // The last record of the keys is reserved for the alert.
    private void WriteControl(ControlKind kind)
    {
        Span<byte> content = stackalloc byte[1];
        WireSerializer.Write(content, new ControlMessage(kind));
        try
        {
            if (_records.Writer.RecordsLeft <= 2)
                UpdateWriteKeys();
            if (Status == EngineStatus.Established && _records.Writer.RecordsLeft > 1)
                _records.WriteControl(content);
        }
        catch (Exception exception)
        {
            FailLocally(exception);
        }
    }

    private void ReadControl(ReadOnlySpan<byte> content)
    {
        if (!HasControl)
            Fail(Unexpected("A control record was received, but the endpoints did not exchange session parameters."));
        else if (!WireSerializer.TryRead<ControlMessage>(content, out var message, out var wrong))
            Fail(new SessionError(SessionErrorKind.MalformedMessage, SessionErrorCode.Malformed, AlertDescription.DecodeError, $"Control record: {wrong}"));
        else if (message.Kind == ControlKind.Ping)
            AnswerPing();
        else if (message.Kind == ControlKind.IdleTimeout && Negotiated!.IdleTimeout is null)
            Fail(Unexpected("The peer reported an idle timeout, but the session has none."));
        else if (message.Kind == ControlKind.IdleTimeout)
            Finish(IdleEnd.Create(Negotiated!, isInProgress: false), null);
        else if (message.Kind != ControlKind.Pong)
            Fail(new SessionError(
                SessionErrorKind.ProtocolViolation, SessionErrorCode.IllegalParameter, AlertDescription.IllegalParameter,
                $"A control record has the unknown kind {(byte)message.Kind}."));
    }

    private void AnswerPing()
    {
        // Pings that cross answer each other: the peer sent this one before it received that of this endpoint.
        if (!IsWriteClosed && !_isAnswer)
            WriteControl(ControlKind.Pong);
    }
}
