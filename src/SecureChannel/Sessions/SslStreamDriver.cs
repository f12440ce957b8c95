using System.Net.Security;
using System.Runtime.CompilerServices;
using SecureChannel.Handshakes;
using SecureChannel.Protocols;

namespace SecureChannel;

/// <summary>A driver over the platform's TLS 1.3. It cannot send alerts on demand, so an aborted session ends without a close_notify.</summary>
internal sealed partial class SslStreamDriver : SessionDriver
{
    private const int InputSize = 1 << 14;

    private readonly TransportStream _inner;
    private readonly SslStream _ssl;
    private readonly SslStreamHandshake _handshake;
    private TimeSpan? _deadline;
    private TimeSpan? _idleTimeout;
    private bool _isDataAvailable;
    private bool _isAuthenticated;

    // The alert for a peer that uses another security. SslStream sends no other alert on demand.
    private byte[]? _alert;

    public SslStreamDriver(GuardedTransport transport, SecureSessionOptions options, SslStreamHandshake handshake)
        : base(transport, options, new InputBuffer(smallSize: 0, InputSize, minimumFree: 1))
    {
        _handshake = handshake;
        _inner = new TransportStream(transport);
        _ssl = new SslStream(_inner, leaveInnerStreamOpen: true);
    }

    public override bool ConsumesDataSynchronously => false;

    public override bool SupportsHalfClose => false;

    public override async Task HandshakeAsync(CancellationToken cancellationToken)
    {
        Lifetime.Enter(SessionPhase.Handshaking);
        SetDeadline(Options.HandshakeTimeout);
        try
        {
            // The transport may ignore the end of the session, and SslStream then waits for it.
            await Task.WhenAny(RunHandshakeAsync(), Lifetime.Completion).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await AbortAsync(CanceledHandshake).ConfigureAwait(false);
            throw;
        }
        // A peer that ends the session at once does not undo the handshake.
        if (Lifetime.End is not null && Negotiated is null)
            throw Lifetime.CreateException(isSend: false);
    }

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

    public override async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> data)
    {
        byte[]? alert;
        bool writesData;
        lock (Gate)
        {
            (alert, _alert) = (_alert, null);
            writesData = !data.IsEmpty && TryBeginCall();
        }
        try
        {
            if (alert is not null)
                await Transport.WriteAsync(alert).ConfigureAwait(false);
            if (!writesData)
                return true;
            await _ssl.WriteAsync(data).ConfigureAwait(false);
            lock (Gate)
                RestartIdleTimeout();
            return true;
        }
        catch (Exception)
        {
            return false;
        }
        finally
        {
            if (writesData)
                EndCall();
        }
    }

    public override void ExportKeyingMaterial(string label, ReadOnlySpan<byte> context, Span<byte> output) =>
        throw new NotSupportedException("SslStream cannot export keying material. Use another 'SessionSecurity'.");

    protected override TimeSpan? Deadline => _deadline;

    protected override void RestartIdleTimeout()
    {
        if (_idleTimeout is { } idle && Negotiated is not null)
            _deadline = Lifetime.Now + idle;
    }

    protected override void OnHandshakeTimeout() => Fail(
        SessionErrorKind.TimedOut, SessionErrorCode.HandshakeTimeout, AlertDescription.GeneralError,
        $"The handshake did not complete within {Options.HandshakeTimeout.TotalSeconds:0.###} s."
        + (_isAuthenticated
            ? $" The TLS handshake succeeded, but the peer did not send {nameof(SessionParametersMessage)}, which every session over SslStream sends. "
                + "Check that both endpoints have the same 'Security'."
            : ""));

    protected override ValueTask<int> ReadTransportAsync(Memory<byte> buffer)
    {
        try
        {
            return _ssl.ReadAsync(buffer);
        }
        catch (Exception e)
        {
            return ValueTask.FromException<int>(e);
        }
    }

    protected override void OnRead(int count, Exception? failure)
    {
        _isDataAvailable = false;
        if (count > 0)
            RestartIdleTimeout();
        else if (HasWriteFailed)
            EndWithWriteFailure();
        else if (IsIdleTimeoutOfPeer())
            TryEnd(IdleEnd.Create(Negotiated!, isInProgress: false));
        else if (failure is not null)
            TryEnd(new SessionEnd(SessionEndReason.Failed, _handshake.CreateError(failure, Transport, established: Negotiated is not null)), failure);
        else if (Transport.HasEnded)
            TryEnd(new SessionEnd(SessionEndReason.Failed, SslStreamHandshake.CreateTruncatedError()));
        else
            Lifetime.ClosePeer();
    }

    protected override bool WillWait => !_isDataAvailable && Input.IsDrained;

    protected override void OnZeroByteRead() => _isDataAvailable = true;

    protected override void ProcessDrained()
    {
        if (TryTakeInput(out var content))
            AddReady(content);
        if (Drain == DrainReason.FailedWrite && Lifetime.IsPeerClosed)
            EndWithWriteFailure();
        else if (Lifetime.IsPeerClosed || (Drain == DrainReason.IdleTimeout && _deadline > Lifetime.Now))
            EndDrain();
    }

    protected override async ValueTask SealCloseNotifyAsync() => await Task.WhenAny(ShutDownAsync(), Lifetime.Completion).ConfigureAwait(false);

    // SslStream can send no alert on demand, and close_notify would look like an orderly end. A peer without TLS, or whose offer is refused, receives a plain alert: RFC 9846 section 5.1.
    protected override void SealEnd(SessionEnd end)
    {
        if ((_inner.DifferentSecurity ?? _handshake.RefusedOffer) is { } error && ReferenceEquals(error, end.Error))
            _alert = [SessionSecurity.Tls13.Handshake!.Records.Alert, 3, 3, 0, 2, .. AlertRecord.Frame(error.Alert)];
    }

    protected override void Flush()
    {
        bool hasAlert;
        lock (Gate)
            hasAlert = _alert is not null;
        if (hasAlert)
            Output.WriteSealed();
        Settle();
    }

    private async Task ShutDownAsync()
    {
        lock (Gate)
        {
            if (!TryBeginCall())
                return;
        }
        try
        {
            await _ssl.ShutdownAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            End(Lifetime.IsPeerClosed
                ? new SessionEnd(SessionEndReason.ClosedByPeer)
                : new SessionEnd(SessionEndReason.Failed, CreateTransportError("writing", Transport.Failure ?? e)), e);
        }
        finally
        {
            EndCall();
        }
    }

    private bool TryRead(out ReadOnlyMemory<byte> content)
    {
        while (true)
        {
            bool isWait;
            lock (Gate)
            {
                if (TryTakeReady(out content) || TryTakeInput(out content) || Lifetime.IsPeerClosed)
                    return true;
                if (Lifetime.End is not null)
                    throw Lifetime.CreateException(isSend: false);
                if (LeavesReadingToDrain())
                    return false;
                Lifetime.Arm(_deadline);
                isWait = WillWait;
            }
            var isRead = TryRead(isWait);
            Flush();
            if (!isRead)
                return false;
        }
    }

    private bool TryTakeInput(out ReadOnlyMemory<byte> content)
    {
        content = Input.Unread;
        Input.Consume(content.Length);
        if (!content.IsEmpty)
            ArmReadAhead(Lifetime.Now);
        return !content.IsEmpty;
    }

    private async Task RunHandshakeAsync()
    {
        try
        {
            await AuthenticateAsync().ConfigureAwait(false);
            _handshake.CheckApplicationProtocol(_ssl);
            await using var channel = new ParameterChannel(this, _handshake.Role, Options);
            var peer = await channel.ExchangeAsync().ConfigureAwait(false);
            lock (Gate)
                Establish(peer);
        }
        catch (Exception e)
        {
            // Has no effect if the session already ended.
            var error = _inner.DifferentSecurity ?? _handshake.CreateError(e, Transport, established: false);
            var cause = e is SessionException ? e.InnerException ?? Transport.Failure : e;
            End(new SessionEnd(SessionEndReason.Failed, error), _handshake.CallbackFailure ?? cause);
        }
    }

    private async Task AuthenticateAsync()
    {
        lock (Gate)
        {
            if (!TryBeginCall())
                return;
        }
        try
        {
            await _handshake.AuthenticateAsync(_ssl, Ended).ConfigureAwait(false);
            _isAuthenticated = true;
        }
        finally
        {
            EndCall();
        }
    }

    private void Establish(ReadOnlyMemory<byte> peer)
    {
        (PeerIdentity, Negotiated) = (_handshake.PeerIdentity, SslStreamHandshake.CreateNegotiated(_ssl, Options.SessionParameters.Agree(peer.Span)));
        Output.MaxMessageSize = Negotiated.PeerMaxMessageSize ?? MessageFraming.MaxValue;
        (_idleTimeout, _deadline) = (Negotiated.IdleTimeout, null);
        RestartIdleTimeout();
        Lifetime.Arm(_deadline);
        ArmReadAhead(Lifetime.Now);
        Lifetime.Enter(SessionPhase.Open);
    }

    // SslStream has no record for the expiry of the peer's idle timeout: the peer just closes the transport. Its clock may be a little faster.
    private bool IsIdleTimeoutOfPeer() =>
        (Transport.HasEnded || Transport.Failure is not null) && _idleTimeout is { } idle && _deadline - Lifetime.Now <= idle / 4 && !IsInProgress;

    private void SetDeadline(TimeSpan fromNow)
    {
        lock (Gate)
        {
            _deadline = Lifetime.Now + fromNow;
            Lifetime.Arm(_deadline);
        }
    }
}
