using System.Runtime.CompilerServices;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel;

/// <summary>
/// A driver that moves bytes between a <see cref="ChannelEngine"/> and a transport. The driver holds its gate during every call to the engine.
/// </summary>
internal sealed partial class EngineDriver : SessionDriver
{
    // Fits a record of 200 bytes, so that waiting for a short record needs one transport read, and for a longer one two.
    private const int SmallInputSize = 256;

    // Fits more than three records of maximum length, so that most transport reads return several records.
    private const int InputSize = 1 << 16;

    // RFC 9846 section 5.2: header, content type and tag.
    private const int RecordOverhead = RecordFormat.HeaderLength + 1 + Aead.TagLength;

    private readonly ChannelEngine _engine;
    private PooledBuffer _output = new(holdsPlaintext: false);
    private PooledBuffer _currentOutput = new(holdsPlaintext: false);
    private TaskCompletionSource<bool>? _whenWritten;
    private bool _isWriting;

    public EngineDriver(Stream transport, SecureSessionOptions options, HandshakeMachine machine, HandshakeProtocol handshake)
        : base(transport, options, new InputBuffer(SmallInputSize, InputSize, RecordFormat.MaxRecordLength))
    {
        _engine = new ChannelEngine(machine, handshake.Records, options.HandshakeTimeout, options.HandshakeObserver)
        {
            AllowHalfClose = options.AllowHalfClose,
        };
    }

    public override async Task HandshakeAsync(CancellationToken cancellationToken)
    {
        lock (Gate)
        {
            if (End is null)
            {
                _engine.Start(Timer.Now, _output);
                ApplyEngineState();
            }
        }
        try
        {
            await FlushOutputAsync().ConfigureAwait(false);
            await AdvanceAsync(isHandshake: true, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await AbortAsync(CanceledHandshake).ConfigureAwait(false);
            throw;
        }
        catch (Exception e) when (End is null)
        {
            var error = new SessionError(SessionErrorKind.LocalError, SessionErrorCode.CallbackFailed, AlertDescription.InternalError, $"The handshake failed at this endpoint: {e.Message}");
            await AbortAsync(error).ConfigureAwait(false);
            throw;
        }
        if (End is not null)
            throw CreateEndException();
        (PeerIdentity, Negotiated) = (_engine.PeerIdentity, _engine.Negotiated);
    }

    public override ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken) => AdvanceAsync(isHandshake: false, cancellationToken);

    public override bool ConsumesDataSynchronously => true;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> data)
    {
        lock (Gate)
        {
            if (End is not null)
                throw CreateEndException();
            _output.Reserve(RecordWriter.RecordsFor(data.Length) * RecordOverhead + data.Length);
            _engine.Write(data.Span, Timer.Now, _output);
            ApplyEngineState();
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
        // A write in progress still uses the current output.
        if (!_isWriting)
            _currentOutput.Dispose();
    }

    // Processes records until the handshake completes or application data is available. Returns empty if the session or the peer's direction ended.
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
                    ApplyEngineState();
                }
            }
            pending = _engine.Pending;
            hasOutput = _output.Length > 0 || End is not null;
            return true;
        }
    }

    // A count of 0 means that the transport ended; no count means that the session has ended or is about to.
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

    // For engine calls that may end the session. Does nothing if the session already ended.
    private async ValueTask EndAsync(Action<EngineDriver> call)
    {
        lock (Gate)
        {
            if (End is null)
            {
                call(this);
                ApplyEngineState();
            }
        }
        await FlushOutputAsync().ConfigureAwait(false);
    }

    private void ApplyEngineState()
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

    // Returns true if all output was written, or false if the session ended. One caller at a time writes, on behalf of all.
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
                await Transport.WriteAsync(_currentOutput.Written, WriteStopped).ConfigureAwait(false);
                await Transport.FlushAsync(WriteStopped).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (IsTransportFailure(e))
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
            _currentOutput.Clear();
            isLast = End is not null;
            if (_output.Length == 0)
            {
                FinishWriting(succeeded: true);
                return false;
            }
            (_output, _currentOutput) = (_currentOutput, _output);
            return true;
        }
    }

    private void FinishWriting(bool succeeded)
    {
        _currentOutput.Clear();
        _isWriting = false;
        _whenWritten?.TrySetResult(succeeded);
        _whenWritten = null;
    }
}
