using System.Net;
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
/// <para>
/// A receive never waits for a send of this endpoint, and a send never waits for a receive. A receive reports the end of data only after the peer's
/// authenticated close_notify. It then has received everything that the peer's sends accepted. Every other end is an exception.
/// </para>
/// <para>
/// A session without a pending receive reads ahead, up to 64 KiB. <see cref="Completion"/>, deadlines, the idle timeout and pings therefore do not require a
/// pending receive.
/// </para>
/// </remarks>
public sealed partial class SecureSession : MessageChannel
{
    private readonly SessionDriver _driver;
    private SecureStream? _stream;
    private int _handshakeStarted;
    private int _messagesUsed;
    private int _receiveInProgress;

    private SecureSession(Role role, SessionDriver driver, EndPoint? localEndPoint, EndPoint? remoteEndPoint) =>
        (Role, _driver, LocalEndPoint, RemoteEndPoint) = (role, driver, localEndPoint, remoteEndPoint);

    /// <inheritdoc/>
    public override Role Role { get; }

    /// <inheritdoc/>
    public override NegotiatedSession? Negotiated => _driver.Negotiated;

    /// <inheritdoc/>
    public override PeerIdentity? PeerIdentity => _driver.PeerIdentity;

    /// <inheritdoc/>
    public override EndPoint? LocalEndPoint { get; }

    /// <inheritdoc/>
    public override EndPoint? RemoteEndPoint { get; }

    /// <inheritdoc/>
    public override SessionEnd? End => _driver.Lifetime.End;

    /// <inheritdoc/>
    public override Task<SessionEnd> Completion => _driver.Lifetime.Completion;

    /// <inheritdoc/>
    public override string? ApplicationProtocol => Negotiated?.ApplicationProtocol;

    /// <inheritdoc/>
    public override TimeProvider TimeProvider => _driver.Options.TimeProvider;

    private protected override bool IsApplicationProtocolKnown => Negotiated is not null;

    /// <summary>Performs the handshake. Call this method only once per session.</summary>
    /// <param name="cancellationToken">The token that cancels the handshake. Cancellation ends the session.</param>
    /// <exception cref="SessionException">The handshake failed, or exceeded <see cref="SecureSessionOptions.HandshakeTimeout"/>.</exception>
    /// <exception cref="InvalidOperationException">The handshake already started.</exception>
    [EnsuresState(SessionState.Established)]
    public Task HandshakeAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        if (Interlocked.Exchange(ref _handshakeStarted, 1) != 0)
            throw new InvalidOperationException("The handshake already started. A session performs only one handshake; create a new session for another.");
        return HandshakeOnceAsync(cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">
    /// The handshake is not complete, another send is in progress, this endpoint completed its writes, the session is used as a stream, or the message uses the
    /// session during encoding.
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
    /// <exception cref="SessionException">The session has ended, or this endpoint is closing it.</exception>
    /// <exception cref="InvalidOperationException">
    /// The handshake is not complete, another send is in progress, this endpoint completed its writes, the session is used as a stream, or the message uses the
    /// session during encoding.
    /// </exception>
    /// <exception cref="ArgumentException">A field is outside its declared bounds. Nothing was sent.</exception>
    [RequiresState(SessionState.Established)]
    public ValueTask SendAsync<TMessage>(scoped in TMessage message)
        where TMessage : ICodedMessage<TMessage>, allows ref struct => SendCoreAsync(message, CancellationToken.None);

    /// <summary>Flushes sent data.</summary>
    /// <param name="cancellationToken">The token that cancels the wait. The data remains queued.</param>
    /// <returns>A task that completes when all data that was sent before the call is with the transport.</returns>
    /// <exception cref="SessionException">The session has ended, or this endpoint is closing it.</exception>
    /// <exception cref="InvalidOperationException">The handshake is not complete.</exception>
    [RequiresState(SessionState.Established)]
    public override ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfNotEstablished();
        var flushing = _driver.Output.FlushAsync();
        return flushing is { IsCompleted: true, Result: true } ? ValueTask.CompletedTask : FinishFlushAsync(flushing, cancellationToken);
    }

    /// <summary>
    /// Renews the keys of both directions (RFC 9846 section 4.7.3), and flushes sent data. The next sends use new keys. The peer renews its keys when it receives
    /// the request, before it sends more data. Keys are also renewed automatically before they reach their limit, so that only a policy of the application requires
    /// this method.
    /// </summary>
    /// <param name="cancellationToken">The token that cancels the wait. The request remains queued.</param>
    /// <returns>A task that completes when the request is with the transport.</returns>
    /// <exception cref="SessionException">The session has ended, or this endpoint is closing it.</exception>
    /// <exception cref="InvalidOperationException">
    /// The handshake is not complete, this endpoint completed its writes, or the security is not <see cref="SessionSecurity.Tls13"/>.
    /// </exception>
    [RequiresState(SessionState.Established)]
    public ValueTask RequestKeyUpdateAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfNotEstablished();
        _driver.RequestKeyUpdate();
        return FlushAsync(cancellationToken);
    }

    /// <summary>Receives the next message. Cancellation loses no data: received bytes remain available to the next call.</summary>
    /// <param name="cancellationToken">The token that cancels the wait.</param>
    /// <returns>
    /// The message, or null if the peer closed its direction: there are no more messages. The body is valid until the next call.
    /// </returns>
    /// <exception cref="SessionException">The session ended without a close_notify of the peer, or this endpoint closed it.</exception>
    /// <exception cref="InvalidOperationException">
    /// The handshake is not complete, another receive is in progress, or the session is used as a stream.
    /// </exception>
    [RequiresState(SessionState.Established)]
    public override ValueTask<ReceivedMessage?> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        EnsureMessageMode();
        BeginReceive(cancellationToken);
        if (!_driver.Messages.TryRead(out var message))
            return FinishReceiveAsync(cancellationToken);
        EndReceive();
        return new(message);
    }

    /// <summary>Gets the session as a byte stream. Disposing the stream disposes the session.</summary>
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
    /// <exception cref="InvalidOperationException">The handshake is not complete.</exception>
    /// <exception cref="SessionException">The session ended.</exception>
    [RequiresState(SessionState.Established)]
    public void ExportKeyingMaterial(string label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        ThrowIfNotEstablished();
        _driver.ExportKeyingMaterial(label, context, output);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ValueTask SendCoreAsync<TMessage>(scoped in TMessage message, CancellationToken cancellationToken)
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        EnsureMessageMode();
        cancellationToken.ThrowIfCancellationRequested();
        return _driver.Output.SendAsync(message, ProtocolVersion, cancellationToken);
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
            var supported = string.Join(", ", _driver.Options.ApplicationProtocols);
            throw new SessionException(e.Error with { Message = $"{e.Error.Message} This endpoint supports {supported}." }, e.End, e);
        }
    }

    private async ValueTask FinishFlushAsync(Task<bool> flushing, CancellationToken cancellationToken)
    {
        if (await flushing.WaitAsync(cancellationToken).ConfigureAwait(false))
            return;
        await Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
        throw _driver.Lifetime.CreateException(isSend: true);
    }

    private void EnsureMessageMode()
    {
        // Fast path: the first check remains valid until the session is disposed.
        ThrowIfDisposed();
        if (Volatile.Read(ref _messagesUsed) != 0)
            return;
        ThrowIfNotEstablished();
        if (Volatile.Read(ref _stream) is not null)
            throw new InvalidOperationException("The session is used as a stream, so it cannot carry messages. Use a new session.");
        Volatile.Write(ref _messagesUsed, 1);
    }

    private void ThrowIfNotEstablished()
    {
        ThrowIfDisposed();
        if (Negotiated is not null)
            return;
        throw End is null
            ? new InvalidOperationException("The session is not established. Await 'HandshakeAsync' first.")
            : _driver.Lifetime.CreateException(isSend: true);
    }

    internal override bool IsDisposed => Volatile.Read(ref _disposing) is not null;

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(IsDisposed, this);
}
