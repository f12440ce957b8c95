using System.Runtime.CompilerServices;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Protocols;

namespace SecureChannel;

/// <summary>
/// A driver that moves bytes between a <see cref="ChannelEngine"/> and a transport. The driver holds its gate during every call to the engine.
/// </summary>
internal sealed partial class EngineDriver : SessionDriver
{
    // Fits a record of 200 bytes, so that waiting for a short record needs one transport read, and for a longer one two.
    private const int SmallInputSize = 256;

    // Fits more than three records of maximum length, so that most transport reads return several records.
    private const int InputSize = 1 << 16;

    // RFC 9846 section 5.2: header, content type and tag.
    private const int RecordOverhead = RecordFormat.HeaderLength + 1 + AeadAlgorithms.MaxTagLength;

    // A custom handshake may ignore the option.
    private static readonly SessionError UnauthenticatedClient = new(
        SessionErrorKind.LocalError, SessionErrorCode.InvalidConfiguration, AlertDescription.InternalError,
        "The handshake completed without the identity of the client, which 'ClientAuthentication' requires. Use a 'Security' that authenticates clients.");

    private readonly ChannelEngine _engine;
    private PooledBuffer _sealed = new(holdsPlaintext: false);
    private PooledBuffer _writing = new(holdsPlaintext: false);

    public EngineDriver(GuardedTransport transport, SecureSessionOptions options, HandshakeMachine machine, HandshakeProtocol handshake)
        : base(transport, options, new InputBuffer(SmallInputSize, InputSize, RecordFormat.MaxRecordLength))
    {
        _engine = new ChannelEngine(
            machine,
            handshake.Records,
            options.HandshakeTimeout,
            options.HandshakeObserver,
            options.MaxHandshakeMessageSize,
            (options as ServerOptions)?.MaxClientHelloSize ?? ChannelEngine.DefaultMaxClientHelloLength)
        {
            KeepAliveTimeout = options.KeepAliveTimeout,
        };
    }

    public override bool ConsumesDataSynchronously => true;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        lock (Gate)
            BeginRead();
        ReadOnlyMemory<byte> content;
        while (!TryRead(out content))
            await Wake.WaitAsync(cancellationToken).ConfigureAwait(false);
        return content;
    }

    public override ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> data)
    {
        var hasData = !data.IsEmpty;
        lock (Gate)
        {
            if (hasData && Lifetime.End is null)
                Seal(data.Span);
            (_sealed, _writing) = (_writing, _sealed);
        }
        Settle();
        if (_writing.Length == 0)
            return new(true);
        var writing = Transport.WriteAsync(_writing.Written);
        if (!writing.IsCompletedSuccessfully)
            return FinishWriteAsync(writing, hasData);
        OnWritten(hasData);
        return new(true);
    }

    public override void ExportKeyingMaterial(string label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        lock (Gate)
        {
            if (Lifetime.End is not null)
                throw Lifetime.CreateException(isSend: true);
            _engine.ExportKeyingMaterial(label, context, output);
        }
    }

    public override void RequestKeyUpdate()
    {
        lock (Gate)
        {
            if (Lifetime.End is not null)
                throw Lifetime.CreateException(isSend: true);
            _engine.RequestKeyUpdate(Lifetime.Now, _sealed);
            ApplyEngine();
        }

        Flush();
    }

    protected override ValueTask<int> ReadTransportAsync(Memory<byte> buffer) => Transport.ReadAsync(buffer);

    // The engine is not applied: the session ends when the close_notify is with the transport.
    protected override ValueTask SealCloseNotifyAsync()
    {
        lock (Gate)
        {
            if (Lifetime.End is null)
                _engine.CloseWrite(Lifetime.Now, _sealed);
        }
        Output.WriteSealed();
        return default;
    }

    protected override TimeSpan? Deadline => _engine.IdleDeadline;

    protected override TimeSpan? KeepAliveDeadline => _engine.KeepAliveDeadline;

    protected override void RestartIdleTimeout() => _engine.RestartIdleTimeout(Lifetime.Now);

    // While received data waits for the application, the answer of the peer cannot be read.
    protected override void KeepAlive() => Call(static driver =>
    {
        if (!driver.IsReading)
            driver._engine.RestartKeepAlive(driver.Lifetime.Now);
        else
            driver._engine.KeepAlive(driver.Lifetime.Now, driver._sealed);
    });

    protected override void OnRead(int count, Exception? failure)
    {
        if (count > 0)
            return;
        if (HasWriteFailed)
            EndWithWriteFailure();
        else if (failure is not null)
            TryEnd(new SessionEnd(SessionEndReason.Failed, CreateTransportError("reading", failure)), failure);
        else
            _engine.ReadEnd(Lifetime.Now, _sealed);
        ApplyEngine();
    }

    protected override void ProcessDrained()
    {
        var isRead = true;
        while (isRead && Lifetime.End is null && !_engine.IsReadClosed)
        {
            isRead = TryReadRecord(out var content);
            if (content.Length > 0)
                AddReady(content);
        }
        if (Drain == DrainReason.FailedWrite && _engine.IsReadClosed)
            EndWithWriteFailure();
        else if (_engine.IsReadClosed || (Drain == DrainReason.IdleTimeout && _engine.IdleDeadline > Lifetime.Now))
            EndDrain();
    }

    protected override void Flush()
    {
        bool hasSealed;
        lock (Gate)
            hasSealed = _sealed.Length > 0;
        if (hasSealed)
            Output.WriteSealed();
        Settle();
    }

    protected override void SealEnd(SessionEnd end)
    {
        var isCanceled = ReferenceEquals(end.Error, CanceledHandshake);
        if (end.Reason == SessionEndReason.IdleTimeout)
            _engine.Expire(end, Lifetime.Now, _sealed);
        else if (_engine.Status == EngineStatus.Handshaking && Lifetime.HasStarted && (end.Error is null || isCanceled))
            _engine.Cancel(Lifetime.Now, _sealed);
        else if (_engine.Status != EngineStatus.Closed && Lifetime.HasStarted && end.Error is { Kind: not SessionErrorKind.TransportFailed } error)
            _engine.Abort(isCanceled ? error with { Alert = AlertDescription.GeneralError } : error, Lifetime.Now, _sealed);
        _engine.Dispose();
    }

    protected override void ReleaseProtection()
    {
        lock (Gate)
        {
            _engine.Dispose();
            _sealed.Dispose();
        }
    }

    // Returns true if there is application data, or if the peer's direction ended; false if the reader must wait.
    private bool TryRead(out ReadOnlyMemory<byte> content)
    {
        while (true)
        {
            bool needsMore;
            lock (Gate)
            {
                if (TryTakeReady(out content) || Lifetime.IsPeerClosed)
                    return true;
                if (Lifetime.End is not null)
                    throw Lifetime.CreateException(isSend: false);
                if (LeavesReadingToDrain())
                    return false;
                needsMore = !TryReadRecord(out content);
            }
            Flush();
            if (content.Length > 0)
                return true;
            if (needsMore && !TryRead(isWait: Input.IsDrained))
                return false;
        }
    }

    // Returns false if more bytes are needed. The caller holds the gate.
    private bool TryReadRecord(out ReadOnlyMemory<byte> content)
    {
        content = default;
        var unread = Input.Unread;
        if (unread.IsEmpty)
            return false;
        var now = Lifetime.Now;
        var result = _engine.Read(unread.Span, now, _sealed);
        content = unread.Slice(result.ContentOffset, result.ContentLength);
        if (result.ContentLength > 0)
            ArmReadAhead(now);
        Input.Consume(result.Consumed);
        ApplyEngine();
        return !result.NeedsMoreData;
    }

    // Applies a change of the engine's state. The caller holds the gate.
    private void ApplyEngine()
    {
        if (_engine.IsReadClosed)
            Lifetime.ClosePeer();
        if (_engine.End is { } end)
        {
            TryEnd(end, _engine.Failure);
            return;
        }
        if (_engine.Status == EngineStatus.Established && Lifetime.Phase == SessionPhase.Handshaking)
        {
            if (_engine.PeerIdentity is null && Options is ServerOptions { ClientAuthentication: ClientAuthenticationMode.Require })
            {
                TryEnd(new SessionEnd(SessionEndReason.Failed, UnauthenticatedClient));
                return;
            }
            (PeerIdentity, Negotiated) = (_engine.PeerIdentity, _engine.Negotiated);
            Output.MaxMessageSize = Negotiated!.PeerMaxMessageSize ?? MessageFraming.MaxValue;
            Lifetime.Enter(SessionPhase.Open);
        }
        Lifetime.Arm(_engine.Deadline);
    }

    // Calls the engine, unless the session has ended.
    private void Call(Action<EngineDriver> call)
    {
        lock (Gate)
        {
            if (Lifetime.End is null)
            {
                call(this);
                ApplyEngine();
            }
        }
        Flush();
    }

    private void Seal(ReadOnlySpan<byte> data)
    {
        if (_engine.Status != EngineStatus.Established || _engine.IsWriteClosed)
            return;
        _sealed.Reserve(RecordWriter.RecordsFor(data.Length) * RecordOverhead + data.Length);
        _engine.Write(data, Lifetime.Now, _sealed);
        ApplyEngine();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FinishWriteAsync(ValueTask writing, bool hasData)
    {
        try
        {
            await writing.ConfigureAwait(false);
        }
        catch (Exception)
        {
            _writing.Clear();
            return false;
        }
        OnWritten(hasData);
        return true;
    }

    // Data that the transport accepted is activity. Other records are not.
    private void OnWritten(bool hasData)
    {
        _writing.Clear();
        if (!hasData)
            return;
        lock (Gate)
            _engine.RestartIdleTimeout(Lifetime.Now);
    }
}
