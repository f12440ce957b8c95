using System.Buffers;
using System.Threading.Channels;
using SecureChannel.Handshakes;

namespace SecureChannel.Protocols;

/// <summary>
/// One end of a channel within the process, for unit tests of protocols: the other end, driven by the other role's tokens, is the fake peer. Messages are
/// encoded and decoded as on a wire, but neither encrypted nor authenticated. Sends never wait. Thread-safe as <see cref="MessageChannel"/> is.
/// </summary>
public sealed class InMemoryChannel : MessageChannel
{
    private readonly Channel<byte[]> _arriving = Channel.CreateUnbounded<byte[]>();
    private readonly MessageAssembler _assembler;
    private InMemoryChannel _peer;
    private SessionEnd? _end;

    private InMemoryChannel(string? applicationProtocol, int maxMessageSize, TimeProvider time)
    {
        (ApplicationProtocol, TimeProvider) = (applicationProtocol, time);
        _assembler = new MessageAssembler(maxMessageSize);
        _peer = this;
    }

    /// <inheritdoc/>
    public override string? ApplicationProtocol { get; }

    /// <inheritdoc/>
    public override TimeProvider TimeProvider { get; }

    /// <inheritdoc/>
    public override SessionEnd? End => Volatile.Read(ref _end);

    /// <summary>Creates both ends.</summary>
    /// <param name="applicationProtocol">The application protocol that the ends agreed on; null if none.</param>
    /// <param name="maxMessageSize">The bound of a message's body in bytes.</param>
    /// <param name="timeProvider">The clock of declared deadlines; the system's if null.</param>
    public static (InMemoryChannel Client, InMemoryChannel Server) CreatePair(
        string? applicationProtocol = null, int maxMessageSize = MessageFraming.DefaultMaxMessageSize, TimeProvider? timeProvider = null)
    {
        var client = new InMemoryChannel(applicationProtocol, maxMessageSize, timeProvider ?? TimeProvider.System);
        var server = new InMemoryChannel(applicationProtocol, maxMessageSize, client.TimeProvider) { _peer = client };
        client._peer = server;
        return (client, server);
    }

    /// <summary>Creates both ends, which agree on an application protocol as the ends of a session do.</summary>
    /// <param name="clientSpeaks">What the client speaks, best first.</param>
    /// <param name="serverSpeaks">What the server speaks, best first.</param>
    /// <param name="timeProvider">The clock of declared deadlines; the system's if null.</param>
    /// <exception cref="SessionException">They have no protocol in common: the error names both lists.</exception>
    public static (InMemoryChannel Client, InMemoryChannel Server) CreatePair(
        IReadOnlyCollection<string> clientSpeaks, IReadOnlyCollection<string> serverSpeaks, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(serverSpeaks);
        return ApplicationProtocols.TryChoose(clientSpeaks, [.. serverSpeaks], out var chosen, out var error)
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

    /// <summary>Sends bytes as they are: for a fake peer that sends what no message is.</summary>
    /// <param name="bytes">Any bytes.</param>
    /// <exception cref="InvalidOperationException">This end has closed the channel.</exception>
    /// <exception cref="SessionException">The channel has failed, or the peer has closed it.</exception>
    public void SendBytes(ReadOnlySpan<byte> bytes)
    {
        ThrowIfFailed();
        if (End is { Reason: SessionEndReason.ClosedLocally })
            throw new InvalidOperationException("This end has closed the channel: nothing can be sent any more.");
        if (End is not null || !_peer._arriving.Writer.TryWrite(bytes.ToArray()))
            throw new SessionException(new SessionError(SessionErrorKind.ProtocolViolation, AlertDescription.CloseNotify, "the peer has closed the channel"));
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

            if (!await _arriving.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                ThrowIfFailed();
                return null;
            }

            if (_arriving.Reader.TryRead(out var bytes))
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
        _peer.Finish(new SessionEnd(SessionEndReason.Failed, new SessionError(SessionErrorKind.AlertReceived, error.Alert, $"the peer refused: {error.Message}")));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => CloseAsync();

    /// <summary>The first end sticks.</summary>
    private void Finish(SessionEnd end)
    {
        Interlocked.CompareExchange(ref _end, end, null);
        _arriving.Writer.TryComplete();
    }

    private void ThrowIfFailed()
    {
        if (End is { Error: { } error })
            throw new SessionException(error);
    }
}
