using SecureChannel.Protocols;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Protocols;

/// <summary>Tests of stream channels over streams that throw, never complete, or ignore their cancellation token.</summary>
public sealed class HostileStreamTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly HostileStream _stream = new();
    private readonly StreamChannel _channel;

    public HostileStreamTests() => _channel = new StreamChannel(_stream, Role.Client, timeProvider: _time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _stream.Release();
        await _channel.DisposeAsync();
        _stream.OnDispose = null;
        await _stream.DisposeAsync();
    }

    [Theory]
    [InlineData("read", false)]
    [InlineData("read", true)]
    [InlineData("write", false)]
    [InlineData("write", true)]
    [InlineData("flush", false)]
    [InlineData("flush", true)]
    public async Task Any_exception_of_the_stream_fails_the_channel_and_disposes_the_stream_once(string member, bool isAsync)
    {
        Func<Task> fail = async () =>
        {
            if (isAsync)
                await Task.Yield();
            throw new TimeZoneNotFoundException("no route");
        };
        if (!isAsync)
            fail = () => throw new TimeZoneNotFoundException("no route");
        if (member == "read")
            _stream.OnRead = _ => ReadAsync(fail);
        else if (member == "write")
            _stream.OnWrite = _ => new ValueTask(fail());
        else
            _stream.OnFlush = fail;

        var failure = await Assert.ThrowsAsync<SessionException>(async () =>
        {
            await _channel.SendAsync(new BalanceQuery(1), Stop);
            await _channel.FlushAsync(Stop);
            await _channel.ReceiveAsync(Stop);
        });

        Assert.Equal((SessionErrorKind.TransportFailed, SessionErrorCode.TransportFailed), (failure.Error.Kind, failure.Error.Code));
        Assert.Equal($"The stream failed while {(member == "read" ? "reading" : "writing")}: no route", failure.Error.Message);
        Assert.IsType<TimeZoneNotFoundException>(failure.InnerException);
        Assert.Same(failure.End, await _channel.Completion.WaitAsync(SessionPair.Patience, Stop));
        foreach (var operation in new Func<Task>[] { async () => await _channel.ReceiveAsync(Stop), async () => await _channel.SendAsync(new Goodbye(), Stop), async () => await _channel.CloseAsync(Stop) })
            Assert.Same(failure.Error, (await Assert.ThrowsAsync<SessionException>(operation)).Error);
        await _channel.DisposeAsync();
        Assert.Equal(1, _stream.Disposals);
    }

    [Fact]
    public async Task A_failed_write_fails_the_channel_so_that_nothing_follows_half_a_message()
    {
        var writes = 0;
        _stream.OnWrite = _ => ++writes == 1 ? ValueTask.FromException(new TimeZoneNotFoundException()) : default;

        await Assert.ThrowsAsync<SessionException>(async () => await _channel.SendAsync(new BalanceQuery(1), Stop));
        await Assert.ThrowsAsync<SessionException>(async () => await _channel.SendAsync(new BalanceQuery(2), Stop));

        Assert.Equal(1, writes);
        Assert.Empty(_stream.Written);
    }

    [Fact]
    public async Task A_pending_receive_fails_when_a_write_fails()
    {
        var receiving = _channel.ReceiveAsync(Stop);
        _stream.OnWrite = _ => ValueTask.FromException(new TimeZoneNotFoundException());

        await Assert.ThrowsAsync<SessionException>(async () => await _channel.SendAsync(new BalanceQuery(1), Stop));

        var failure = await Assert.ThrowsAsync<SessionException>(async () => await receiving.AsTask().WaitAsync(SessionPair.Patience, Stop));
        Assert.Equal(SessionErrorKind.TransportFailed, failure.Error.Kind);
    }

    [Fact]
    public async Task Received_messages_are_delivered_before_the_failure_of_a_write()
    {
        var isRead = false;
        _stream.OnRead = buffer =>
        {
            if (isRead)
                return new ValueTask<int>(new TaskCompletionSource<int>().Task);
            isRead = true;
            new byte[] { 6, 0, 6, 0 }.CopyTo(buffer);
            return new(4);
        };
        Assert.NotNull(await _channel.ReceiveAsync(Stop));
        _stream.OnWrite = _ => ValueTask.FromException(new TimeZoneNotFoundException());
        await Assert.ThrowsAsync<SessionException>(async () => await _channel.SendAsync(new BalanceQuery(1), Stop));

        Assert.Equal(6, (await _channel.ReceiveAsync(Stop))!.Value.Code);
        await Assert.ThrowsAsync<SessionException>(async () => await _channel.ReceiveAsync(Stop));
    }

    [Fact]
    public async Task A_receive_over_a_stream_that_ignores_its_token_can_be_canceled_and_loses_nothing()
    {
        var arrived = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        _stream.OnRead = async buffer =>
        {
            var bytes = await arrived.Task;
            bytes.CopyTo(buffer);
            return bytes.Length;
        };
        using var cancellation = new CancellationTokenSource();
        var receiving = _channel.ReceiveAsync(cancellation.Token);
        await cancellation.CancelAsync();

        var canceled = await Assert.ThrowsAsync<OperationCanceledException>(async () => await receiving);
        Assert.Equal(cancellation.Token, canceled.CancellationToken);
        arrived.SetResult([6, 0]);

        Assert.Equal(6, (await _channel.ReceiveAsync(Stop))!.Value.Code);
    }

    [Fact]
    public async Task A_send_canceled_while_a_write_never_completes_has_sent_nothing()
    {
        var unblocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _stream.OnWrite = _ => new ValueTask(unblocked.Task);
        var large = new LargeMessage(new byte[70_000]);
        await _channel.SendAsync(new Goodbye(), Stop);
        await _channel.SendAsync(new BalanceQuery(1), Stop);
        using var cancellation = new CancellationTokenSource();
        var sending = _channel.SendAsync(large, cancellation.Token);
        Assert.False(sending.IsCompleted);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await _channel.SendAsync(new Goodbye(), Stop));
        var flushing = _channel.FlushAsync(Stop);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await sending);
        await _channel.SendAsync(new Goodbye(), Stop);
        unblocked.SetResult();
        await flushing.AsTask().WaitAsync(SessionPair.Patience, Stop);
        await _channel.FlushAsync(Stop);

        Assert.Equal([6, 0, 4, 8, 0, 0, 0, 0, 0, 0, 0, 1, 6, 0], _stream.Written);
        Assert.Null(_channel.End);
    }

    [Fact]
    public async Task A_sender_waits_while_the_stream_does_not_take_its_messages()
    {
        var unblocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _stream.OnWrite = _ => new ValueTask(unblocked.Task);
        await _channel.SendAsync(new Goodbye(), Stop);

        var sending = _channel.SendAsync(new LargeMessage(new byte[70_000]), Stop);

        Assert.False(sending.IsCompleted);
        unblocked.SetResult();
        await sending.AsTask().WaitAsync(SessionPair.Patience, Stop);
    }

    [Fact]
    public async Task A_close_over_a_stream_that_never_completes_a_write_can_be_canceled_and_leaves_the_channel_open()
    {
        _stream.OnWrite = _ => new ValueTask(_stream.Never);
        await _channel.SendAsync(new Goodbye(), Stop);
        using var cancellation = new CancellationTokenSource();
        var closing = _channel.CloseAsync(cancellation.Token);
        Assert.Equal(SessionErrorKind.Closed, (await Assert.ThrowsAsync<SessionException>(async () => await _channel.SendAsync(new Goodbye(), Stop))).Error.Kind);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await closing);
        Assert.Null(_channel.End);
        await _channel.SendAsync(new Goodbye(), Stop);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Abort_and_disposal_end_pending_operations_and_complete_although_the_stream_never_does(bool isAborted)
    {
        _stream.OnWrite = _ => new ValueTask(_stream.Never);
        _stream.OnDispose = () => new ValueTask(_stream.Never);
        var receiving = _channel.ReceiveAsync(Stop).AsTask();
        await _channel.SendAsync(new Goodbye(), Stop);
        var flushing = _channel.FlushAsync(Stop).AsTask();
        var sending = _channel.SendAsync(new LargeMessage(new byte[70_000]), Stop).AsTask();
        var error = new SessionError(SessionErrorKind.LocalError, SessionErrorCode.Aborted, AlertDescription.GeneralError, "enough");

        var ending = isAborted ? _channel.AbortAsync(error).AsTask() : _channel.DisposeAsync().AsTask();

        foreach (var operation in new[] { receiving, sending, flushing })
        {
            var failure = await Assert.ThrowsAsync<SessionException>(() => operation.WaitAsync(SessionPair.Patience, Stop));
            Assert.Equal((SessionErrorKind.LocalError, isAborted ? SessionErrorCode.Aborted : SessionErrorCode.DisposedBeforeClose), (failure.Error.Kind, failure.Error.Code));
        }

        await CompleteAsync(ending);
        await CompleteAsync(_channel.DisposeAsync().AsTask());
        Assert.Equal(1, _stream.Disposals);
        _stream.Release();
    }

    [Fact]
    public async Task Disposal_in_a_final_state_gives_up_when_the_stream_takes_nothing()
    {
        var start = BankClient.Begin(_channel);
        _stream.OnRead = buffer =>
        {
            new byte[] { 3, 1, 0 }.CopyTo(buffer);
            return new(3);
        };
        var authenticating = await start.SendAsync(new Login("ann", "x"), Stop);
        _stream.OnWrite = _ => new ValueTask(_stream.Never);
        await _channel.SendAsync(new Goodbye(), Stop);
        Assert.IsType<BankClient.Authenticating.LoginRejected>(await authenticating.ReceiveAsync(Stop));

        await CompleteAsync(_channel.DisposeAsync().AsTask());

        Assert.Equal((SessionErrorKind.TimedOut, SessionErrorCode.CloseTimeout), (_channel.End!.Error!.Kind, _channel.End.Error.Code));
        _stream.Release();
    }

    [Fact]
    public async Task A_stream_whose_disposal_throws_does_not_fail_the_disposal_of_the_channel()
    {
        _stream.OnDispose = () => throw new TimeZoneNotFoundException();

        await _channel.DisposeAsync();

        Assert.Equal(1, _stream.Disposals);
    }

    [Fact]
    public async Task A_read_count_beyond_the_buffer_fails_the_channel()
    {
        _stream.OnRead = buffer => new(buffer.Length + 1);

        Assert.Equal(SessionErrorKind.TransportFailed, (await Assert.ThrowsAsync<SessionException>(async () => await _channel.ReceiveAsync(Stop))).Error.Kind);
    }

    [Fact]
    public async Task Late_failures_of_a_hung_stream_are_observed()
    {
        var unobserved = 0;
        EventHandler<UnobservedTaskExceptionEventArgs> count = (_, e) => unobserved += e.Exception.InnerExceptions.Count(inner => inner is TimeZoneNotFoundException);
        TaskScheduler.UnobservedTaskException += count;
        try
        {
            await HangAndReleaseAsync(_time);
            for (var round = 0; round < 3; round++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            Assert.Equal(0, unobserved);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= count;
        }
    }

    private static async Task HangAndReleaseAsync(ManualTimeProvider time)
    {
        var stream = new HostileStream();
        stream.OnWrite = _ => new ValueTask(FailLateAsync(stream));
        stream.OnDispose = () => new ValueTask(FailLateAsync(stream));
        var channel = new StreamChannel(stream, Role.Client, timeProvider: time);
        using var cancellation = new CancellationTokenSource();
        var receiving = channel.ReceiveAsync(cancellation.Token);
        await channel.SendAsync(new Goodbye(), Stop);
        var flushing = channel.FlushAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await receiving);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await flushing);
        var disposing = channel.DisposeAsync().AsTask();
        time.Advance(TimeSpan.FromSeconds(30));
        await disposing;
        stream.Release();
        await stream.Never.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task FailLateAsync(HostileStream stream) => await stream.Never;

    private static async ValueTask<int> ReadAsync(Func<Task> fail)
    {
        await fail();
        return 0;
    }

    // The clock advances until the operation completes, because nothing else can end it.
    private async Task CompleteAsync(Task operation)
    {
        for (var second = 0; second < 30 && !operation.IsCompleted; second++)
        {
            await Task.Yield();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await operation.WaitAsync(SessionPair.Patience, Stop);
    }
}

/// <summary>A message without a bound.</summary>
[Message(30)] public readonly partial record struct LargeMessage(ReadOnlyMemory<byte> Bytes);
