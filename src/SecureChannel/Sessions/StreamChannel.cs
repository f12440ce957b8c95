using System.Buffers;
using System.Runtime.CompilerServices;

namespace SecureChannel.Protocols;

/// <summary>
/// A channel of messages over a byte stream, with a custom framing, for protocols with their own packet format. Over <see cref="SecureSession.AsStream"/>, the
/// channel has the security of the session. Over a plain stream, the channel is neither authenticated nor encrypted.
/// </summary>
/// <param name="stream">The bidirectional, ordered byte stream. The channel owns it.</param>
/// <param name="role">The role of the local endpoint.</param>
/// <param name="framing">The framing, or null for <see cref="StreamFraming.Default"/>.</param>
/// <param name="applicationProtocol">The negotiated application protocol, or null.</param>
/// <param name="maxMessageSize">The maximum size of a message body, in bytes.</param>
/// <param name="timeProvider">The clock for declared deadlines, or null for the system clock.</param>
public sealed class StreamChannel(
    Stream stream,
    Role role,
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
    private int _sendInProgress;
    private int _receiveInProgress;
    private readonly TaskCompletionSource<SessionEnd> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SessionEnd? _ended;

    /// <inheritdoc/>
    public override Role Role { get; } = role;

    /// <inheritdoc/>
    public override string? ApplicationProtocol { get; } = applicationProtocol;

    /// <inheritdoc/>
    public override TimeProvider TimeProvider { get; } = timeProvider ?? TimeProvider.System;

    /// <inheritdoc/>
    public override SessionEnd? End => Volatile.Read(ref _ended);

    /// <inheritdoc/>
    public override Task<SessionEnd> Completion => _completion.Task;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Another send is in progress, or this endpoint closed the channel.</exception>
    /// <exception cref="ArgumentException">A field is outside its declared bounds. Nothing was sent.</exception>
    public override ValueTask SendAsync<TMessage>(scoped in TMessage message, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfEnded();
        if (Interlocked.Exchange(ref _sendInProgress, 1) != 0)
            throw new InvalidOperationException("Another send is in progress. Await it before the next one.");
        try
        {
            _sending.ResetWrittenCount();
            _framing.Write(_sending, message, ProtocolVersion);
        }
        catch
        {
            Volatile.Write(ref _sendInProgress, 0);
            throw;
        }

        // Not cancelable: after the first byte is written, the whole message must follow.
        return WriteAsync();
    }

    /// <inheritdoc/>
    public override ValueTask FlushAsync(CancellationToken cancellationToken = default) => new(stream.FlushAsync(cancellationToken));

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Another receive is in progress.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<ReceivedMessage?> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.Exchange(ref _receiveInProgress, 1) != 0)
            throw new InvalidOperationException("Another receive is in progress. Await it before the next one.");
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
            Volatile.Write(ref _receiveInProgress, 0);
        }
    }

    /// <summary>Flushes and closes the stream, which ends the channel.</summary>
    /// <param name="cancellationToken">The token that cancels the flush.</param>
    public override async ValueTask CloseAsync(CancellationToken cancellationToken = default)
    {
        if (End is not null)
            return;
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        await FinishAsync(new SessionEnd(SessionEndReason.ClosedLocally)).ConfigureAwait(false);
    }

    /// <summary>Ends the channel with an error and closes the stream. Every later operation fails with the error. The peer receives no alert.</summary>
    /// <param name="error">The error.</param>
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
            Volatile.Write(ref _sendInProgress, 0);
        }
    }

    /// <summary>Reads a message with the framing. If the framing, which is user code, violates its contract, the channel fails with a local error.</summary>
    private FrameStatus TryRead(out ReceivedMessage message, out SessionError? refusal)
    {
        var input = _received.AsMemory(_start, _end - _start);
        (var consumed, message, refusal) = (0, default, null);
        FrameStatus status;
        try
        {
            status = _framing.TryRead(input, maxMessageSize, out consumed, out message, out var reason);
            if (status == FrameStatus.Refused)
            {
                refusal = new SessionError(
                    SessionErrorKind.MalformedMessage, SessionErrorCode.Malformed, AlertDescription.DecodeError, reason ?? "The received bytes are not a valid message.");
            }
            else if (status == FrameStatus.Complete && (consumed <= 0 || consumed > input.Length))
                refusal = CreateFramingError($"consumed {consumed} of {input.Length} bytes");
        }
        catch (Exception exception)
        {
            refusal = CreateFramingError($"threw {exception.GetType().Name} ({exception.Message.TrimEnd('.')})");
            status = FrameStatus.Refused;
        }

        if (refusal is not null)
            return FrameStatus.Refused;
        if (status == FrameStatus.Complete)
            _start += consumed;
        return status;
    }

    private static SessionError TruncatedMessage { get; } =
        new(SessionErrorKind.Truncated, SessionErrorCode.Truncated, AlertDescription.DecodeError, "The stream ended in the middle of a message.");

    private SessionError CreateFramingError(string problem) =>
        new(SessionErrorKind.LocalError, SessionErrorCode.CallbackFailed, AlertDescription.InternalError, $"The framing '{_framing.GetType().Name}' {problem}.");

    /// <summary>Reads from the stream once.</summary>
    /// <returns>True if bytes were read; false if the channel ended.</returns>
    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        EnsureCapacity();
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
            ? new SessionEnd(SessionEndReason.Failed, TruncatedMessage)
            : new SessionEnd(SessionEndReason.ClosedByPeer)).ConfigureAwait(false);
        return false;
    }

    // Grows with the bytes received, never with an announced length.
    private void EnsureCapacity()
    {
        var buffered = _received.AsSpan(_start, _end - _start);
        if (_received.Length - _end >= ReadSize)
            return;
        var target = _received.Length - buffered.Length >= ReadSize ? _received : new byte[checked(buffered.Length * 2 + ReadSize)];
        buffered.CopyTo(target);
        (_received, _end, _start) = (target, buffered.Length, 0);
    }

    private ValueTask FailAsync(string operation, Exception cause)
    {
        var error = new SessionError(SessionErrorKind.Truncated, SessionErrorCode.TransportFailed, AlertDescription.InternalError, $"The stream failed while {operation}: {cause.Message}");
        return FinishAsync(new SessionEnd(SessionEndReason.Failed, error));
    }

    /// <summary>Ends the channel. Only the first call has an effect.</summary>
    private ValueTask FinishAsync(SessionEnd end)
    {
        if (Interlocked.CompareExchange(ref _ended, end, null) is not null)
            return default;
        _completion.TrySetResult(end);
        return stream.DisposeAsync();
    }

    private void ThrowIfEnded()
    {
        switch (End)
        {
            case null:
                return;
            case { Error: { } error }:
                throw new SessionException(error);
            case { Reason: SessionEndReason.ClosedLocally }:
                throw new InvalidOperationException("This endpoint closed the channel, so it can no longer send. Create a new channel.");
            default:
                throw new SessionException(new SessionError(
                    SessionErrorKind.ProtocolViolation, SessionErrorCode.ClosedByPeer, AlertDescription.CloseNotify,
                    "The peer closed the channel, so nothing more can be sent. Create a new channel."));
        }
    }
}
