using System.Buffers;
using System.Runtime.CompilerServices;

namespace SecureChannel.Protocols;

/// <summary>
/// Carries messages over a stream of bytes in a framing of one's choice: for protocols whose packets are not ours. Over
/// <see cref="SecureSession.AsStream"/> it is as authentic and private as the session; over a plain stream it is neither.
/// </summary>
/// <param name="stream">Carries bytes both ways, in order. The channel owns it.</param>
/// <param name="framing">How messages follow each other; <see cref="StreamFraming.Default"/> if null.</param>
/// <param name="applicationProtocol">The application protocol that the ends agreed on; null if none.</param>
/// <param name="maxMessageSize">The bound of a message's body in bytes.</param>
/// <param name="timeProvider">The clock of declared deadlines; the system's if null.</param>
public sealed class StreamChannel(
    Stream stream,
    StreamFraming? framing = null,
    string? applicationProtocol = null,
    int maxMessageSize = MessageFraming.DefaultMaxMessageSize,
    TimeProvider? timeProvider = null) : MessageChannel
{
    private const int ReadSize = 4096;

    private readonly StreamFraming _framing = framing ?? StreamFraming.Default;
    private readonly ArrayBufferWriter<byte> _sending = new();
    private byte[] _received = new byte[ReadSize];
    private int _start;
    private int _end;
    private int _sendUnderWay;
    private int _receiveUnderWay;
    private SessionEnd? _ended;

    /// <inheritdoc/>
    public override string? ApplicationProtocol { get; } = applicationProtocol;

    /// <inheritdoc/>
    public override TimeProvider TimeProvider { get; } = timeProvider ?? TimeProvider.System;

    /// <inheritdoc/>
    public override SessionEnd? End => Volatile.Read(ref _ended);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A send is under way, or this end has closed.</exception>
    /// <exception cref="ArgumentException">A field lies outside its declared bound: nothing was sent.</exception>
    public override ValueTask SendAsync<TMessage>(scoped in TMessage message, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfEnded();
        if (Interlocked.Exchange(ref _sendUnderWay, 1) != 0)
            throw new InvalidOperationException("A send is under way: await it before the next.");
        try
        {
            _sending.ResetWrittenCount();
            _framing.Write(_sending, message, ProtocolVersion);
        }
        catch
        {
            Volatile.Write(ref _sendUnderWay, 0);
            throw;
        }

        // A message is sent whole or not at all: once its first byte may have moved, nothing cancels it.
        return WriteAsync();
    }

    /// <inheritdoc/>
    public override ValueTask FlushAsync(CancellationToken cancellationToken = default) => new(stream.FlushAsync(cancellationToken));

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A receive is under way.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<ReceivedMessage?> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.Exchange(ref _receiveUnderWay, 1) != 0)
            throw new InvalidOperationException("A receive is under way: await it before the next.");
        try
        {
            while (true)
            {
                if (End is { Error: { } failed })
                    throw new SessionException(failed);
                var status = TryRead(out var message, out var refusal);
                if (status == FrameStatus.Complete)
                    return message;
                if (refusal is not null)
                    await AbortAsync(refusal).ConfigureAwait(false);
                else if (End is not null || !await FillAsync(cancellationToken).ConfigureAwait(false))
                    return End is { Error: { } error } ? throw new SessionException(error) : null;
            }
        }
        finally
        {
            Volatile.Write(ref _receiveUnderWay, 0);
        }
    }

    /// <summary>Ends the channel by closing its stream, after what was sent before.</summary>
    /// <param name="cancellationToken">Gives up before the stream is closed.</param>
    public override async ValueTask CloseAsync(CancellationToken cancellationToken = default)
    {
        if (End is not null)
            return;
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        await FinishAsync(new SessionEnd(SessionEndReason.ClosedLocally)).ConfigureAwait(false);
    }

    /// <summary>Ends the channel with an error by closing its stream: every later use here fails with it. There is no alert that a peer could be told.</summary>
    /// <param name="error">Why.</param>
    public override ValueTask AbortAsync(SessionError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return FinishAsync(new SessionEnd(SessionEndReason.Failed, error));
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => FinishAsync(new SessionEnd(SessionEndReason.ClosedLocally));

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WriteAsync()
    {
        try
        {
            await stream.WriteAsync(_sending.WrittenMemory, CancellationToken.None).ConfigureAwait(false);
            await stream.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            await FailAsync("writing", exception).ConfigureAwait(false);
            ThrowIfEnded();
        }
        finally
        {
            Volatile.Write(ref _sendUnderWay, 0);
        }
    }

    /// <summary>Asks the framing, which is the user's: where it breaks its contract this end is at fault, and no byte is read twice or left out.</summary>
    private FrameStatus TryRead(out ReceivedMessage message, out SessionError? refusal)
    {
        var input = _received.AsMemory(_start, _end - _start);
        (var consumed, message, refusal) = (0, default, null);
        FrameStatus status;
        try
        {
            status = _framing.TryRead(input, maxMessageSize, out consumed, out message, out var reason);
            if (status == FrameStatus.Refused)
                refusal = new SessionError(SessionErrorKind.MalformedMessage, AlertDescription.DecodeError, reason ?? "the bytes are no message");
            else if (status == FrameStatus.Complete && (consumed <= 0 || consumed > input.Length))
                refusal = Misused($"takes {consumed} of {input.Length} bytes for a packet");
        }
        catch (Exception exception)
        {
            refusal = Misused($"threw {exception.GetType().Name}: {exception.Message}");
            status = FrameStatus.Refused;
        }

        if (refusal is not null)
            return FrameStatus.Refused;
        if (status == FrameStatus.Complete)
            _start += consumed;
        return status;
    }

    private SessionError Misused(string what) => new(SessionErrorKind.LocalError, AlertDescription.InternalError, $"the framing {_framing.GetType().Name} {what}");

    /// <summary>Reads once more from the stream.</summary>
    /// <returns>False if the channel has ended.</returns>
    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        MakeRoom();
        try
        {
            var count = await stream.ReadAsync(_received.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            _end += count;
            if (count > 0)
                return true;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            await FailAsync("reading", exception).ConfigureAwait(false);
            return false;
        }

        await FinishAsync(_end > _start
            ? new SessionEnd(SessionEndReason.Failed, new SessionError(SessionErrorKind.Truncated, AlertDescription.DecodeError, "the stream ended in the middle of a message"))
            : new SessionEnd(SessionEndReason.ClosedByPeer)).ConfigureAwait(false);
        return false;
    }

    // Grows with what has arrived, never with what a length announces.
    private void MakeRoom()
    {
        var buffered = _received.AsSpan(_start, _end - _start);
        if (_received.Length - _end >= ReadSize)
            return;
        var target = _received.Length - buffered.Length >= ReadSize ? _received : new byte[checked(buffered.Length * 2 + ReadSize)];
        buffered.CopyTo(target);
        (_received, _end, _start) = (target, buffered.Length, 0);
    }

    private ValueTask FailAsync(string what, Exception cause) =>
        FinishAsync(new SessionEnd(SessionEndReason.Failed, new SessionError(SessionErrorKind.Truncated, AlertDescription.InternalError, $"the stream failed while {what}: {cause.Message}")));

    /// <summary>The first end sticks.</summary>
    private ValueTask FinishAsync(SessionEnd end) =>
        Interlocked.CompareExchange(ref _ended, end, null) is null ? stream.DisposeAsync() : default;

    private void ThrowIfEnded()
    {
        switch (End)
        {
            case null:
                return;
            case { Error: { } error }:
                throw new SessionException(error);
            case { Reason: SessionEndReason.ClosedLocally }:
                throw new InvalidOperationException("This end has closed the channel: nothing can be sent any more.");
            default:
                throw new SessionException(new SessionError(SessionErrorKind.ProtocolViolation, AlertDescription.CloseNotify, "the peer has closed the channel"));
        }
    }
}
