using System.Net.Security;
using System.Runtime.CompilerServices;

namespace SecureChannel;

/// <summary>
/// The platform's TLS 1.3. SslStream has no room in its handshake for the idle timeout, so the encrypted channel opens with
/// <see cref="IdleTimeoutProposal"/> and <see cref="IdleTimeoutAnswer"/>; the session is established after them.
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
        : base(transport, options, new InputBuffer(smallSize: 0, InputSize, leastRoom: 1))
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
            await AbortAsync(new SessionError(SessionErrorKind.LocalError, AlertDescription.UserCanceled, "The handshake was cancelled by this end.")).ConfigureAwait(false);
            throw;
        }
        catch (Exception e)
        {
            // The first end sticks: this one counts only if nothing has ended the session before.
            ReadFailed(e);
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
                NoteTraffic();
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

    public override bool UsesDataAtOnce => false;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> data)
    {
        if (End is not null)
            throw CreateEndException();
        NoteTraffic();
        _outgoing = data;
        if (!await ExclusivelyAsync(_writeOutgoing).ConfigureAwait(false))
            throw CreateEndException();
    }

    public override async ValueTask CloseAsync()
    {
        if (TryEnd(new SessionEnd(SessionEndReason.ClosedLocally)))
            await ShutDownAsync().ConfigureAwait(false);
    }

    public override ValueTask CloseWriteAsync() =>
        throw new NotSupportedException("Over SslStream one direction cannot be closed alone: use a handshake of this library.");

    // SslStream sends no alert on demand, and close_notify would look like an end in order: the peer is to see a cut.
    public override async ValueTask AbortAsync(SessionError error)
    {
        if (TryEnd(new SessionEnd(SessionEndReason.Failed, error)))
            await CloseTransportAsync().ConfigureAwait(false);
    }

    public override void ExportKeyingMaterial(string label, ReadOnlySpan<byte> context, Span<byte> output) =>
        throw new NotSupportedException("SslStream exports no keying material: choose another SessionSecurity where it is needed.");

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
            Fail(SessionErrorKind.TimedOut, AlertDescription.UserCanceled, $"The handshake was not complete after {Options.HandshakeTimeout}.");
            await CloseTransportAsync().ConfigureAwait(false);
        }
    }

    protected override void ReadFailed(Exception cause) =>
        TryEnd(new SessionEnd(SessionEndReason.Failed, _handshake.Explain(cause, _watched, established: Negotiated is not null)), cause);

    private async ValueTask<TimeSpan?> ProposeIdleTimeoutAsync(CancellationToken cancellationToken)
    {
        var proposed = (uint?)Options.IdleTimeout?.TotalMilliseconds;
        await SendAsync(new IdleTimeoutProposal(proposed)).ConfigureAwait(false);
        var answer = await ReceiveAsync<IdleTimeoutAnswer>(cancellationToken).ConfigureAwait(false);
        if (answer.Milliseconds == 0 || (proposed is not null && !(answer.Milliseconds <= proposed)))
        {
            throw new SessionException(new SessionError(SessionErrorKind.ProtocolViolation, AlertDescription.IllegalParameter,
                $"The server answered an idle timeout of {answer.Milliseconds} ms to a proposal of {proposed} ms: it must be at least 1 and at most the proposal."));
        }
        return answer.Milliseconds is { } agreed ? TimeSpan.FromMilliseconds(agreed) : null;
    }

    private async ValueTask<TimeSpan?> AnswerIdleTimeoutAsync(CancellationToken cancellationToken)
    {
        var proposal = await ReceiveAsync<IdleTimeoutProposal>(cancellationToken).ConfigureAwait(false);
        if (proposal.Milliseconds == 0)
            throw new SessionException(new SessionError(SessionErrorKind.ProtocolViolation, AlertDescription.IllegalParameter, "The client proposed an idle timeout of 0."));
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
            ?? throw new SessionException(new SessionError(SessionErrorKind.Truncated, AlertDescription.CloseNotify, $"The peer ended the session before {name}."));
        if (received.Code != TMessage.Code)
        {
            throw new SessionException(new SessionError(SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage,
                $"A message with code {received.Code} arrived where only {name} may."));
        }
        if (!Messages.WireSerializer.TryRead<TMessage>(received.Body.Span, out var message, out var error))
            throw new SessionException(new SessionError(SessionErrorKind.MalformedMessage, AlertDescription.DecodeError, $"{name}: {error}"));
        _unread = reader.Unread;
        Observe(sent: false, name);
        return message;
    }

    private void Observe(bool sent, string message) =>
        Options.HandshakeObserver?.Invoke(new HandshakeProgress(_role, sent, message, "Encrypted"));

    private void Establish(TimeSpan? idleTimeout)
    {
        lock (Gate)
        {
            (PeerIdentity, Negotiated) = (_handshake.PeerIdentity, SslStreamHandshake.Describe(_ssl, idleTimeout));
            (_idleTimeout, _deadline) = (idleTimeout, null);
        }
        NoteTraffic();
    }

    private void NoteTraffic()
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

    // SslStream returns 0 for close_notify and for a cut alike; the transport beneath tells which it was.
    private async ValueTask EndOfStreamAsync()
    {
        if (_watched.WasCut)
            Fail(SessionErrorKind.Truncated, AlertDescription.InternalError, "The connection was cut: it ended without the peer's explicit message.");
        else if (TryEnd(new SessionEnd(_deadline <= Timer.Now ? SessionEndReason.IdleTimeout : SessionEndReason.ClosedByPeer)))
            await ShutDownAsync().ConfigureAwait(false);
    }

    /// <summary>The one writer at a time: runs a write that nothing but the session's end can cut short.</summary>
    /// <returns>Whether it succeeded; if not, the session has ended.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ExclusivelyAsync(Func<CancellationToken, ValueTask> write)
    {
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            await write(WriteStopped).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (IsOfTransport(e))
        {
            WriteFailed(e);
            return false;
        }
        finally
        {
            _writing.Release();
        }
    }

    private async ValueTask ShutDownAsync()
    {
        await ExclusivelyAsync(_shutDown).ConfigureAwait(false);
        await CloseTransportAsync().ConfigureAwait(false);
    }

    private async ValueTask WriteOutgoingAsync(CancellationToken cancellationToken)
    {
        await _ssl.WriteAsync(_outgoing, cancellationToken).ConfigureAwait(false);
        await _ssl.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
