using SecureChannel.CodeAnalysis;
using SecureChannel.Handshakes;
using SecureChannel.Messages;

namespace SecureChannel.Protocols;

/// <summary>
/// A bidirectional, ordered channel of coded messages, over which generated protocols run. One send and one receive may be in progress at the same time. The
/// members that end the channel may be called at any time.
/// </summary>
/// <remarks>
/// <para>
/// An operation that the end of the channel makes impossible throws a <see cref="SessionException"/>. Its <see cref="SessionException.Error"/> is the reason,
/// and its <see cref="SessionException.End"/> is the end of the channel. The first end counts. A receive first returns the messages that arrived before the
/// end, unless this endpoint ended the channel.
/// </para>
/// <list type="table">
/// <listheader><term>The channel ends because</term><description>Receives, sends and flushes</description></listheader>
/// <item><term>the peer closed it</term><description>A receive returns null, or fails with <see cref="SessionErrorKind.ProtocolViolation"/> within a message.
/// Sends and flushes continue until this endpoint closes the channel too.</description></item>
/// <item><term>this endpoint closed it</term><description>Fail with <see cref="SessionErrorKind.Closed"/>. Accepted messages are
/// delivered.</description></item>
/// <item><term>a timeout expired</term><description>Fail with <see cref="SessionErrorKind.TimedOut"/>.</description></item>
/// <item><term>the peer aborted it</term><description>Fail with <see cref="SessionErrorKind.AlertReceived"/>.</description></item>
/// <item><term>the transport failed or was cut</term><description>Fail with <see cref="SessionErrorKind.TransportFailed"/> or
/// <see cref="SessionErrorKind.Truncated"/>.</description></item>
/// <item><term>the peer violated the protocol</term><description>Fail with the kind of the violation.</description></item>
/// <item><term>this endpoint aborted it</term><description>Fail with the error that was passed to <see cref="AbortAsync"/>.</description></item>
/// <item><term>this endpoint disposed it</term><description>Pending operations fail with <see cref="SessionErrorKind.Closed"/> or
/// <see cref="SessionErrorKind.LocalError"/>; later operations throw <see cref="ObjectDisposedException"/>.</description></item>
/// </list>
/// <para>
/// To implement a channel, derive from this class, follow this table, and complete <see cref="SessionInfo.Completion"/> with <see cref="SessionInfo.End"/>.
/// <see cref="IsProtocolComplete"/> decides how <see cref="DisposeAsync"/> ends an open channel.
/// </para>
/// </remarks>
public abstract class MessageChannel : SessionInfo, IAsyncDisposable
{
    private int _begun;
    private bool _isProtocolComplete;
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
    /// Sends a message in the version <see cref="ProtocolVersion"/>. The message is encoded before the call returns. The send completes when the channel
    /// accepts the message. A channel may queue messages to combine them into one write. It writes queued messages within milliseconds, on
    /// <see cref="FlushAsync"/>, or when this endpoint next waits for the peer.
    /// </summary>
    /// <typeparam name="TMessage">The type of the message.</typeparam>
    /// <param name="message">The message to send.</param>
    /// <param name="cancellationToken">The token that cancels the send.</param>
    /// <exception cref="SessionException">The channel has ended.</exception>
    /// <exception cref="ObjectDisposedException">The channel was disposed.</exception>
    /// <exception cref="OperationCanceledException">The send was canceled. Nothing was sent.</exception>
    [RequiresState(SessionState.Established)]
    public abstract ValueTask SendAsync<TMessage>(scoped in TMessage message, CancellationToken cancellationToken = default)
        where TMessage : ICodedMessage<TMessage>, allows ref struct;

    /// <summary>Flushes accepted messages. The flush completes when all of them are with the transport.</summary>
    /// <param name="cancellationToken">The token that cancels the wait.</param>
    /// <exception cref="SessionException">The channel has ended.</exception>
    /// <exception cref="ObjectDisposedException">The channel was disposed.</exception>
    [RequiresState(SessionState.Established)]
    public abstract ValueTask FlushAsync(CancellationToken cancellationToken = default);

    /// <summary>Receives the next message. Cancellation loses no data: received bytes remain available to the next call.</summary>
    /// <param name="cancellationToken">The token that cancels the wait.</param>
    /// <returns>The message, or null if the peer closed the channel in order and every message was received. The body is valid until the next call.</returns>
    /// <exception cref="SessionException">The channel has ended for any other reason.</exception>
    /// <exception cref="ObjectDisposedException">The channel was disposed.</exception>
    [RequiresState(SessionState.Established)]
    public abstract ValueTask<ReceivedMessage?> ReceiveAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Closes the channel in order: flushes accepted messages, sends close_notify, and ends both directions. Does nothing if this endpoint has closed the
    /// channel.
    /// </summary>
    /// <param name="cancellationToken">The token that cancels the flush. The channel then remains open.</param>
    /// <exception cref="SessionException">The channel has ended for another reason.</exception>
    /// <exception cref="ObjectDisposedException">The channel was disposed.</exception>
    public abstract ValueTask CloseAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Aborts the channel with an error. The peer receives the error's alert as a fatal one, and every other operation on this channel fails with the error.
    /// Does nothing if the channel has ended. Throws no other exception than <see cref="ArgumentException"/>.
    /// </summary>
    /// <param name="error">The error.</param>
    /// <exception cref="ArgumentException">
    /// The alert is <see cref="AlertDescription.CloseNotify"/> or <see cref="AlertDescription.UserCanceled"/>, which are not fatal (RFC 9846 section 6.1).
    /// </exception>
    public abstract ValueTask AbortAsync(SessionError error);

    /// <summary>
    /// Releases all resources within a bounded time. An open channel is closed in order only if what it carries is complete: its protocol is in a final state,
    /// or this endpoint has completed its writes. Otherwise, the channel is aborted with <see cref="SessionErrorCode.DisposedBeforeClose"/>, so that the peer
    /// cannot mistake a part for the whole. Call <see cref="CloseAsync"/> first if everything was sent without a protocol.
    /// </summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>
    /// Gets a value that indicates whether a protocol ran on this channel and reached a final state. <see cref="DisposeAsync"/> closes in order only then.
    /// </summary>
    protected bool IsProtocolComplete => Volatile.Read(ref _isProtocolComplete);

    /// <summary>
    /// Gets a value that indicates whether negotiation is complete. The value of <see cref="SessionInfo.ApplicationProtocol"/> is then final; null means that
    /// no protocol was negotiated.
    /// </summary>
    private protected virtual bool IsApplicationProtocolKnown => false;

    /// <summary>Gets a value that indicates whether the channel was disposed. Its end may follow later.</summary>
    internal virtual bool IsDisposed => false;

    /// <summary>Applies the limits of the protocol that begins to the messages that the channel receives from now on.</summary>
    private protected virtual void ApplyLimits(MessageLimits limits)
    {
    }

    /// <summary>Throws if an error cannot abort a channel, because its alert is not fatal.</summary>
    private protected static void ThrowIfNotFatal(SessionError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        if (error.Alert is AlertDescription.CloseNotify or AlertDescription.UserCanceled)
        {
            throw new ArgumentException(
                $"The alert '{error.Alert}' is not fatal, so it cannot abort a channel. Use another alert, such as '{nameof(AlertDescription.GeneralError)}'.",
                nameof(error));
        }
    }

    internal void SetProtocolComplete(bool value) => Volatile.Write(ref _isProtocolComplete, value);

    internal bool TryBegin(string protocol, MessageLimits limits)
    {
        if (Interlocked.Exchange(ref _begun, 1) != 0)
            return false;
        ApplyLimits(limits);
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
