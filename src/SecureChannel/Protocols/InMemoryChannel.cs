using System.Buffers;
using System.Threading.Channels;
using SecureChannel.Handshakes;

namespace SecureChannel.Protocols;

/// <summary>
/// One endpoint of an in-process channel, for unit tests of protocols. The test uses the opposite endpoint as a fake peer, with the state tokens of the
/// opposite role. Messages are encoded and decoded as on the wire, but they are neither encrypted nor authenticated. Sends never wait. The rules for concurrent
/// use are those of <see cref="MessageChannel"/>.
/// </summary>
public sealed class InMemoryChannel : MessageChannel
{
    private readonly Channel<byte[]> _incoming = Channel.CreateUnbounded<byte[]>();
    private readonly MessageAssembler _assembler;
    private readonly TaskCompletionSource<SessionEnd> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private InMemoryChannel _peer;
    private SessionEnd? _end;

    private InMemoryChannel(Role role, string? applicationProtocol, int maxMessageSize, TimeProvider time)
    {
        (Role, ApplicationProtocol, TimeProvider) = (role, applicationProtocol, time);
        _assembler = new MessageAssembler(maxMessageSize);
        _peer = this;
    }

    /// <inheritdoc/>
    public override Role Role { get; }

    /// <inheritdoc/>
    public override string? ApplicationProtocol { get; }

    /// <inheritdoc/>
    public override TimeProvider TimeProvider { get; }

    /// <inheritdoc/>
    public override SessionEnd? End => Volatile.Read(ref _end);

    /// <inheritdoc/>
    public override Task<SessionEnd> Completion => _completion.Task;

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

    /// <inheritdoc/>
    public override ValueTask SendAsync<TMessage>(scoped in TMessage message, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        var frame = new ArrayBufferWriter<byte>();
        MessageFraming.Write(frame, message, ProtocolVersion);
        SendBytes(frame.WrittenSpan);
        return ValueTask.CompletedTask;
    }

    /// <summary>Sends raw bytes, so that a fake peer can send invalid messages.</summary>
    /// <param name="bytes">The bytes to send.</param>
    /// <exception cref="InvalidOperationException">This endpoint closed the channel.</exception>
    /// <exception cref="SessionException">The channel failed, or the peer closed it.</exception>
    public void SendBytes(ReadOnlySpan<byte> bytes)
    {
        ThrowIfFailed();
        if (End is { Reason: SessionEndReason.ClosedLocally })
            throw new InvalidOperationException("This endpoint closed the channel, so it can no longer send. Create a new channel.");
        if (End is not null || !_peer._incoming.Writer.TryWrite(bytes.ToArray()))
            throw new SessionException(new SessionError(
                SessionErrorKind.ProtocolViolation, SessionErrorCode.ClosedByPeer, AlertDescription.CloseNotify,
                "The peer closed the channel, so nothing more can be sent. Create a new channel."));
    }

    /// <inheritdoc/>
    public override ValueTask FlushAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public override async ValueTask<ReceivedMessage?> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            ThrowIfFailed();
            switch (_assembler.TryRead(out var message))
            {
                case FrameStatus.Complete:
                    return message;
                case FrameStatus.Refused:
                    await AbortAsync(_assembler.Error!).ConfigureAwait(false);
                    continue;
            }

            if (!await _incoming.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                ThrowIfFailed();
                return null;
            }

            if (_incoming.Reader.TryRead(out var bytes))
                _assembler.Append(bytes);
        }
    }

    /// <inheritdoc/>
    public override ValueTask CloseAsync(CancellationToken cancellationToken = default)
    {
        Finish(new SessionEnd(SessionEndReason.ClosedLocally));
        _peer.Finish(new SessionEnd(SessionEndReason.ClosedByPeer));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask AbortAsync(SessionError error)
    {
        Finish(new SessionEnd(SessionEndReason.Failed, error));
        var received = new SessionError(SessionErrorKind.AlertReceived, SessionErrorCode.AlertReceived, error.Alert, $"The peer aborted the channel: {error.Message}");
        _peer.Finish(new SessionEnd(SessionEndReason.Failed, received));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => CloseAsync();

    /// <summary>Records the end of the channel. Only the first call has an effect.</summary>
    private void Finish(SessionEnd end)
    {
        if (Interlocked.CompareExchange(ref _end, end, null) is null)
            _completion.TrySetResult(end);
        _incoming.Writer.TryComplete();
    }

    private void ThrowIfFailed()
    {
        if (End is { Error: { } error })
            throw new SessionException(error);
    }
}
