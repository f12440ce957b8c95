using System.Buffers;

namespace SecureChannel.Handshakes;

/// <summary>
/// A session without its transport. The caller passes the received bytes and the time to the engine; the engine returns application data, the bytes for the
/// peer and the end of the session. The engine reads no clock, starts no thread and performs no I/O. The argument <c>now</c> is the time since any fixed moment
/// and must never decrease. Input from the peer never causes an exception. After a failure, the engine writes the alert once and stays closed. Not thread-safe.
/// </summary>
public sealed partial class ChannelEngine : IDisposable
{
    private static readonly SessionEnd ClosedLocally = new(SessionEndReason.ClosedLocally);

    /// <summary>The default maximum length of a received handshake message, in bytes.</summary>
    public const int DefaultMaxHandshakeMessageLength = 1 << 16;

    /// <summary>The default maximum length of a message that a server receives before it uses keys, such as a ClientHello, in bytes.</summary>
    public const int DefaultMaxClientHelloLength = 1 << 14;

    private readonly HandshakeMachine _machine;
    private readonly RecordFormat _format;
    private readonly RecordLayer _records;
    private readonly TimeSpan _handshakeTimeout;
    private readonly Action<HandshakeProgress>? _observer;
    private readonly int _maxHandshakeMessageLength;
    private readonly int _maxClientHelloLength;
    private TimeSpan? _started;
    private TimeSpan _lastActivity;

    /// <summary>Creates an engine.</summary>
    /// <param name="machine">The handshake of the local endpoint. The engine owns it.</param>
    /// <param name="format">The record format of the handshake.</param>
    /// <param name="handshakeTimeout">
    /// The maximum duration of the handshake, counted from <see cref="Start"/>; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.
    /// </param>
    /// <param name="observer">Receives each transition of the handshake. It must not call the engine.</param>
    /// <param name="maxHandshakeMessageLength">The maximum length of a received handshake message, in bytes.</param>
    /// <param name="maxClientHelloLength">
    /// The maximum length of a message that a server receives before its peer's records are protected, in bytes. It bounds the memory of clients that have proven
    /// nothing. A client does not use it.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The timeout or a maximum length is not positive.</exception>
    public ChannelEngine(
        HandshakeMachine machine,
        RecordFormat format,
        TimeSpan handshakeTimeout,
        Action<HandshakeProgress>? observer = null,
        int maxHandshakeMessageLength = DefaultMaxHandshakeMessageLength,
        int maxClientHelloLength = DefaultMaxClientHelloLength)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(format);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxHandshakeMessageLength);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxClientHelloLength);
        if (handshakeTimeout != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(handshakeTimeout, TimeSpan.Zero);
        (_machine, _format, _handshakeTimeout, _observer) = (machine, format, handshakeTimeout, observer);
        (_maxHandshakeMessageLength, _maxClientHelloLength) = (maxHandshakeMessageLength, maxClientHelloLength);
        _records = new RecordLayer(format, machine.Role);
    }

    /// <summary>Gets the status of the session.</summary>
    public EngineStatus Status { get; private set; }

    /// <summary>Gets the role of the local endpoint.</summary>
    public Role Role => _machine.Role;

    /// <summary>
    /// Gets a value that indicates whether the peer has closed its direction (RFC 9846 section 6.1). No more data is received. The local endpoint can send until
    /// it closes its own direction.
    /// </summary>
    public bool IsReadClosed { get; private set; }

    /// <summary>Gets a value that indicates whether the local endpoint has closed its direction. No more data can be sent.</summary>
    public bool IsWriteClosed { get; private set; }

    /// <summary>Gets the negotiated parameters, or null until the handshake completes.</summary>
    public NegotiatedSession? Negotiated { get; private set; }

    /// <summary>Gets the proven identity of the peer, or null until the handshake completes. Also null if the peer did not authenticate.</summary>
    public PeerIdentity? PeerIdentity => Negotiated is null ? null : _machine.PeerIdentity;

    /// <summary>Gets the reason for the end of the session with the error, if any; or null while the session is open.</summary>
    public SessionEnd? End { get; private set; }

    /// <summary>
    /// Gets the operation that the handshake waits for, or null. Run the operation, then call <see cref="Resume"/>. Until then, <see cref="Read"/> consumes no
    /// bytes.
    /// </summary>
    public PendingOperation? Pending => Status == EngineStatus.Closed ? null : _machine.Pending;

    /// <summary>Gets the latest time at which <see cref="Tick"/> must be called, or null if the session has no deadline.</summary>
    public TimeSpan? Deadline => KeepAliveDeadline is { } keepAlive && !(IdleDeadline < keepAlive) ? keepAlive : IdleDeadline;

    /// <summary>Gets the time at which the handshake or the idle session times out, or null for never.</summary>
    internal TimeSpan? IdleDeadline => Status switch
    {
        EngineStatus.Handshaking when _started is { } started && _handshakeTimeout != Timeout.InfiniteTimeSpan => Later(started, _handshakeTimeout),
        EngineStatus.Established when Negotiated!.IdleTimeout is { } idle => Later(_lastActivity, idle),
        _ => null,
    };

    /// <summary>Restarts the idle timeout, because the transport accepted data, or received data waited for the application until now.</summary>
    public void RestartIdleTimeout(TimeSpan now) => _lastActivity = now;

    /// <summary>Starts the handshake. A client writes its first flight.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="output">Receives the bytes for the peer.</param>
    /// <exception cref="InvalidOperationException">The engine was already started.</exception>
    public void Start(TimeSpan now, IBufferWriter<byte> output)
    {
        if (_started is not null)
            throw new InvalidOperationException("The engine was already started. Create a new engine for each session.");
        _machine.ThrowIfStarted();
        (_started, _records.Output) = (now, output);
        try
        {
            _machine.Start(_records, _observer);
            RunHandshake([], now);
        }
        catch (Exception exception)
        {
            FailLocally(exception);
        }
    }

    /// <summary>Continues the handshake after <see cref="Pending"/> has run.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="output">Receives the bytes for the peer.</param>
    /// <exception cref="InvalidOperationException">No operation is pending.</exception>
    public void Resume(TimeSpan now, IBufferWriter<byte> output)
    {
        if (Status == EngineStatus.Closed)
            return;
        if (Pending is null)
            throw new InvalidOperationException("No operation is pending. Call Resume only after the operation in Pending has run.");
        _records.Output = output;
        try
        {
            _machine.Resume();
            RunHandshake([], now);
        }
        catch (Exception exception)
        {
            FailLocally(exception);
        }
    }

    /// <summary>Sends application data. Call <see cref="RestartIdleTimeout"/> when the transport has accepted the output.</summary>
    /// <param name="data">The data, of any length.</param>
    /// <param name="now">The current time.</param>
    /// <param name="output">Receives the bytes for the peer.</param>
    /// <exception cref="InvalidOperationException">The session is not established, or has ended.</exception>
    public void Write(ReadOnlySpan<byte> data, TimeSpan now, IBufferWriter<byte> output)
    {
        if (Status != EngineStatus.Established)
            throw new InvalidOperationException(
                End is null ? "The handshake is not complete. Send data after the session is established." : $"The session has ended: {End}.");
        if (IsWriteClosed)
            throw new InvalidOperationException("The local endpoint has closed its direction. It cannot send more data.");

        _records.Output = output;
        AllowAnswers(data.Length);
        try
        {
            WriteRecords(data);
        }
        catch (Exception exception)
        {
            FailLocally(exception);
        }
    }

    /// <summary>
    /// Closes the direction of the local endpoint with a close_notify. Data from the peer is still received until the peer closes its own direction (RFC 9846
    /// section 6.1). If the peer has closed its direction already, the session ends. Does nothing if the direction is already closed or the session has ended.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="output">Receives the bytes for the peer.</param>
    /// <exception cref="InvalidOperationException">The handshake is not complete.</exception>
    public void CloseWrite(TimeSpan now, IBufferWriter<byte> output)
    {
        if (Status == EngineStatus.Handshaking)
            throw new InvalidOperationException("The handshake is not complete. Call Close to end it, or CloseWrite after the session is established.");
        if (Status == EngineStatus.Closed || IsWriteClosed)
            return;

        _records.Output = output;
        if (IsReadClosed)
        {
            Close(now, output);
            return;
        }

        AnswerKeyUpdateRequest();
        if (Status == EngineStatus.Closed)
            return;
        try
        {
            _records.WriteAlert(AlertDescription.CloseNotify);
        }
        catch (Exception exception)
        {
            FailLocally(exception);
        }

        IsWriteClosed = true;
    }

    /// <summary>Ends the session with a close_notify (RFC 9846 section 6.1). Does nothing if the session has ended.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="output">Receives the bytes for the peer.</param>
    public void Close(TimeSpan now, IBufferWriter<byte> output)
    {
        _records.Output = output;
        Finish(new SessionEnd(IsReadClosed ? SessionEndReason.ClosedByPeer : SessionEndReason.ClosedLocally), AlertDescription.CloseNotify);
    }

    /// <summary>Ends the session with an error. The peer receives the alert of the error. Does nothing if the session has ended.</summary>
    /// <param name="error">The error.</param>
    /// <param name="now">The current time.</param>
    /// <param name="output">Receives the bytes for the peer.</param>
    /// <exception cref="ArgumentException">
    /// The alert of the error is close_notify or user_canceled, which are not errors (RFC 9846 section 6.1): the peer would see an orderly end.
    /// </exception>
    public void Abort(SessionError error, TimeSpan now, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(error);
        ThrowIfClosureAlert(error);
        _records.Output = output;
        Fail(error);
    }

    /// <summary>
    /// Cancels the handshake: the peer receives user_canceled and close_notify (RFC 9846 section 6.1). Does nothing if the session is established or has ended.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="output">Receives the bytes for the peer.</param>
    public void Cancel(TimeSpan now, IBufferWriter<byte> output)
    {
        if (Status != EngineStatus.Handshaking)
            return;
        _records.Output = output;
        Fail(new SessionError(
            SessionErrorKind.LocalError, SessionErrorCode.Canceled, AlertDescription.UserCanceled, "This endpoint canceled the handshake."));
    }

    /// <summary>
    /// Fails a handshake that exceeds its timeout, ends a session that was idle for the negotiated time, or checks that the peer responds. A session that ends
    /// sends the alert general_error: a close_notify would turn a stalled connection into an orderly end. Does nothing before <see cref="Deadline"/>.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="output">Receives the bytes for the peer.</param>
    public void Tick(TimeSpan now, IBufferWriter<byte> output)
    {
        KeepAlive(now, output);
        if (IdleDeadline is not { } deadline || now < deadline)
            return;

        _records.Output = output;
        if (Status == EngineStatus.Established)
            Expire(IdleEnd.Create(Negotiated!, isInProgress: false), now, output);
        else
            Fail(new SessionError(
                SessionErrorKind.TimedOut, SessionErrorCode.HandshakeTimeout, AlertDescription.GeneralError,
                $"The handshake did not complete within {_handshakeTimeout.TotalSeconds:0.###} s. It stopped in state '{_machine.StateName}'."));
    }

    /// <summary>Derives keying material that only the two endpoints know (RFC 9846 section 7.5).</summary>
    /// <param name="label">The label that the application chooses for the key.</param>
    /// <param name="context">The context to which the key is bound; may be empty.</param>
    /// <param name="output">Receives the keying material.</param>
    /// <exception cref="InvalidOperationException">The session is not established, or has ended.</exception>
    public void ExportKeyingMaterial(string label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        if (Status != EngineStatus.Established)
            throw new InvalidOperationException(
                End is null
                    ? "The handshake is not complete. Export keying material after the session is established."
                    : "The session has ended and its secrets are wiped. Export keying material before the session ends.");
        _machine.Export(label, context, output);
    }

    /// <summary>Wipes the secrets. Call <see cref="Close"/> first: without a close_notify, the peer reports an open session as truncated.</summary>
    public void Dispose()
    {
        Status = EngineStatus.Closed;
        End ??= ClosedLocally;
        Wipe();
    }

    private void Fail(SessionError error) => Finish(new SessionEnd(SessionEndReason.Failed, error), error.Alert);

    private void Finish(SessionEnd end, AlertDescription? alert)
    {
        if (Status == EngineStatus.Closed)
            return;

        if (alert == AlertDescription.CloseNotify && !IsWriteClosed)
            AnswerKeyUpdateRequest();

        // The answer failed at the local endpoint and has ended the session.
        if (Status == EngineStatus.Closed)
            return;

        // RFC 9846 section 6.1: nothing is sent after the close_notify; user_canceled "MUST be followed by a "close_notify"".
        if (alert is { } description && !IsWriteClosed && _records.Writer.RecordsLeft > 0)
            WriteLastAlert(description);
        if (alert == AlertDescription.UserCanceled && !IsWriteClosed && _records.Writer.RecordsLeft > 0)
            WriteLastAlert(AlertDescription.CloseNotify);
        Status = EngineStatus.Closed;
        End = end;
        Wipe();
    }

    internal static void ThrowIfClosureAlert(SessionError error)
    {
        if (error.Alert is AlertDescription.CloseNotify or AlertDescription.UserCanceled)
            throw new ArgumentException(
                $"An error cannot have the alert '{error.Alert}', which is not an error (RFC 9846 section 6.1). Use '{nameof(AlertDescription.GeneralError)}'.", nameof(error));
    }

    private static SessionError Unexpected(string message) => new(SessionErrorKind.ProtocolViolation, SessionErrorCode.UnexpectedMessage, AlertDescription.UnexpectedMessage, message);

    private static TimeSpan Later(TimeSpan from, TimeSpan after) => from > TimeSpan.MaxValue - after ? TimeSpan.MaxValue : from + after;
}
