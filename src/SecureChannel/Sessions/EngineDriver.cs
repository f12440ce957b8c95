using System.Buffers;
using System.Runtime.CompilerServices;
using SecureChannel.Engine;

namespace SecureChannel;

/// <summary>Feeds a <see cref="ChannelEngine"/> from a transport, and the transport from it. All calls of the engine are under the gate.</summary>
internal sealed class EngineDriver : SessionDriver
{
    // RFC 9846 section 5.2: a record is at most 5 + 2^14 + 256 bytes; room for two makes most reads of the transport bring whole records.
    private const int InputSize = 2 * (5 + (1 << 14) + 256);

    private readonly ChannelEngine _engine;
    private readonly Func<CancellationToken, ValueTask> _writeOutput;
    private readonly byte[] _input = ArrayPool<byte>.Shared.Rent(InputSize);
    private PooledBuffer _output = new();
    private PooledBuffer _moving = new();
    private int _start;
    private int _end;
    private bool _released;

    public EngineDriver(Stream transport, SessionOptions options, HandshakeMachine machine, HandshakeProtocol handshake)
        : base(transport, options)
    {
        _engine = new ChannelEngine(machine, handshake.Records, options.HandshakeTimeout, options.HandshakeObserver);
        _writeOutput = WriteOutputAsync;
    }

    public override async Task HandshakeAsync(CancellationToken cancellationToken)
    {
        lock (Gate)
        {
            if (End is null)
            {
                _engine.Start(Timer.Now, _output);
                AfterEngine();
            }
        }
        try
        {
            await FlushOutputAsync().ConfigureAwait(false);
            while (End is null && _engine.Status == EngineStatus.Handshaking)
                await StepAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await AbortAsync(new SessionError(Fault.Misused, Alert.UserCanceled, "The handshake was cancelled by this end.")).ConfigureAwait(false);
            throw;
        }
        catch (Exception e) when (End is null)
        {
            await AbortAsync(new SessionError(Fault.Misused, Alert.InternalError, $"The handshake failed here: {e.Message}")).ConfigureAwait(false);
            throw;
        }
        if (End is not null)
            throw CreateEndException();
        Negotiated = _engine.Negotiated;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        while (End is null)
        {
            var content = await StepAsync(cancellationToken).ConfigureAwait(false);
            if (content.Length > 0)
                return content;
        }
        return End.Error is null ? default : throw CreateEndException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> data)
    {
        lock (Gate)
        {
            if (End is not null)
                throw CreateEndException();
            _engine.Write(data.Span, Timer.Now, _output);
            AfterEngine();
        }
        if (!await FlushOutputAsync().ConfigureAwait(false))
            throw CreateEndException();
    }

    public override ValueTask CloseAsync() => EndAsync(driver => driver._engine.Close(driver.Timer.Now, driver._output));

    public override ValueTask AbortAsync(SessionError error) => EndAsync(driver => driver._engine.Abort(error, driver.Timer.Now, driver._output));

    public override void ExportKeyingMaterial(string label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        lock (Gate)
        {
            if (End is not null)
                throw CreateEndException();
            _engine.ExportKeyingMaterial(label, context, output);
        }
    }

    protected override async Task TickAsync() => await EndAsync(driver => driver._engine.Tick(driver.Timer.Now, driver._output)).ConfigureAwait(false);

    public override void Release()
    {
        lock (Gate)
        {
            if (_released)
                return;
            _released = true;
            _engine.Dispose();
            ArrayPool<byte>.Shared.Return(_input, clearArray: true);
            _output.Dispose();
        }
    }

    // Takes one record, or reads from the transport if none is complete.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadOnlyMemory<byte>> StepAsync(CancellationToken cancellationToken)
    {
        if (!TryReadRecord(out var content, out var needsMore, out var pending))
            return default;
        await FlushOutputAsync().ConfigureAwait(false);
        if (pending is not null)
            await RunAsync(pending, cancellationToken).ConfigureAwait(false);
        else if (needsMore)
            await FillAsync(cancellationToken).ConfigureAwait(false);
        return content;
    }

    private bool TryReadRecord(out ReadOnlyMemory<byte> content, out bool needsMore, out PendingOperation? pending)
    {
        lock (Gate)
        {
            (content, needsMore, pending) = (default, false, null);
            if (End is not null)
                return false;
            if (_engine.Pending is null)
            {
                var result = _engine.Read(_input.AsSpan(_start, _end - _start), Timer.Now, _output);
                content = _input.AsMemory(_start + result.ContentOffset, result.ContentLength);
                needsMore = result.NeedsMore;
                _start += result.Consumed;
                AfterEngine();
            }
            pending = _engine.Pending;
            return true;
        }
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_input.Length - _end < InputSize / 2)
        {
            _input.AsSpan(_start, _end - _start).CopyTo(_input);
            (_start, _end) = (0, _end - _start);
        }
        var count = await ReadStreamAsync(Transport, _input.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        if (count == 0)
            await EndAsync(driver => driver._engine.ReadEnd(driver.Timer.Now, driver._output)).ConfigureAwait(false);
        _end += count ?? 0;
    }

    private async ValueTask RunAsync(PendingOperation pending, CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Stopped);
        try
        {
            await pending.RunAsync(linked.Token).ConfigureAwait(false);
        }
        catch (Exception) when (End is not null)
        {
            return;
        }
        await EndAsync(driver => driver._engine.Resume(driver.Timer.Now, driver._output)).ConfigureAwait(false);
    }

    // For calls of the engine that may end the session: nothing happens once it has ended.
    private async ValueTask EndAsync(Action<EngineDriver> call)
    {
        lock (Gate)
        {
            if (End is null)
            {
                call(this);
                AfterEngine();
            }
        }
        await FlushOutputAsync().ConfigureAwait(false);
    }

    private void AfterEngine()
    {
        if (_engine.End is { } end)
            TryEnd(end);
        else
            Timer.Arm(_engine.Deadline);
    }

    // Whether all output has reached the transport; if not, the session has ended.
    private ValueTask<bool> FlushOutputAsync()
    {
        lock (Gate)
        {
            if (_output.Length == 0 && End is null)
                return new(true);
        }
        return ExclusivelyAsync(_writeOutput);
    }

    private async ValueTask WriteOutputAsync(CancellationToken cancellationToken)
    {
        while (TryTakeOutput())
        {
            await Transport.WriteAsync(_moving.Written, cancellationToken).ConfigureAwait(false);
            await Transport.FlushAsync(cancellationToken).ConfigureAwait(false);
            _moving.Truncate(0);
        }
        if (End is not null)
            await CloseTransportAsync().ConfigureAwait(false);
    }

    private bool TryTakeOutput()
    {
        lock (Gate)
        {
            if (_released || _output.Length == 0)
            {
                if (_released)
                    _moving.Dispose();
                return false;
            }
            (_output, _moving) = (_moving, _output);
            return true;
        }
    }
}
