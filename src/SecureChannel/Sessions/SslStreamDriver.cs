using System.Net.Security;
using System.Runtime.CompilerServices;

namespace SecureChannel;

/// <summary>
/// A driver over the platform's TLS 1.3. SslStream cannot carry the idle timeout in its handshake, so the endpoints first exchange
/// <see cref="IdleTimeoutProposal"/> and <see cref="IdleTimeoutAnswer"/> over the encrypted channel. The session is then established.
/// </summary>
internal sealed class SslStreamDriver : SessionDriver
{
    private const int InputSize = 1 << 14;

    private readonly Role _role;
    private readonly WatchedStream _watched;
    private readonly SslStream _ssl;
    private readonly SslStreamHandshake _handshake;
    private readonly Func<CancellationToken, ValueTask> _writeOutgoing;
    private readonly Func<CancellationToken, ValueTask> _shutDown;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private ReadOnlyMemory<byte> _unread;
    private ReadOnlyMemory<byte> _outgoing;
    private TimeSpan? _deadline;
    private TimeSpan? _idleTimeout;

    public SslStreamDriver(Stream transport, ClientOptions options, string serverName)
        : this(Role.Client, transport, options, new SslStreamHandshake(options, serverName))
    {
    }

    public SslStreamDriver(Stream transport, ServerOptions options)
        : this(Role.Server, transport, options, new SslStreamHandshake(options))
    {
    }

    private SslStreamDriver(Role role, Stream transport, SecureSessionOptions options, SslStreamHandshake handshake)
        : base(transport, options, new InputBuffer(smallSize: 0, InputSize, minimumFree: 1))
    {
        (_role, _handshake) = (role, handshake);
        _watched = new WatchedStream(transport);
        _ssl = new SslStream(_watched, leaveInnerStreamOpen: true);
        _writeOutgoing = WriteOutgoingAsync;
        _shutDown = cancellationToken => new ValueTask(_ssl.ShutdownAsync().WaitAsync(cancellationToken));
    }

    public override async Task HandshakeAsync(CancellationToken cancellationToken)
    {
        SetDeadline(Options.HandshakeTimeout);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Stopped);
        try
        {
            await _handshake.AuthenticateAsync(_ssl, linked.Token).ConfigureAwait(false);
            var idleTimeout = _role == Role.Client
                ? await ProposeIdleTimeoutAsync(linked.Token).ConfigureAwait(false)
                : await AnswerIdleTimeoutAsync(linked.Token).ConfigureAwait(false);
            Establish(idleTimeout);
        }
        catch (OperationCanceledException) when (End is null && cancellationToken.IsCancellationRequested)
        {
            await AbortAsync(CanceledHandshake).ConfigureAwait(false);
            throw;
        }
        catch (Exception e)
        {
            // Has no effect if the session already ended.
            EndWithReadFailure(e);
        }
        if (End is null)
            return;
        await CloseTransportAsync().ConfigureAwait(false);
        throw CreateEndException();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        if (!_unread.IsEmpty)
        {
            var unread = _unread;
            _unread = default;
            return unread;
        }
        if (End is null && await FillInputAsync(_ssl, cancellationToken).ConfigureAwait(false) is { } count)
        {
            if (count > 0)
            {
                RestartIdleTimeout();
                var content = Input.Unread;
                Input.Consume(count);
                return content;
            }
            await EndOfStreamAsync().ConfigureAwait(false);
        }
        if (End!.Error is null)
            return default;
        await CloseTransportAsync().ConfigureAwait(false);
        throw CreateEndException();
    }

    public override bool ConsumesDataSynchronously => false;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> data)
    {
        if (End is not null)
            throw CreateEndException();
        RestartIdleTimeout();
        _outgoing = data;
        if (!await WriteExclusivelyAsync(_writeOutgoing).ConfigureAwait(false))
            throw CreateEndException();
    }

    public override async ValueTask CloseAsync()
    {
        if (TryEnd(new SessionEnd(SessionEndReason.ClosedLocally)))
            await ShutDownAsync().ConfigureAwait(false);
    }

    public override ValueTask CloseWriteAsync() =>
        throw new NotSupportedException("SslStream does not support half-close. Use another 'SessionSecurity'.");

    // SslStream cannot send an alert on demand, and close_notify would look like an orderly end, so the connection is cut.
    public override async ValueTask AbortAsync(SessionError error)
    {
        if (TryEnd(new SessionEnd(SessionEndReason.Failed, error)))
            await CloseTransportAsync().ConfigureAwait(false);
    }

    public override void ExportKeyingMaterial(string label, ReadOnlySpan<byte> context, Span<byte> output) =>
        throw new NotSupportedException("SslStream cannot export keying material. Use another 'SessionSecurity'.");

    protected override async Task TickAsync()
    {
        lock (Gate)
        {
            if (End is not null)
                return;
            if (_deadline is not { } deadline || Timer.Now < deadline)
            {
                Timer.Arm(_deadline);
                return;
            }
        }
        if (Negotiated is not null)
        {
            if (TryEnd(new SessionEnd(SessionEndReason.IdleTimeout)))
                await ShutDownAsync().ConfigureAwait(false);
        }
        else
        {
            Fail(SessionErrorKind.TimedOut, SessionErrorCode.HandshakeTimeout, AlertDescription.UserCanceled, $"The handshake did not complete within {Options.HandshakeTimeout}.");
            await CloseTransportAsync().ConfigureAwait(false);
        }
    }

    protected override void EndWithReadFailure(Exception cause) =>
        TryEnd(new SessionEnd(SessionEndReason.Failed, _handshake.CreateError(cause, _watched, established: Negotiated is not null)), cause);

    private async ValueTask<TimeSpan?> ProposeIdleTimeoutAsync(CancellationToken cancellationToken)
    {
        var proposed = (uint?)Options.IdleTimeout?.TotalMilliseconds;
        await SendAsync(new IdleTimeoutProposal(proposed)).ConfigureAwait(false);
        var answer = await ReceiveAsync<IdleTimeoutAnswer>(cancellationToken).ConfigureAwait(false);
        if (answer.Milliseconds == 0 || (proposed is not null && !(answer.Milliseconds <= proposed)))
        {
            throw CreateException(SessionErrorKind.ProtocolViolation, SessionErrorCode.IllegalParameter, AlertDescription.IllegalParameter,
                $"The server answered a proposed idle timeout of {proposed} ms with {answer.Milliseconds} ms; "
                + "expected at least 1 ms and at most the proposed value.");
        }
        return answer.Milliseconds is { } agreed ? TimeSpan.FromMilliseconds(agreed) : null;
    }

    private async ValueTask<TimeSpan?> AnswerIdleTimeoutAsync(CancellationToken cancellationToken)
    {
        var proposal = await ReceiveAsync<IdleTimeoutProposal>(cancellationToken).ConfigureAwait(false);
        if (proposal.Milliseconds == 0)
        {
            throw CreateException(SessionErrorKind.ProtocolViolation, SessionErrorCode.IllegalParameter, AlertDescription.IllegalParameter,
                "The client proposed an idle timeout of 0 ms; expected at least 1 ms.");
        }


        var own = (uint?)Options.IdleTimeout?.TotalMilliseconds;
        var agreed = proposal.Milliseconds is { } proposed && own is { } longest ? Math.Min(proposed, longest) : proposal.Milliseconds ?? own;
        await SendAsync(new IdleTimeoutAnswer(agreed)).ConfigureAwait(false);
        return agreed is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
    }

    private async ValueTask SendAsync<TMessage>(TMessage message)
        where TMessage : Messages.ICodedMessage<TMessage>
    {
        using var frame = new PooledBuffer();
        Protocols.MessageFraming.Write(frame, message);
        await WriteAsync(frame.Written).ConfigureAwait(false);
        Observe(sent: true, typeof(TMessage).Name);
    }

    private async ValueTask<TMessage> ReceiveAsync<TMessage>(CancellationToken cancellationToken)
        where TMessage : Messages.ICodedMessage<TMessage>
    {
        using var reader = new MessageReader(this, maxMessageSize: 16);
        var name = typeof(TMessage).Name;
        var received = await reader.ReadAsync(cancellationToken).ConfigureAwait(false)
            ?? throw CreateException(SessionErrorKind.Truncated, SessionErrorCode.ClosedEarly, AlertDescription.CloseNotify, $"The peer closed the session before it sent {name}.");
        if (received.Code != TMessage.Code)
        {
            throw CreateException(SessionErrorKind.ProtocolViolation, SessionErrorCode.UnexpectedMessage, AlertDescription.UnexpectedMessage,
                $"A message with code {received.Code} was received; expected {name}.");
        }
        if (!Messages.WireSerializer.TryRead<TMessage>(received.Body.Span, out var message, out var error))
            throw CreateException(SessionErrorKind.MalformedMessage, SessionErrorCode.Malformed, AlertDescription.DecodeError, $"{name}: {error}");
        _unread = reader.Unread;
        Observe(sent: false, name);
        return message;
    }

    private static SessionException CreateException(SessionErrorKind kind, SessionErrorCode code, AlertDescription alert, string message) =>
        new(new SessionError(kind, code, alert, message));

    private void Observe(bool sent, string message) =>
        Options.HandshakeObserver?.Invoke(new HandshakeProgress(_role, sent, message, "Encrypted"));

    private void Establish(TimeSpan? idleTimeout)
    {
        lock (Gate)
        {
            (PeerIdentity, Negotiated) = (_handshake.PeerIdentity, SslStreamHandshake.CreateNegotiated(_ssl, idleTimeout));
            (_idleTimeout, _deadline) = (idleTimeout, null);
        }
        RestartIdleTimeout();
    }

    private void RestartIdleTimeout()
    {
        if (_idleTimeout is { } idle)
            SetDeadline(idle);
    }

    private void SetDeadline(TimeSpan fromNow)
    {
        lock (Gate)
        {
            _deadline = Timer.Now + fromNow;
            Timer.Arm(_deadline);
        }
    }

    // SslStream returns 0 both for close_notify and for a truncated connection. The transport distinguishes them.
    private async ValueTask EndOfStreamAsync()
    {
        if (_watched.WasTruncated)
            Fail(SessionErrorKind.Truncated, SessionErrorCode.Truncated, AlertDescription.InternalError, SslStreamHandshake.TruncatedText);
        else if (TryEnd(new SessionEnd(_deadline <= Timer.Now ? SessionEndReason.IdleTimeout : SessionEndReason.ClosedByPeer)))
            await ShutDownAsync().ConfigureAwait(false);
    }

    /// <summary>Runs one write at a time. Only the end of the session cancels a write.</summary>
    /// <param name="write">The write.</param>
    /// <returns>True if the write succeeded; false if the session ended.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> WriteExclusivelyAsync(Func<CancellationToken, ValueTask> write)
    {
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            await write(WriteStopped).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (IsTransportFailure(e))
        {
            EndWithWriteFailure(e);
            return false;
        }
        finally
        {
            _writing.Release();
        }
    }

    private async ValueTask ShutDownAsync()
    {
        await WriteExclusivelyAsync(_shutDown).ConfigureAwait(false);
        await CloseTransportAsync().ConfigureAwait(false);
    }

    private async ValueTask WriteOutgoingAsync(CancellationToken cancellationToken)
    {
        await _ssl.WriteAsync(_outgoing, cancellationToken).ConfigureAwait(false);
        await _ssl.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
