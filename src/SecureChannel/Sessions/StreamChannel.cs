using System.Net;
using System.Runtime.CompilerServices;

namespace SecureChannel.Protocols;

/// <summary>
/// A channel of messages over a byte stream, with a custom framing, for protocols with their own packet format. Over <see cref="SecureSession.AsStream"/>, the
/// channel has the security of the session and ends with it. Over a plain stream, the channel is neither authenticated nor encrypted: the end of the stream
/// between two messages counts as the peer's close, and the peer of an aborted channel receives no alert.
/// </summary>
/// <remarks>
/// The stream may throw any exception, ignore its cancellation token and never complete an operation. The channel then fails with
/// <see cref="SessionErrorKind.TransportFailed"/>, or the caller cancels its operation. The stream is disposed once, when the channel ends.
/// </remarks>
public sealed class StreamChannel : MessageChannel
{
    private const int ReadSize = 4096;

    // The maximum time in which disposal flushes sent messages, and in which an end of the channel waits for the stream's disposal.
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly ChannelLifetime _lifetime = new();
    private readonly Stream _stream;
    private readonly GuardedTransport _transport;
    private readonly StreamChannelInput _input;
    private readonly StreamChannelOutput _output;
    private bool _isReceiving;
    private bool _isPeerEndRead;
    private int _closings;

    /// <summary>Creates a channel over a stream.</summary>
    /// <param name="stream">The bidirectional, ordered byte stream. The channel owns it.</param>
    /// <param name="role">The role of the local endpoint.</param>
    /// <param name="framing">The framing, or null for <see cref="StreamFraming.Default"/>.</param>
    /// <param name="applicationProtocol">The negotiated application protocol, or null.</param>
    /// <param name="maxMessageSize">The maximum size of a message body, in bytes.</param>
    /// <param name="timeProvider">
    /// The clock for declared deadlines and for the time that disposal may take, or null for the clock of the session, or of the system over a plain stream.
    /// </param>
    public StreamChannel(
        Stream stream,
        Role role,
        StreamFraming? framing = null,
        string? applicationProtocol = null,
        int maxMessageSize = MessageFraming.DefaultMaxMessageSize,
        TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfNegative(maxMessageSize);
        (Role, ApplicationProtocol, TimeProvider) = (role, applicationProtocol, timeProvider ?? (stream as SecureStream)?.Session.TimeProvider ?? TimeProvider.System);
        (_stream, _transport) = (stream, new GuardedTransport(stream));
        _input = new StreamChannelInput(_transport, new MessageFramer(maxMessageSize, framing), ReadSize);
        _output = new StreamChannelOutput(_transport, framing ?? StreamFraming.Default, _lifetime, exception => Fail("writing", exception));
    }

    /// <inheritdoc/>
    public override Role Role { get; }

    /// <inheritdoc/>
    public override string? ApplicationProtocol { get; }

    /// <summary>Gets the negotiated parameters of the session, or null over a plain stream.</summary>
    public override NegotiatedSession? Negotiated => Session?.Negotiated;

    /// <summary>Gets the proven identity of the session's peer, or null over a plain stream.</summary>
    public override PeerIdentity? PeerIdentity => Session?.PeerIdentity;

    /// <summary>Gets the local endpoint of the session, or null over a plain stream.</summary>
    public override EndPoint? LocalEndPoint => Session?.LocalEndPoint;

    /// <summary>Gets the remote endpoint of the session, or null over a plain stream.</summary>
    public override EndPoint? RemoteEndPoint => Session?.RemoteEndPoint;

    /// <inheritdoc/>
    public override TimeProvider TimeProvider { get; }

    /// <inheritdoc/>
    public override SessionEnd? End => _lifetime.End;

    /// <inheritdoc/>
    public override Task<SessionEnd> Completion => _lifetime.Completion;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Another send is in progress.</exception>
    /// <exception cref="ArgumentException">A field is outside its declared bounds. Nothing was sent.</exception>
    public override ValueTask SendAsync<TMessage>(scoped in TMessage message, CancellationToken cancellationToken = default)
    {
        _lifetime.ThrowIfEnded(this);
        cancellationToken.ThrowIfCancellationRequested();
        if (Volatile.Read(ref _closings) > 0)
            throw ChannelLifetime.CreateClosingException();
        return _output.SendAsync(message, ProtocolVersion, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        _lifetime.ThrowIfEnded(this);
        return _output.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Another receive is in progress.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<ReceivedMessage?> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        _lifetime.ThrowIfDisposed(this);
        cancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.Exchange(ref _isReceiving, true))
            throw new InvalidOperationException("Another receive is in progress. Await it before the next one.");
        try
        {
            while (true)
            {
                if (TryReceive(out var message))
                    return message;
                if (_input.TryRead() is { } count)
                    Accept(count);
                else
                    await _input.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            Volatile.Write(ref _isReceiving, false);
            if (_lifetime.IsDisposed)
                ReleaseInput();
        }
    }

    /// <summary>
    /// Closes the channel in order: flushes sent messages and closes the stream. Does nothing if this endpoint has closed the channel.
    /// </summary>
    /// <param name="cancellationToken">The token that cancels the flush. The channel then remains open.</param>
    /// <exception cref="SessionException">The channel has ended for another reason.</exception>
    /// <exception cref="ObjectDisposedException">The channel was disposed.</exception>
    public override ValueTask CloseAsync(CancellationToken cancellationToken = default)
    {
        _lifetime.ThrowIfDisposed(this);
        return FlushAndCloseAsync(cancellationToken);
    }

    /// <summary>
    /// Aborts the channel with an error and closes the stream. Every other operation fails with the error. Over <see cref="SecureSession.AsStream"/>, the
    /// session is aborted with the error; the peer of any other stream receives no alert.
    /// </summary>
    /// <param name="error">The error.</param>
    /// <exception cref="ArgumentException">
    /// The alert is <see cref="AlertDescription.CloseNotify"/> or <see cref="AlertDescription.UserCanceled"/>, which are not fatal (RFC 9846 section 6.1).
    /// </exception>
    public override ValueTask AbortAsync(SessionError error)
    {
        ThrowIfNotFatal(error);
        return AbortOnceAsync(error);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (!_lifetime.TryDispose())
            return;
        if (End is null && !IsProtocolComplete)
            await AbortOnceAsync(ChannelLifetime.DisposedBeforeClose).ConfigureAwait(false);
        else
            await CloseInTimeAsync().ConfigureAwait(false);
        await CloseStreamAsync().ConfigureAwait(false);
        ReleaseInput();
    }

    private SecureSession? Session => (_stream as SecureStream)?.Session;

    private protected override void ApplyLimits(MessageLimits limits) => _input.Framer.Limits = limits;

    /// <summary>Tries to receive the next message or the peer's end.</summary>
    /// <returns>False if more bytes are needed.</returns>
    /// <exception cref="SessionException">The channel has ended, or the received bytes are not a valid message.</exception>
    private bool TryReceive(out ReceivedMessage? message)
    {
        message = null;
        if (_isPeerEndRead && _lifetime.End is null or { Error: null })
            return true;
        while (!_lifetime.IsEndedLocally)
        {
            switch (_input.Framer.Read(out var received, out var refusal))
            {
                case FrameStatus.Complete:
                    message = received;
                    return true;
                case FrameStatus.Refused:
                    _ = AbortOnceAsync(refusal!).AsTask();
                    continue;
            }

            if (_lifetime.End is not null)
                break;
            if (!_lifetime.IsPeerClosed)
                return false;
            if (_input.Framer.IsWithinMessage)
                EndWithStream(new SessionEnd(SessionEndReason.Failed, TruncatedMessage));
            else
                return _isPeerEndRead = true;
        }

        throw _lifetime.CreateException();
    }

    private static SessionError TruncatedMessage { get; } =
        new(SessionErrorKind.Truncated, SessionErrorCode.Truncated, AlertDescription.DecodeError, "The stream ended in the middle of a message.");

    private void Accept(int count)
    {
        if (_input.Failure is { } failure)
            Fail("reading", failure);
        else if (count == 0)
            _lifetime.ClosePeer();
    }

    private async ValueTask FlushAndCloseAsync(CancellationToken cancellationToken)
    {
        if (End is null)
        {
            Interlocked.Increment(ref _closings);
            try
            {
                await _output.FlushAsync(cancellationToken).ConfigureAwait(false);
                if (_stream is SecureStream secure && _lifetime.End is null)
                    await secure.Session.CloseAsync(cancellationToken).ConfigureAwait(false);
                EndWithStream(new SessionEnd(_lifetime.IsPeerClosed ? SessionEndReason.ClosedByPeer : SessionEndReason.ClosedLocally), isLocal: true);
            }
            catch (SessionException exception)
            {
                // Another end came first, or the session failed while it closed.
                Fail("closing", exception);
            }
            finally
            {
                Interlocked.Decrement(ref _closings);
            }
        }

        await CloseStreamAsync().ConfigureAwait(false);
        _lifetime.ThrowIfFailed();
    }

    private async ValueTask CloseInTimeAsync()
    {
        using var patience = new CancellationTokenSource(CloseTimeout, TimeProvider);
        try
        {
            await FlushAndCloseAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await AbortOnceAsync(new SessionError(
                SessionErrorKind.TimedOut, SessionErrorCode.CloseTimeout, AlertDescription.GeneralError,
                $"The channel was disposed, but sent messages could not be written within {CloseTimeout.TotalSeconds} s.")).ConfigureAwait(false);
        }
        catch (SessionException)
        {
            // The end of the channel has the reason.
        }
    }

    private async ValueTask AbortOnceAsync(SessionError error)
    {
        if (!_lifetime.TryFail(error, isLocal: true))
            return;
        Stop();
        if (_stream is SecureStream secure)
            await secure.Session.AbortAsync(error).ConfigureAwait(false);
        await CloseStreamAsync().ConfigureAwait(false);
    }

    private void Fail(string operation, Exception cause)
    {
        // A session has its own reason.
        var end = cause is SessionException session ? session.End : new SessionEnd(SessionEndReason.Failed, new SessionError(
            SessionErrorKind.TransportFailed, SessionErrorCode.TransportFailed, AlertDescription.InternalError,
            $"The stream failed while {operation}: {cause.Message}"));
        EndWithStream(end, cause: cause);
    }

    /// <summary>Ends the channel and starts to close the stream. Only the first end counts.</summary>
    private void EndWithStream(SessionEnd end, bool isLocal = false, Exception? cause = null)
    {
        if (!_lifetime.TryEnd(end, isLocal, cause))
            return;
        Stop();
        _ = _transport.CloseAsync();
    }

    // Ends all pending operations.
    private void Stop()
    {
        _output.Dispose();
        _input.Wake();
    }

    private async ValueTask CloseStreamAsync()
    {
        // A stream that never completes its disposal must not stop the caller.
        var closing = _transport.CloseAsync();
        if (!closing.IsCompleted)
            await closing.WaitAsync(CloseTimeout, TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // The received bytes are in use while a receive is in progress, which then releases them.
    private void ReleaseInput()
    {
        if (!Interlocked.Exchange(ref _isReceiving, true))
            _input.Dispose();
    }
}
