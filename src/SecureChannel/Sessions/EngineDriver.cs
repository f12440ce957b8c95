using System.Runtime.CompilerServices;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel;

/// <summary>Feeds a <see cref="ChannelEngine"/> from a transport, and the transport from it. All calls of the engine are under the gate.</summary>
internal sealed partial class EngineDriver : SessionDriver
{
    // Room for a record of 200 bytes: one that is waited for is then read by one call of the transport, and one that is longer by two.
    private const int SmallInputSize = 256;

    // Room for three of the longest records and a part: most reads of the transport then bring several.
    private const int InputSize = 1 << 16;

    // RFC 9846 section 5.2: header, content type and tag.
    private const int RecordOverhead = RecordFormat.HeaderLength + 1 + Aead.TagLength;

    private readonly ChannelEngine _engine;
    private PooledBuffer _output = new(holdsPlaintext: false);
    private PooledBuffer _moving = new(holdsPlaintext: false);
    private TaskCompletionSource<bool>? _whenWritten;
    private bool _isWriting;

    public EngineDriver(Stream transport, SecureSessionOptions options, HandshakeMachine machine, HandshakeProtocol handshake)
        : base(transport, options, new InputBuffer(SmallInputSize, InputSize, RecordFormat.MaxRecordLength))
    {
        _engine = new ChannelEngine(machine, handshake.Records, options.HandshakeTimeout, options.HandshakeObserver) { AllowHalfClose = options.AllowHalfClose };
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
            await AdvanceAsync(isHandshake: true, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await AbortAsync(new SessionError(SessionErrorKind.LocalError, AlertDescription.UserCanceled, "The handshake was cancelled by this end.")).ConfigureAwait(false);
            throw;
        }
        catch (Exception e) when (End is null)
        {
            await AbortAsync(new SessionError(SessionErrorKind.LocalError, AlertDescription.InternalError, $"The handshake failed here: {e.Message}")).ConfigureAwait(false);
            throw;
        }
        if (End is not null)
            throw CreateEndException();
        Negotiated = _engine.Negotiated;
    }

    public override ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken) => AdvanceAsync(isHandshake: false, cancellationToken);

    public override bool UsesDataAtOnce => true;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> data)
    {
        lock (Gate)
        {
            if (End is not null)
                throw CreateEndException();
            _output.Reserve(RecordWriter.RecordsFor(data.Length) * RecordOverhead + data.Length);
            _engine.Write(data.Span, Timer.Now, _output);
            AfterEngine();
        }
        var flushing = FlushOutputAsync();
        if (!flushing.IsCompletedSuccessfully)
            return FinishWriteAsync(flushing);
        return flushing.Result ? ValueTask.CompletedTask : throw CreateEndException();
    }

    public override ValueTask CloseAsync() => EndAsync(driver => driver._engine.Close(driver.Timer.Now, driver._output));

    public override ValueTask CloseWriteAsync() => EndAsync(driver => driver._engine.CloseWrite(driver.Timer.Now, driver._output));

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
        // What is being written belongs to the writer until it is done.
        if (!_isWriting)
            _moving.Dispose();
    }

    // Takes records, reading from the transport where none is complete, until the handshake is or until there is application data. Empty once the session, or the peer's direction, has ended.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadOnlyMemory<byte>> AdvanceAsync(bool isHandshake, CancellationToken cancellationToken)
    {
        while (TryReadRecord(out var content, out var needsMore, out var pending, out var hasOutput))
        {
            if (hasOutput)
                await FlushOutputAsync().ConfigureAwait(false);
            if (pending is not null)
                await RunAsync(pending, cancellationToken).ConfigureAwait(false);
            else if (needsMore && await FillInputAsync(Transport, cancellationToken).ConfigureAwait(false) is not > 0 and var count)
                await FinishAsync(count, cancellationToken).ConfigureAwait(false);

            if (content.Length > 0 || (isHandshake && _engine.Status != EngineStatus.Handshaking))
                return content;
        }
        return isHandshake || End?.Error is null ? default : throw CreateEndException();
    }

    private bool TryReadRecord(out ReadOnlyMemory<byte> content, out bool needsMore, out PendingOperation? pending, out bool hasOutput)
    {
        lock (Gate)
        {
            (content, needsMore, pending, hasOutput) = (default, false, null, false);
            if (End is not null || _engine.IsReadClosed)
                return false;
            if (_engine.Pending is null)
            {
                var unread = Input.Unread;
                needsMore = unread.IsEmpty;
                if (!needsMore)
                {
                    var result = _engine.Read(unread.Span, Timer.Now, _output);
                    content = unread.Slice(result.ContentOffset, result.ContentLength);
                    needsMore = result.NeedsMoreData;
                    Input.Consume(result.Consumed);
                    AfterEngine();
                }
            }
            pending = _engine.Pending;
            hasOutput = _output.Length > 0 || End is not null;
            return true;
        }
    }

    // The transport has ended; or, without a count, the session has or is about to.
    private async ValueTask FinishAsync(int? count, CancellationToken cancellationToken)
    {
        if (count == 0)
            await EndAsync(driver => driver._engine.ReadEnd(driver.Timer.Now, driver._output)).ConfigureAwait(false);
        else
            await Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask RunAsync(PendingOperation pending, CancellationToken cancellationToken)
    {
        using var linked = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Stopped) : null;
        try
        {
            await pending.RunAsync(linked?.Token ?? Stopped).ConfigureAwait(false);
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

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FinishWriteAsync(ValueTask<bool> flushing)
    {
        if (!await flushing.ConfigureAwait(false))
            throw CreateEndException();
    }

    // Whether all output has reached the transport; if not, the session has ended. One caller at a time moves it there, for all.
    private ValueTask<bool> FlushOutputAsync()
    {
        lock (Gate)
        {
            if (_output.Length == 0 && End is null)
                return new(true);
            if (_isWriting)
                return new((_whenWritten ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)).Task);
            _isWriting = true;
        }
        return WriteOutputAsync();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> WriteOutputAsync()
    {
        bool isLast;
        try
        {
            while (TryTakeOutput(out isLast))
            {
                await Transport.WriteAsync(_moving.Written, WriteStopped).ConfigureAwait(false);
                await Transport.FlushAsync(WriteStopped).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (IsOfTransport(e))
        {
            await FailWriteAsync(e).ConfigureAwait(false);
            lock (Gate)
                FinishWriting(succeeded: false);
            return false;
        }
        if (isLast)
            await CloseTransportAsync().ConfigureAwait(false);
        return true;
    }

    private bool TryTakeOutput(out bool isLast)
    {
        lock (Gate)
        {
            _moving.Clear();
            isLast = End is not null;
            if (_output.Length == 0)
            {
                FinishWriting(succeeded: true);
                return false;
            }
            (_output, _moving) = (_moving, _output);
            return true;
        }
    }

    private void FinishWriting(bool succeeded)
    {
        _moving.Clear();
        _isWriting = false;
        _whenWritten?.TrySetResult(succeeded);
        _whenWritten = null;
    }
}
