using System.Runtime.CompilerServices;
using SecureChannel.CodeAnalysis;
using SecureChannel.Messages;
using SecureChannel.Protocols;

namespace SecureChannel;

/// <summary>
/// An authentic and private session with a peer. It carries messages, or the bytes of <see cref="AsStream"/>, not both. One send and one receive may be under
/// way at once; ending it is safe at any time from any thread.
/// </summary>
/// <remarks>
/// Bytes are read from the transport only while a receive is pending: a peer's explicit end or alert is noticed by the next receive, or by a send that fails,
/// which drops what else has come: the session has then failed. Deadlines and the idle timeout work without one.
/// </remarks>
public sealed partial class SecureSession : MessageChannel
{
    private readonly SessionDriver _driver;
    private readonly SecureSessionOptions _options;
    private readonly SendQueue _sending;
    private readonly MessageReader _receiving;
    private SecureStream? _stream;
    private int _handshakeBegun;
    private int _messagesUsed;
    private int _receiveUnderWay;

    private SecureSession(Role role, SessionDriver driver, SecureSessionOptions options)
    {
        (Role, _driver, _options) = (role, driver, options);
        _sending = new SendQueue(driver);
        _receiving = new MessageReader(driver, options.MaxMessageSize);
    }

    /// <summary>Which end of the session this is.</summary>
    public Role Role { get; }

    /// <summary>What was agreed with whom; null until the handshake is complete.</summary>
    public NegotiatedSession? Negotiated => _driver.Negotiated;

    /// <summary>Gets the proven identity of the peer, or null until the handshake completes or if the peer has proven none.</summary>
    public PeerIdentity? PeerIdentity => _driver.PeerIdentity;

    /// <inheritdoc/>
    public override SessionEnd? End => _driver.End;

    /// <summary>Completes, never with an exception, once the session has ended, with the true reason.</summary>
    public Task<SessionEnd> Completion => _driver.Completion;

    /// <inheritdoc/>
    public override string? ApplicationProtocol => Negotiated?.ApplicationProtocol;

    private protected override bool IsApplicationProtocolKnown => Negotiated is not null;

    /// <inheritdoc/>
    public override TimeProvider TimeProvider => _options.TimeProvider;

    /// <summary>Does the handshake. A session does it once.</summary>
    /// <param name="cancellationToken">Gives up: the session has then ended.</param>
    /// <exception cref="SessionException">The handshake failed, or took longer than <see cref="SecureSessionOptions.HandshakeTimeout"/>.</exception>
    /// <exception cref="InvalidOperationException">The handshake was begun before.</exception>
    [EnsuresState(SessionState.Established)]
    public Task HandshakeAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (Interlocked.Exchange(ref _handshakeBegun, 1) != 0)
            throw new InvalidOperationException("The handshake was begun before: a session does it once; make a new session for a new one.");
        return HandshakeOnceAsync(cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">
    /// The handshake is not complete; a send is under way; this end has closed; the bytes are a stream's; or the message uses the session while it is encoded.
    /// </exception>
    /// <exception cref="ArgumentException">A field lies outside its declared bound: nothing was sent.</exception>
    [RequiresState(SessionState.Established)]
    public override ValueTask SendAsync<TMessage>(scoped in TMessage message, CancellationToken cancellationToken = default) =>
        SendDirectlyAsync(message, cancellationToken);

    /// <summary>
    /// Sends a message as <see cref="SendAsync{TMessage}(in TMessage, CancellationToken)"/> does, without a way to give up: the least that a send costs, since the
    /// session's type is known, and a generic method that is virtual is looked up at each call.
    /// </summary>
    /// <param name="message">The message, encoded before the call returns.</param>
    /// <exception cref="SessionException">The session has failed.</exception>
    /// <exception cref="InvalidOperationException">
    /// The handshake is not complete; a send is under way; this end has closed; the bytes are a stream's; or the message uses the session while it is encoded.
    /// </exception>
    /// <exception cref="ArgumentException">A field lies outside its declared bound: nothing was sent.</exception>
    [RequiresState(SessionState.Established)]
    public ValueTask SendAsync<TMessage>(scoped in TMessage message)
        where TMessage : ICodedMessage<TMessage>, allows ref struct => SendDirectlyAsync(message, CancellationToken.None);

    /// <inheritdoc/>
    /// <exception cref="SessionException">The session has failed.</exception>
    /// <exception cref="InvalidOperationException">The handshake is not complete, or this end has closed the session.</exception>
    [RequiresState(SessionState.Established)]
    public override ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfNotEstablished();
        return new ValueTask(_sending.FlushAsync().WaitAsync(cancellationToken));
    }

    /// <summary>Waits for the next message. Cancellation loses nothing: what has arrived stays for the next call.</summary>
    /// <returns>
    /// The message, whose body is valid until the next call; null once the session has ended in order: by the peer's explicit message, by the idle timeout, or,
    /// while the call was pending, by this end.
    /// </returns>
    /// <exception cref="SessionException">The session has failed.</exception>
    /// <exception cref="InvalidOperationException">The handshake is not complete; a receive is under way; this end has closed; or the bytes are a stream's.</exception>
    [RequiresState(SessionState.Established)]
    public override ValueTask<ReceivedMessage?> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        UseMessages();
        BeginReceive(cancellationToken);
        if (!_receiving.TryRead(out var message))
            return FinishReceiveAsync(cancellationToken);
        EndReceive();
        return new(message);
    }

    /// <summary>The session as a stream of bytes. Disposing the stream ends the session.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not complete, or the session carries messages.</exception>
    [RequiresState(SessionState.Established)]
    public SecureStream AsStream()
    {
        ThrowIfNotEstablished();
        if (Volatile.Read(ref _messagesUsed) != 0)
            throw new InvalidOperationException("The session carries messages: it cannot be a stream too.");
        return LazyInitializer.EnsureInitialized(ref _stream, () => new SecureStream(this));
    }

    /// <summary>Derives keying material that both ends, and nobody else, can derive (RFC 9846 section 7.5).</summary>
    /// <param name="label">What it is for: 1 to 200 bytes of ASCII that no other use has.</param>
    /// <param name="context">What it is bound to; may be empty.</param>
    /// <param name="output">Where it goes; its length is part of what is derived.</param>
    /// <exception cref="NotSupportedException">Over SslStream, which exports none.</exception>
    /// <exception cref="InvalidOperationException">The handshake is not complete, or this end has closed the session.</exception>
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
    private ValueTask SendDirectlyAsync<TMessage>(scoped in TMessage message, CancellationToken cancellationToken)
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        UseMessages();
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
            // The alert does not tell what the peer speaks, only that it is nothing of this.
            throw new SessionException(e.Error with { Message = $"{e.Error.Message} This end speaks {string.Join(", ", _options.ApplicationProtocols)}." }, e);
        }
        catch (InvalidOperationException e) when (End is { Reason: SessionEndReason.ClosedLocally })
        {
            throw new ObjectDisposedException("The session was closed before its handshake was complete.", e);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReceivedMessage?> FinishReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            _sending.PushOut();
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
            _sending.PushOut();
            if (_receiving.Unread.IsEmpty)
                _receiving.Deliver(await _driver.ReadAsync(cancellationToken).ConfigureAwait(false));
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
        if (Volatile.Read(ref _sendingClosed) != 0)
            throw new InvalidOperationException("This end has closed its direction: nothing more can be sent.");
    }

    private void BeginReceive(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (End is { Reason: SessionEndReason.ClosedLocally })
            throw _driver.CreateEndException();
        if (Interlocked.Exchange(ref _receiveUnderWay, 1) != 0)
            throw new InvalidOperationException("A receive is under way: await it before the next.");
    }

    private void EndReceive()
    {
        Volatile.Write(ref _receiveUnderWay, 0);
        if (Volatile.Read(ref _disposed) != 0)
            ReleaseReceiving();
    }

    private void UseMessages()
    {
        // Every message asks: what was found out once holds until the session is disposed.
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (Volatile.Read(ref _messagesUsed) != 0)
            return;
        ThrowIfNotEstablished();
        if (Volatile.Read(ref _stream) is not null)
            throw new InvalidOperationException("The session is used as a stream: it cannot carry messages too.");
        Volatile.Write(ref _messagesUsed, 1);
    }

    private void ThrowIfNotEstablished()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (Negotiated is not null)
            return;
        throw End is null
            ? new InvalidOperationException("The session is not established: await HandshakeAsync first.")
            : _driver.CreateEndException();
    }
}
