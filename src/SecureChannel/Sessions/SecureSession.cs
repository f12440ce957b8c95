using System.Runtime.CompilerServices;
using SecureChannel.CodeAnalysis;
using SecureChannel.Messages;
using SecureChannel.Protocols;

namespace SecureChannel;

/// <summary>
/// An authenticated and encrypted session with a peer. The session carries either messages or the bytes of <see cref="AsStream"/>. One send and one receive may
/// be in progress at the same time. Ending the session is safe at any time from any thread.
/// </summary>
/// <remarks>
/// The session reads from the transport only while a receive is pending. The next receive therefore detects the peer's close_notify or alert. A failed send
/// also reads the peer's alert; it discards unread data, and the session then fails. Deadlines and the idle timeout do not require a pending receive.
/// </remarks>
public sealed partial class SecureSession : MessageChannel
{
    private readonly SessionDriver _driver;
    private readonly SecureSessionOptions _options;
    private readonly SendQueue _sending;
    private readonly MessageReader _receiving;
    private SecureStream? _stream;
    private int _handshakeStarted;
    private int _messagesUsed;
    private int _receiveInProgress;

    private SecureSession(Role role, SessionDriver driver, SecureSessionOptions options)
    {
        (Role, _driver, _options) = (role, driver, options);
        _sending = new SendQueue(driver);
        _receiving = new MessageReader(driver, options.MaxMessageSize);
    }

    /// <inheritdoc/>
    public override Role Role { get; }

    /// <inheritdoc/>
    public override NegotiatedSession? Negotiated => _driver.Negotiated;

    /// <inheritdoc/>
    public override PeerIdentity? PeerIdentity => _driver.PeerIdentity;

    /// <inheritdoc/>
    public override SessionEnd? End => _driver.End;

    /// <inheritdoc/>
    public override Task<SessionEnd> Completion => _driver.Completion;

    /// <inheritdoc/>
    public override string? ApplicationProtocol => Negotiated?.ApplicationProtocol;

    private protected override bool IsApplicationProtocolKnown => Negotiated is not null;

    /// <inheritdoc/>
    public override TimeProvider TimeProvider => _options.TimeProvider;

    /// <summary>Performs the handshake. Call this method only once per session.</summary>
    /// <param name="cancellationToken">The token that cancels the handshake. Cancellation ends the session.</param>
    /// <exception cref="SessionException">The handshake failed, or exceeded <see cref="SecureSessionOptions.HandshakeTimeout"/>.</exception>
    /// <exception cref="InvalidOperationException">The handshake already started.</exception>
    [EnsuresState(SessionState.Established)]
    public Task HandshakeAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (Interlocked.Exchange(ref _handshakeStarted, 1) != 0)
            throw new InvalidOperationException("The handshake already started. A session performs only one handshake; create a new session for another.");
        return HandshakeOnceAsync(cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">
    /// The handshake is not complete, another send is in progress, this endpoint closed the session or its write direction, the session is used as a stream, or
    /// the message uses the session during encoding.
    /// </exception>
    /// <exception cref="ArgumentException">A field is outside its declared bounds. Nothing was sent.</exception>
    [RequiresState(SessionState.Established)]
    public override ValueTask SendAsync<TMessage>(scoped in TMessage message, CancellationToken cancellationToken = default) =>
        SendCoreAsync(message, cancellationToken);

    /// <summary>
    /// Sends a message as <see cref="SendAsync{TMessage}(in TMessage, CancellationToken)"/> does, but without cancellation. This overload is the fastest,
    /// because it avoids the lookup of a virtual generic method.
    /// </summary>
    /// <typeparam name="TMessage">The type of the message.</typeparam>
    /// <param name="message">The message to send. It is encoded before the call returns.</param>
    /// <exception cref="SessionException">The session failed.</exception>
    /// <exception cref="InvalidOperationException">
    /// The handshake is not complete, another send is in progress, this endpoint closed the session or its write direction, the session is used as a stream, or
    /// the message uses the session during encoding.
    /// </exception>
    /// <exception cref="ArgumentException">A field is outside its declared bounds. Nothing was sent.</exception>
    [RequiresState(SessionState.Established)]
    public ValueTask SendAsync<TMessage>(scoped in TMessage message)
        where TMessage : ICodedMessage<TMessage>, allows ref struct => SendCoreAsync(message, CancellationToken.None);

    /// <inheritdoc/>
    /// <exception cref="SessionException">The session failed.</exception>
    /// <exception cref="InvalidOperationException">The handshake is not complete, or this endpoint closed the session.</exception>
    [RequiresState(SessionState.Established)]
    public override ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfNotEstablished();
        return new ValueTask(_sending.FlushAsync().WaitAsync(cancellationToken));
    }

    /// <summary>Receives the next message. Cancellation loses no data: received bytes remain available to the next call.</summary>
    /// <param name="cancellationToken">The token that cancels the wait.</param>
    /// <returns>
    /// The message, or null if the session ended without an error: the peer closed it, the idle timeout expired, or this endpoint closed it while the call was
    /// pending. The body is valid until the next call.
    /// </returns>
    /// <exception cref="SessionException">The session failed.</exception>
    /// <exception cref="InvalidOperationException">
    /// The handshake is not complete, another receive is in progress, this endpoint closed the session, or the session is used as a stream.
    /// </exception>
    [RequiresState(SessionState.Established)]
    public override ValueTask<ReceivedMessage?> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        EnsureMessageMode();
        BeginReceive(cancellationToken);
        if (!_receiving.TryRead(out var message))
            return FinishReceiveAsync(cancellationToken);
        EndReceive();
        return new(message);
    }

    /// <summary>Gets the session as a byte stream. Disposing the stream ends the session.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not complete, or the session was used for messages.</exception>
    [RequiresState(SessionState.Established)]
    public SecureStream AsStream()
    {
        ThrowIfNotEstablished();
        if (Volatile.Read(ref _messagesUsed) != 0)
            throw new InvalidOperationException("The session was used for messages, so it cannot be used as a stream. Use a new session.");
        return LazyInitializer.EnsureInitialized(ref _stream, () => new SecureStream(this));
    }

    /// <summary>Exports keying material that only the two endpoints can derive (RFC 9846 section 7.5).</summary>
    /// <param name="label">The label of the use: 1 to 200 ASCII characters, unique to that use.</param>
    /// <param name="context">The context that the keying material is bound to. It may be empty.</param>
    /// <param name="output">The destination. The result depends on its length.</param>
    /// <exception cref="NotSupportedException">The session uses SslStream, which cannot export keying material.</exception>
    /// <exception cref="InvalidOperationException">The handshake is not complete, or this endpoint closed the session.</exception>
    [RequiresState(SessionState.Established)]
    public void ExportKeyingMaterial(string label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        ThrowIfNotEstablished();
        _driver.ExportKeyingMaterial(label, context, output);
    }

    internal ValueTask<int> ReadBytesAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ThrowIfNotEstablished();
        BeginReceive(cancellationToken);
        var count = _receiving.ReadBytes(buffer.Span);
        if (count == 0)
            return FinishReadBytesAsync(buffer, cancellationToken);
        EndReceive();
        return new(count);
    }

    internal ValueTask WriteBytesAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        ThrowIfNotEstablished();
        BeginSend(cancellationToken);
        return _sending.SendAsync(bytes, cancellationToken);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ValueTask SendCoreAsync<TMessage>(scoped in TMessage message, CancellationToken cancellationToken)
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        EnsureMessageMode();
        BeginSend(cancellationToken);
        return _sending.SendAsync(message, ProtocolVersion, cancellationToken);
    }

    private async Task HandshakeOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _driver.HandshakeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SessionException e) when (e.Error is { Kind: SessionErrorKind.AlertReceived, Alert: AlertDescription.NoApplicationProtocol })
        {
            // The alert does not list the peer's protocols, so add those of this endpoint.
            var supported = string.Join(", ", _options.ApplicationProtocols);
            throw new SessionException(e.Error with { Message = $"{e.Error.Message} This endpoint supports {supported}." }, e.End, e);
        }
        catch (InvalidOperationException e) when (End is { Reason: SessionEndReason.ClosedLocally })
        {
            throw new ObjectDisposedException("The session was closed before its handshake completed.", e);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReceivedMessage?> FinishReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            _sending.FlushBeforeReceive();
            return await _receiving.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            EndReceive();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> FinishReadBytesAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            _sending.FlushBeforeReceive();
            if (_receiving.Unread.IsEmpty)
                _receiving.SetChunk(await _driver.ReadAsync(cancellationToken).ConfigureAwait(false));
            return _receiving.ReadBytes(buffer.Span);
        }
        finally
        {
            EndReceive();
        }
    }

    private void BeginSend(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Volatile.Read(ref _writesCompleted) != 0)
            throw new InvalidOperationException("This endpoint closed its write direction, so nothing more can be sent. Create a new session.");
    }

    private void BeginReceive(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (End is { Reason: SessionEndReason.ClosedLocally })
            throw _driver.CreateEndException();
        if (Interlocked.Exchange(ref _receiveInProgress, 1) != 0)
            throw new InvalidOperationException("Another receive is in progress. Await it before the next one.");
    }

    private void EndReceive()
    {
        Volatile.Write(ref _receiveInProgress, 0);
        if (Volatile.Read(ref _disposed) != 0)
            ReleaseReceiver();
    }

    private void EnsureMessageMode()
    {
        // Fast path: the first check remains valid until the session is disposed.
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (Volatile.Read(ref _messagesUsed) != 0)
            return;
        ThrowIfNotEstablished();
        if (Volatile.Read(ref _stream) is not null)
            throw new InvalidOperationException("The session is used as a stream, so it cannot carry messages. Use a new session.");
        Volatile.Write(ref _messagesUsed, 1);
    }

    private void ThrowIfNotEstablished()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (Negotiated is not null)
            return;
        throw End is null
            ? new InvalidOperationException("The session is not established. Await 'HandshakeAsync' first.")
            : _driver.CreateEndException();
    }
}
