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
    private bool _isReceiving;
    private bool _isPeerEndRead;

    private InMemoryChannel(Role role, string? applicationProtocol, PeerIdentity? peerIdentity, InMemoryChannelOptions options)
    {
        (Role, ApplicationProtocol, PeerIdentity, TimeProvider) = (role, applicationProtocol, peerIdentity, options.TimeProvider);
        _framer = new MessageFramer(options.MaxMessageSize);
        _peer = this;
    }

    /// <inheritdoc/>
    public override Role Role { get; }

    /// <inheritdoc/>
    public override string? ApplicationProtocol { get; }

    /// <inheritdoc/>
    public override PeerIdentity? PeerIdentity { get; }

    /// <inheritdoc/>
    public override bool IsClientAuthenticated => (Role == Role.Client ? _peer : this).PeerIdentity is not null;

    /// <inheritdoc/>
    public override TimeProvider TimeProvider { get; }

    /// <inheritdoc/>
    public override SessionEnd? End => _lifetime.End;

    /// <inheritdoc/>
    public override Task<SessionEnd> Completion => _lifetime.Completion;

    /// <summary>Creates a pair of connected endpoints.</summary>
    /// <param name="options">The options, or null for the default values.</param>
    /// <returns>The endpoint of the client and that of the server.</returns>
    /// <exception cref="ArgumentException">An option is invalid.</exception>
    /// <exception cref="SessionException">The endpoints have no protocol in common. The error lists the protocols of both endpoints.</exception>
    public static (InMemoryChannel Client, InMemoryChannel Server) CreatePair(InMemoryChannelOptions? options = null)
    {
        options ??= new InMemoryChannelOptions();
        options.Validate();
        if (!ApplicationProtocols.TryChoose(options.ClientProtocols, [.. options.ServerProtocols], out var protocol, out var error)
            || (error = ApplicationProtocols.CheckChoice(protocol, options.ClientProtocols, isRequired: true, Role.Client)) is not null)
            throw new SessionException(error);
        var client = new InMemoryChannel(Role.Client, protocol, options.ServerIdentity, options);
        var server = new InMemoryChannel(Role.Server, protocol, options.ClientIdentity, options) { _peer = client };
        client._peer = server;
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
