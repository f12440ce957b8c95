using System.Buffers;
using System.Threading.Channels;
using SecureChannel.Handshakes;

namespace SecureChannel.Protocols;

/// <summary>
/// One endpoint of an in-process channel, for unit tests of protocols. The test uses the opposite endpoint as a fake peer, with the state tokens of the
/// opposite role. Messages are encoded and decoded as on the wire, but they are neither encrypted nor authenticated. Sends never wait. The channel ends in the
/// same ways as a session, with the same errors.
/// </summary>
public sealed class InMemoryChannel : MessageChannel
{
    private readonly Channel<byte[]> _incoming = Channel.CreateUnbounded<byte[]>();
    private readonly ChannelLifetime _lifetime = new();
    private readonly MessageFramer _framer;
    private InMemoryChannel _peer;
    private PeerIdentity? _ownIdentity;
    private bool _isReceiving;
    private bool _isPeerEndRead;

    private InMemoryChannel(Role role, string? applicationProtocol, int maxMessageSize, TimeProvider time)
    {
        (Role, ApplicationProtocol, TimeProvider) = (role, applicationProtocol, time);
        _framer = new MessageFramer(maxMessageSize);
        _peer = this;
    }

    /// <inheritdoc/>
    public override Role Role { get; }

    /// <inheritdoc/>
    public override string? ApplicationProtocol { get; }

    /// <inheritdoc/>
    public override TimeProvider TimeProvider { get; }

    /// <inheritdoc/>
    public override PeerIdentity? PeerIdentity => _peer._ownIdentity;

    /// <inheritdoc/>
    public override bool IsClientAuthenticated => (Role == Role.Client ? this : _peer)._ownIdentity is not null;

    /// <inheritdoc/>
    public override SessionEnd? End => _lifetime.End;

    /// <inheritdoc/>
    public override Task<SessionEnd> Completion => _lifetime.Completion;

    /// <summary>Creates a pair of connected endpoints.</summary>
    /// <param name="applicationProtocol">The negotiated application protocol, or null.</param>
    /// <param name="maxMessageSize">The maximum size of a message body, in bytes.</param>
    /// <param name="timeProvider">The clock for declared deadlines, or null for the system clock.</param>
    public static (InMemoryChannel Client, InMemoryChannel Server) CreatePair(
        string? applicationProtocol = null, int maxMessageSize = MessageFraming.DefaultMaxMessageSize, TimeProvider? timeProvider = null)
    {
        var client = new InMemoryChannel(Role.Client, applicationProtocol, maxMessageSize, timeProvider ?? TimeProvider.System);
        var server = new InMemoryChannel(Role.Server, applicationProtocol, maxMessageSize, client.TimeProvider) { _peer = client };
        client._peer = server;
        return (client, server);
    }

    /// <summary>
    /// Creates a pair of connected endpoints. The endpoints negotiate an application protocol by the same rules as the endpoints of a session.
    /// </summary>
    /// <param name="clientProtocols">The protocols that the client supports, in order of preference.</param>
    /// <param name="serverProtocols">The protocols that the server supports, in order of preference.</param>
    /// <param name="timeProvider">The clock for declared deadlines, or null for the system clock.</param>
    /// <exception cref="SessionException">The endpoints have no protocol in common. The error lists the protocols of both endpoints.</exception>
    public static (InMemoryChannel Client, InMemoryChannel Server) CreatePair(
        IReadOnlyCollection<string> clientProtocols, IReadOnlyCollection<string> serverProtocols, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(serverProtocols);
        return ApplicationProtocols.TryChoose(clientProtocols, [.. serverProtocols], out var chosen, out var error)
            ? CreatePair(chosen, timeProvider: timeProvider)
            : throw new SessionException(error);
    }

    /// <summary>
    /// Creates a pair of connected endpoints with identities, as a handshake would prove them. The endpoints negotiate an application protocol by the same rules as
    /// the endpoints of a session.
    /// </summary>
    /// <param name="options">The options.</param>
    /// <exception cref="SessionException">The endpoints have no protocol in common. The error lists the protocols of both endpoints.</exception>
    public static (InMemoryChannel Client, InMemoryChannel Server) CreatePair(InMemoryChannelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var (client, server) = options.ClientProtocols.Count == 0 && options.ServerProtocols.Count == 0
            ? CreatePair(timeProvider: options.TimeProvider)
            : CreatePair(options.ClientProtocols, options.ServerProtocols, options.TimeProvider);
        (client._ownIdentity, server._ownIdentity) = (options.ClientIdentity, options.ServerIdentity);
        return (client, server);
    }

    /// <inheritdoc/>
    public override ValueTask SendAsync<TMessage>(scoped in TMessage message, CancellationToken cancellationToken = default)
    {
        _lifetime.ThrowIfEnded(this);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        var frame = new ArrayBufferWriter<byte>();
        MessageFraming.Write(frame, message, ProtocolVersion);
        SendBytes(frame.WrittenSpan);
        return ValueTask.CompletedTask;
    }

    /// <summary>Sends raw bytes, so that a fake peer can send invalid messages.</summary>
    /// <param name="bytes">The bytes to send.</param>
    /// <exception cref="SessionException">The channel has ended.</exception>
    /// <exception cref="ObjectDisposedException">The channel was disposed.</exception>
    public void SendBytes(ReadOnlySpan<byte> bytes)
    {
        _lifetime.ThrowIfEnded(this);
        // A peer that closed the channel no longer receives.
        _peer._incoming.Writer.TryWrite(bytes.ToArray());
    }

    /// <inheritdoc/>
    public override ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        _lifetime.ThrowIfEnded(this);
        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled(cancellationToken) : ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
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
                await _incoming.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            Volatile.Write(ref _isReceiving, false);
        }
    }

    /// <inheritdoc/>
    public override ValueTask CloseAsync(CancellationToken cancellationToken = default)
    {
        _lifetime.ThrowIfDisposed(this);
        if (End is null && cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        Close();
        _lifetime.ThrowIfFailed();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask AbortAsync(SessionError error)
    {
        ThrowIfNotFatal(error);
        Abort(error, isLocal: true);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        if (!_lifetime.TryDispose())
            return ValueTask.CompletedTask;
        if (IsProtocolComplete)
            Close();
        else
            Abort(ChannelLifetime.DisposedBeforeClose, isLocal: true);
        return ValueTask.CompletedTask;
    }

    private protected override void ApplyLimits(MessageLimits limits) => _framer.Limits = limits;

    /// <summary>Tries to receive the next message or the peer's end.</summary>
    /// <returns>False if nothing has arrived yet.</returns>
    /// <exception cref="SessionException">The channel has ended, or the received bytes are not a valid message.</exception>
    private bool TryReceive(out ReceivedMessage? message)
    {
        message = null;
        if (_isPeerEndRead && _lifetime.End is null or { Error: null })
            return true;
        // Read before the queue, so that everything that arrived before this end is received.
        var end = _lifetime.End;
        var isPeerClosed = _lifetime.IsPeerClosed;
        while (!_lifetime.IsEndedLocally)
        {
            switch (_framer.Read(out var received, out var refusal))
            {
                case FrameStatus.Complete:
                    message = received;
                    return true;
                case FrameStatus.Refused:
                    Abort(refusal!, isLocal: true);
                    continue;
            }

            if (_incoming.Reader.TryRead(out var bytes))
                _framer.Supply(bytes);
            else if (end is not null)
                break;
            else if (!isPeerClosed)
                return false;
            else if (_framer.IsWithinMessage)
                Abort(ChannelLifetime.ClosedWithinMessage, isLocal: true);
            else
                return _isPeerEndRead = true;
        }

        throw _lifetime.CreateException();
    }

    private void Close()
    {
        if (!_lifetime.TryClose())
            return;
        _incoming.Writer.TryComplete();
        _peer._lifetime.ClosePeer();
        _peer._incoming.Writer.TryComplete();
    }

    private void Abort(SessionError error, bool isLocal)
    {
        if (!_lifetime.TryFail(error, isLocal))
            return;
        _incoming.Writer.TryComplete();
        if (!isLocal)
            return;
        var received = new SessionError(
            SessionErrorKind.AlertReceived, SessionErrorCode.AlertReceived, error.Alert, $"The peer aborted the channel: {error.Message}");
        _peer.Abort(received, isLocal: false);
    }
}
