using System.Buffers;

namespace SecureChannel.Handshakes;

/// <summary>
/// A session without its transport: bytes and the time go in; bytes, application data and the end come out. It reads no clock, starts no thread and waits for
/// nothing. <c>now</c> is the time since any fixed moment, and never goes back. Peer input never makes it throw; after a failure its alert is written once, and
/// the failure sticks. Not safe for use by several threads at once.
/// </summary>
public sealed partial class ChannelEngine : IHandshakeHost, IDisposable
{
    /// <summary>The longest handshake message that is accepted, in bytes, if the constructor is given no other.</summary>
    public const int DefaultMaxHandshakeMessageLength = 1 << 16;

    private readonly RecordFormat _format;
    private readonly TimeSpan _handshakeTimeout;
    private readonly Action<HandshakeProgress>? _observer;
    private readonly RecordWriter _writer;
    private IBufferWriter<byte>? _output;
    private TimeSpan? _started;
    private TimeSpan _lastTraffic;

    /// <summary>Makes an engine.</summary>
    /// <param name="machine">This end's side of the handshake; the engine owns it.</param>
    /// <param name="format">How the handshake's records look.</param>
    /// <param name="handshakeTimeout">How long the handshake may take from <see cref="Start"/>; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="observer">Hears of each step of the handshake; it must not call the engine.</param>
    /// <param name="maxHandshakeMessageLength">The longest handshake message that is accepted, in bytes.</param>
    public ChannelEngine(
        HandshakeMachine machine,
        RecordFormat format,
        TimeSpan handshakeTimeout,
        Action<HandshakeProgress>? observer = null,
        int maxHandshakeMessageLength = DefaultMaxHandshakeMessageLength)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(format);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxHandshakeMessageLength);
        if (handshakeTimeout != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(handshakeTimeout, TimeSpan.Zero);
        (_machine, _format, _handshakeTimeout, _observer) = (machine, format, handshakeTimeout, observer);
        (_reader, _writer, _deframer) = (new RecordReader(format), new RecordWriter(format) { BeginsSession = machine.Role == Role.Client }, new HandshakeDeframer(maxHandshakeMessageLength));
    }

    /// <summary>How far the session has come.</summary>
    public EngineStatus Status { get; private set; }

    /// <summary>This end's role.</summary>
    public Role Role => _machine.Role;

    /// <summary>
    /// Whether the peer's close_notify ends its direction alone, so that this end may go on sending until <see cref="Close"/> (RFC 9846 section 6.1). If not, it
    /// is answered by a close_notify at once, and the session has ended.
    /// </summary>
    public bool KeepsOwnDirectionOpen { get; init; }

    /// <summary>Whether the peer has ended its direction: nothing more is received.</summary>
    public bool IsReadClosed { get; private set; }

    /// <summary>Whether this end has ended its direction: nothing more may be sent.</summary>
    public bool IsWriteClosed { get; private set; }

    /// <summary>What was agreed; null until the handshake is complete.</summary>
    public NegotiatedSession? Negotiated { get; private set; }

    /// <summary>Gets the proven identity of the peer, or null until the handshake completes or if the peer has proven none.</summary>
    public PeerIdentity? PeerIdentity => Negotiated is null ? null : _machine.PeerIdentity;

    /// <summary>How the session ended; null as long as it has not.</summary>
    public SessionEnd? End { get; private set; }

    /// <summary>What the handshake waits for: run it, then call <see cref="Resume"/>. Until then nothing is read.</summary>
    public PendingOperation? Pending => Status == EngineStatus.Closed ? null : _machine.Pending;

    /// <summary>When <see cref="Tick"/> must be called at the latest; null if time ends nothing.</summary>
    public TimeSpan? Deadline => Status switch
    {
        EngineStatus.Handshaking when _started is { } started && _handshakeTimeout != Timeout.InfiniteTimeSpan => Later(started, _handshakeTimeout),
        EngineStatus.Established when Negotiated!.IdleTimeout is { } idle => Later(_lastTraffic, idle),
        _ => null,
    };

    /// <summary>Begins the handshake: the client's first message is written.</summary>
    /// <param name="now">The time.</param>
    /// <param name="output">Takes the bytes for the peer.</param>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    public void Start(TimeSpan now, IBufferWriter<byte> output)
    {
        if (_started is not null)
            throw new InvalidOperationException("The engine was started before: make a new one for each session.");
        (_started, _output) = (now, output);
        _machine.Start(this);
        Proceed(now);
    }

    /// <summary>Goes on after <see cref="Pending"/> was run.</summary>
    /// <param name="now">The time.</param>
    /// <param name="output">Takes the bytes for the peer.</param>
    /// <exception cref="InvalidOperationException">Nothing is pending.</exception>
    public void Resume(TimeSpan now, IBufferWriter<byte> output)
    {
        if (Status == EngineStatus.Closed)
            return;
        if (Pending is null)
            throw new InvalidOperationException("Nothing is pending.");
        _output = output;
        _machine.Resume();
        Proceed(now);
    }

    /// <summary>Sends application data.</summary>
    /// <param name="data">The data; of any length.</param>
    /// <param name="now">The time.</param>
    /// <param name="output">Takes the bytes for the peer.</param>
    /// <exception cref="InvalidOperationException">The session is not established, or has ended.</exception>
    public void Write(ReadOnlySpan<byte> data, TimeSpan now, IBufferWriter<byte> output)
    {
        if (Status != EngineStatus.Established)
            throw new InvalidOperationException(End is null ? "The handshake is not complete: no data may be sent yet." : $"The session has ended: {End}.");
        if (IsWriteClosed)
            throw new InvalidOperationException("This end has closed its direction: nothing more may be sent.");

        _output = output;
        _lastTraffic = now;
        AllowAnswers(data.Length);
        while (!data.IsEmpty)
        {
            // One record stays for the message that renews the keys, and one for the alert that ends the session.
            var isWornOut = _writer.RecordsLeft <= 2;
            if ((isWornOut || _machine.MustRenewWriteKeys) && !_machine.RenewWriteKeys() && isWornOut)
            {
                Fail(new SessionError(SessionErrorKind.LocalError, AlertDescription.InternalError, "The keys have protected as many records as they may: open a new session."));
                return;
            }

            var fragment = data[..Math.Min(data.Length, RecordFormat.MaxContentLength)];
            FlushFlight();
            _writer.Write(_format.ApplicationData, fragment, output);
            data = data[fragment.Length..];
        }
    }

    /// <summary>
    /// Ends this end's direction by the explicit message; what the peer sends is still received until it ends its own (RFC 9846 section 6.1). Does nothing if it
    /// was called before, or the session has ended.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="output">Takes the bytes for the peer.</param>
    /// <exception cref="InvalidOperationException">The handshake is not complete.</exception>
    public void CloseWrite(TimeSpan now, IBufferWriter<byte> output)
    {
        if (Status == EngineStatus.Handshaking)
            throw new InvalidOperationException("The handshake is not complete: there is no direction to close yet.");
        if (Status == EngineStatus.Closed || IsWriteClosed)
            return;

        _output = output;
        if (IsReadClosed)
        {
            Close(now, output);
            return;
        }

        _lastTraffic = now;
        RenewKeysAskedFor();
        _writer.Write(_format.Alert, AlertRecord.Frame(AlertDescription.CloseNotify), output);
        IsWriteClosed = true;
    }

    /// <summary>Ends the session by the explicit message (RFC 9846 section 6.1). Does nothing if it has ended.</summary>
    /// <param name="now">The time.</param>
    /// <param name="output">Takes the bytes for the peer.</param>
    public void Close(TimeSpan now, IBufferWriter<byte> output)
    {
        _output = output;
        Finish(new SessionEnd(IsReadClosed ? SessionEndReason.ClosedByPeer : SessionEndReason.ClosedLocally), AlertDescription.CloseNotify);
    }

    /// <summary>Ends the session with an error, of which the peer is told the alert. Does nothing if it has ended.</summary>
    /// <param name="error">Why.</param>
    /// <param name="now">The time.</param>
    /// <param name="output">Takes the bytes for the peer.</param>
    public void Abort(SessionError error, TimeSpan now, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(error);
        _output = output;
        Fail(error);
    }

    /// <summary>Does what the time demands: ends a handshake that takes too long, and a session that was idle for the agreed time.</summary>
    /// <param name="now">The time.</param>
    /// <param name="output">Takes the bytes for the peer.</param>
    public void Tick(TimeSpan now, IBufferWriter<byte> output)
    {
        if (Deadline is not { } deadline || now < deadline)
            return;

        _output = output;
        if (Status == EngineStatus.Established)
            Finish(new SessionEnd(SessionEndReason.IdleTimeout), AlertDescription.CloseNotify);
        else
            Fail(new SessionError(SessionErrorKind.TimedOut, AlertDescription.UserCanceled, $"The handshake was not complete after {_handshakeTimeout.TotalSeconds:0.###} s; it stopped in state {_machine.StateName}."));
    }

    /// <summary>Derives a key for the application that only the two ends know (RFC 9846 section 7.5).</summary>
    /// <param name="label">What the application calls the key.</param>
    /// <param name="context">What the key is bound to; may be empty.</param>
    /// <param name="output">Where the key goes.</param>
    /// <exception cref="InvalidOperationException">The session is not established, or has ended.</exception>
    public void ExportKeyingMaterial(string label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        if (Status != EngineStatus.Established)
            throw new InvalidOperationException(End is null ? "The handshake is not complete: there is no key yet." : "The session has ended, and its secrets are wiped.");
        _machine.Export(label, context, output);
    }

    /// <summary>Wipes the secrets. A session that has not ended is cut off: call <see cref="Close"/> before.</summary>
    public void Dispose()
    {
        Status = EngineStatus.Closed;
        End ??= new SessionEnd(SessionEndReason.ClosedLocally);
        Wipe();
    }

    private void Fail(SessionError error) => Finish(new SessionEnd(SessionEndReason.Failed, error), error.Alert);

    private void Finish(SessionEnd end, AlertDescription? alert)
    {
        if (Status == EngineStatus.Closed)
            return;

        if (alert == AlertDescription.CloseNotify && !IsWriteClosed)
            RenewKeysAskedFor();

        // RFC 9846 section 6.1: after its close_notify this end sends nothing more; user_canceled "MUST be followed by a "close_notify"".
        if (alert is { } description && !IsWriteClosed && _writer.RecordsLeft > 0)
            _writer.Write(_format.Alert, AlertRecord.Frame(description), _output!);
        if (alert == AlertDescription.UserCanceled && !IsWriteClosed && _writer.RecordsLeft > 0)
            _writer.Write(_format.Alert, AlertRecord.Frame(AlertDescription.CloseNotify), _output!);
        Status = EngineStatus.Closed;
        End = end;
        Wipe();
    }

    // RFC 9846 section 4.7.3 asks for it before more data only; but a peer that cannot take more under the old keys cannot take the end either.
    private void RenewKeysAskedFor()
    {
        if (_machine.MustRenewWriteKeys && _writer.RecordsLeft > 1)
            _machine.RenewWriteKeys();
    }

    private void Wipe()
    {
        _machine.Dispose();
        _reader.Dispose();
        _writer.Dispose();
        _deframer.Dispose();
        _flight.Dispose();
    }

    private static SessionError Unexpected(string reason) => new(SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage, reason);

    private static TimeSpan Later(TimeSpan from, TimeSpan after) => from > TimeSpan.MaxValue - after ? TimeSpan.MaxValue : from + after;
}
