using System.Runtime.CompilerServices;
using SecureChannel.Cryptography;
using SecureChannel.Engine;
using SecureChannel.Records;

namespace SecureChannel;

/// <summary>Feeds a <see cref="ChannelEngine"/> from a transport, and the transport from it. All calls of the engine are under the gate.</summary>
internal sealed class EngineDriver : SessionDriver
{
    // Room for three of the longest records and a part: most reads of the transport then bring several.
    private const int InputSize = 1 << 16;

    // RFC 9846 section 5.2: header, content type and tag.
    private const int RecordOverhead = RecordFormat.HeaderLength + 1 + Aead.TagLength;

    private readonly ChannelEngine _engine;
    private readonly Func<CancellationToken, ValueTask> _writeOutput;
    private PooledBuffer _output = new(holdsPlaintext: false);
    private PooledBuffer _moving = new(holdsPlaintext: false);

    public EngineDriver(Stream transport, SessionOptions options, HandshakeMachine machine, HandshakeProtocol handshake)
        : base(transport, options, new InputBuffer(InputSize, RecordFormat.MaxRecordLength))
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

    public override bool UsesDataAtOnce => true;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> data)
    {
        lock (Gate)
        {
            if (End is not null)
                throw CreateEndException();
            _output.Reserve(RecordWriter.RecordsFor(data.Length) * RecordOverhead + data.Length);
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

    protected override void FreeMemory()
    {
        _engine.Dispose();
        _output.Dispose();
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
            await ReadTransportAsync(cancellationToken).ConfigureAwait(false);
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
                var unread = Input.Unread;
                var result = _engine.Read(unread.Span, Timer.Now, _output);
                content = unread.Slice(result.ContentOffset, result.ContentLength);
                needsMore = result.NeedsMore;
                Input.Consume(result.Consumed);
                AfterEngine();
            }
            pending = _engine.Pending;
            return true;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ReadTransportAsync(CancellationToken cancellationToken)
    {
        if (await FillInputAsync(Transport, cancellationToken).ConfigureAwait(false) == 0)
            await EndAsync(driver => driver._engine.ReadEnd(driver.Timer.Now, driver._output)).ConfigureAwait(false);
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

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WriteOutputAsync(CancellationToken cancellationToken)
    {
        while (TryTakeOutput())
        {
            await Transport.WriteAsync(_moving.Written, cancellationToken).ConfigureAwait(false);
            await Transport.FlushAsync(cancellationToken).ConfigureAwait(false);
            _moving.Clear();
        }
        if (End is not null)
            await CloseTransportAsync().ConfigureAwait(false);
    }

    private bool TryTakeOutput()
    {
        lock (Gate)
        {
            if (IsReleased || _output.Length == 0)
            {
                if (IsReleased)
                    _moving.Dispose();
                return false;
            }
            (_output, _moving) = (_moving, _output);
            return true;
        }
    }
}
