using SecureChannel.CodeAnalysis;
using SecureChannel.Handshakes;
using SecureChannel.Messages;

namespace SecureChannel.Protocols;

/// <summary>
/// A bidirectional, ordered channel of coded messages, over which generated protocols run. One send
/// and one receive may be in progress at the same time.
/// </summary>
public abstract class MessageChannel : SessionInfo, IAsyncDisposable
{
    private int _begun;
    // 0 until the version is known; int.MaxValue if the protocol has no version.
    private int _version;

    /// <summary>
    /// Gets the version of the application protocol: the number after the last slash of its name, such as 2 for <c>bank/2</c>.
    /// </summary>
    /// <remarks>
    /// The name is <see cref="SessionInfo.ApplicationProtocol"/> or, if none was negotiated, that of the protocol that began on this channel. The value is
    /// <see cref="int.MaxValue"/> if the name has no version, and until a name is known; every field is then encoded. Messages are sent in this version. Decode
    /// messages from <see cref="ReceiveAsync"/> in this version if they have fields with <see cref="SinceAttribute"/>.
    /// </remarks>
    public sealed override int ProtocolVersion
    {
        get
        {
            // Fast path: every message reads this.
            return _version != 0 ? _version : FindVersion();
        }
    }

    /// <summary>
    /// Sends a message in the version <see cref="ProtocolVersion"/>. The message is encoded before the call returns. A channel may queue messages to combine
    /// them into one write. It writes queued messages within milliseconds, on <see cref="FlushAsync"/>, or when this endpoint next waits for the peer.
    /// </summary>
    /// <typeparam name="TMessage">The type of the message.</typeparam>
    /// <param name="message">The message to send.</param>
    /// <param name="cancellationToken">The token that cancels the send.</param>
    /// <exception cref="SessionException">The session failed.</exception>
    /// <exception cref="OperationCanceledException">The send was canceled before any byte was sent.</exception>
    [RequiresState(SessionState.Established)]
    public abstract ValueTask SendAsync<TMessage>(scoped in TMessage message, CancellationToken cancellationToken = default)
        where TMessage : ICodedMessage<TMessage>, allows ref struct;

    /// <summary>Flushes sent messages to the transport.</summary>
    /// <param name="cancellationToken">The token that cancels the wait.</param>
    [RequiresState(SessionState.Established)]
    public abstract ValueTask FlushAsync(CancellationToken cancellationToken = default);

    /// <summary>Receives the next message. Cancellation loses no data: received bytes remain available to the next call.</summary>
    /// <param name="cancellationToken">The token that cancels the wait.</param>
    /// <returns>The message, or null if the session ended without an error. The body is valid until the next call.</returns>
    /// <exception cref="SessionException">The session failed.</exception>
    [RequiresState(SessionState.Established)]
    public abstract ValueTask<ReceivedMessage?> ReceiveAsync(CancellationToken cancellationToken = default);

    /// <summary>Flushes sent messages, then closes the session with close_notify.</summary>
    /// <param name="cancellationToken">The token that cancels the close.</param>
    public abstract ValueTask CloseAsync(CancellationToken cancellationToken = default);

    /// <summary>Ends the session with an error. The peer receives the error's alert, and every later operation on this channel fails with the error.</summary>
    /// <param name="error">The error.</param>
    public abstract ValueTask AbortAsync(SessionError error);

    /// <summary>Closes the session with close_notify unless it has ended, and releases all resources.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>
    /// Gets a value that indicates whether negotiation is complete. The value of <see cref="SessionInfo.ApplicationProtocol"/> is then final; null means that no protocol
    /// was negotiated.
    /// </summary>
    private protected virtual bool IsApplicationProtocolKnown => false;

    internal bool TryBegin(string protocol)
    {
        if (Interlocked.Exchange(ref _begun, 1) != 0)
            return false;
        _version = ApplicationProtocols.ReleaseOf(protocol);
        return true;
    }

    private int FindVersion()
    {
        // Read first: the protocol may become known between the two reads.
        var isKnown = IsApplicationProtocolKnown;
        if (ApplicationProtocol is { } agreed)
            return _version = ApplicationProtocols.ReleaseOf(agreed);
        // Do not overwrite the version of a protocol that began in the meantime.
        if (isKnown)
            Interlocked.CompareExchange(ref _version, int.MaxValue, 0);
        return int.MaxValue;
    }
}

/// <summary>A received message whose body is not yet decoded.</summary>
/// <param name="Code">The code that identifies the message.</param>
/// <param name="Body">The encoded fields, valid until the next receive.</param>
public readonly record struct ReceivedMessage(int Code, ReadOnlyMemory<byte> Body);
