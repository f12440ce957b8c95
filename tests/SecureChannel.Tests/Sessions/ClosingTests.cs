using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>Closing, completing writes and disposal, next to other operations. Time is virtual.</summary>
public sealed class ClosingTests
{
    private const int Capacity = 64 * 1024;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("tls/1.3", false)]
    [InlineData("key-transport/1", false)]
    [InlineData("tls/1.3", true)]
    [InlineData("key-transport/1", true)]
    [InlineData("sslstream", true)]
    public async Task Closing_next_to_a_waiting_sender_delivers_its_message(string security, bool isClose)
    {
        await using var pair = await HostilePair.EstablishAsync(security, capacity: Capacity);
        var (count, sending) = SendUntilBlocked(pair.Client);
        var closing = isClose ? pair.Client.CloseAsync(Cancellation).AsTask() : pair.Client.CompleteWritesAsync(Cancellation).AsTask();
        Assert.False(closing.IsCompleted);
        var late = await Record.ExceptionAsync(async () => await pair.Client.SendAsync(new Note("late"), Cancellation));
        Assert.True(isClose ? late is SessionException { Error.Kind: SessionErrorKind.Closed } : late is InvalidOperationException);

        Assert.Equal(count, await CountMessagesAsync(pair.Server));
        await sending.WaitAsync(SessionPair.Patience, Cancellation);
        await closing.WaitAsync(SessionPair.Patience, Cancellation);
        await pair.Client.DisposeAsync().AsTask().WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Equal(1, pair.Transport.Disposals);
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedLocally), await pair.Client.Completion);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_canceled_close_or_flush_leaves_the_session_open_and_loses_nothing(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security, capacity: Capacity);
        await pair.Client.SendAsync(new Blob(new byte[200_000]), Cancellation);
        using var source = new CancellationTokenSource();
        var flushing = pair.Client.FlushAsync(source.Token).AsTask();
        var closing = pair.Client.CloseAsync(source.Token).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flushing.WaitAsync(SessionPair.Patience, Cancellation));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => closing.WaitAsync(SessionPair.Patience, Cancellation));
        pair.Time.Advance(CloseTimeout * 2);
        Assert.Null(pair.Client.End);

        await pair.Client.SendAsync(new Note("after"), Cancellation);
        Assert.Equal(200_000, (await SecureSessionTests.ReceiveAsync<Blob>(pair.Server)).Bytes.Length);
        Assert.Equal("after", (await SecureSessionTests.ReceiveAsync<Note>(pair.Server)).Text);
        await pair.Client.CloseAsync(Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Null(await pair.Server.ReceiveAsync(Cancellation));
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task A_canceled_completion_of_writes_leaves_the_direction_open(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security, capacity: Capacity);
        await pair.Client.SendAsync(new Blob(new byte[200_000]), Cancellation);
        using var source = new CancellationTokenSource();
        var completing = pair.Client.CompleteWritesAsync(source.Token).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => completing.WaitAsync(SessionPair.Patience, Cancellation));

        await pair.Client.SendAsync(new Note("after"), Cancellation);
        Assert.Equal(200_000, (await SecureSessionTests.ReceiveAsync<Blob>(pair.Server)).Bytes.Length);
        Assert.Equal("after", (await SecureSessionTests.ReceiveAsync<Note>(pair.Server)).Text);
        await pair.Client.CompleteWritesAsync(Cancellation);
        Assert.Null(await pair.Server.ReceiveAsync(Cancellation));
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_canceled_large_write_either_sends_nothing_or_completes(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security, capacity: Capacity);
        var stream = pair.Client.AsStream();
        using var source = new CancellationTokenSource();
        var begun = stream.WriteAsync(SecureSessionTests.Pattern(300_000), source.Token).AsTask();
        await source.CancelAsync();
        Assert.False(begun.IsCompleted);
        var received = new byte[300_000];
        await pair.Server.AsStream().ReadExactlyAsync(received, Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation);
        await begun.WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Equal(SecureSessionTests.Pattern(300_000), received);

        var blocking = stream.WriteAsync(new byte[200_000], Cancellation).AsTask();
        await pair.Server.AsStream().ReadExactlyAsync(new byte[60_000], Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation);
        using var late = new CancellationTokenSource();
        await late.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stream.WriteAsync(new byte[300_000], late.Token));
        await pair.Server.AsStream().ReadExactlyAsync(new byte[140_000], Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation);
        await blocking.WaitAsync(SessionPair.Patience, Cancellation);
        await pair.Client.CloseAsync(Cancellation);
        Assert.Equal(0, await pair.Server.AsStream().ReadAsync(received, Cancellation));
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_large_write_that_is_canceled_while_its_first_chunk_waits_sends_nothing(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security, capacity: Capacity);
        var stream = pair.Client.AsStream();
        // The transport does not accept the first message, so the write only queues its first chunk.
        await pair.Client.AsStream().WriteAsync(SecureSessionTests.Pattern(60_000), Cancellation);
        await pair.Client.AsStream().WriteAsync(SecureSessionTests.Pattern(60_000), Cancellation);
        using var source = new CancellationTokenSource();
        var writing = stream.WriteAsync(new byte[300_000], source.Token).AsTask();
        Assert.False(writing.IsCompleted);
        await source.CancelAsync();
        var canceled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal(source.Token, canceled.CancellationToken);

        var closing = pair.Client.CloseAsync(Cancellation).AsTask();
        using var received = new MemoryStream();
        await pair.Server.AsStream().CopyToAsync(received, Cancellation).WaitAsync(SessionPair.Patience, Cancellation);
        await closing.WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Equal([.. SecureSessionTests.Pattern(60_000), .. SecureSessionTests.Pattern(60_000)], received.ToArray());
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Operations_after_a_close_fail_with_Closed_and_a_pending_receive_too(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security);
        var receiving = pair.Client.ReceiveAsync(Cancellation).AsTask();
        await pair.Client.CloseAsync(Cancellation);

        foreach (var operation in (Func<Task>[])
            [
                () => receiving,
                async () => await pair.Client.ReceiveAsync(Cancellation),
                async () => await pair.Client.SendAsync(new Note("late"), Cancellation),
                async () => await pair.Client.FlushAsync(Cancellation),
            ])
        {
            var failure = await Assert.ThrowsAsync<SessionException>(() => operation().WaitAsync(SessionPair.Patience, Cancellation));
            Assert.Equal((SessionErrorKind.Closed, SessionErrorCode.ClosedLocally), (failure.Error.Kind, failure.Error.Code));
            Assert.True(failure.IsExpected);
        }
        await pair.Client.CloseAsync(Cancellation);
        await pair.Client.AbortAsync(new SessionError(SessionErrorKind.LocalError, SessionErrorCode.Aborted, AlertDescription.InternalError, "late"));
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedLocally), await pair.Client.Completion);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_close_after_another_end_throws_its_error(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security);
        var error = new SessionError(SessionErrorKind.LocalError, SessionErrorCode.Aborted, AlertDescription.InternalError, "enough");
        await pair.Client.AbortAsync(error);
        Assert.Equal(error, (await Assert.ThrowsAsync<SessionException>(async () => await pair.Client.CloseAsync(Cancellation))).Error);
        Assert.Equal(new SessionEnd(SessionEndReason.Failed, error), pair.Client.End);
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task A_second_completion_of_writes_is_misuse(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security);
        await pair.Client.CompleteWritesAsync(Cancellation);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await pair.Client.CompleteWritesAsync(Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await pair.Client.SendAsync(new Note("late"), Cancellation));
        Assert.Null(pair.Client.End);
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task Disposal_after_the_completion_of_writes_is_an_orderly_end(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security);
        await pair.Client.SendAsync(new Note("all"), Cancellation);
        await pair.Client.CompleteWritesAsync(Cancellation);
        await pair.Client.DisposeAsync();

        Assert.Equal(new SessionEnd(SessionEndReason.ClosedLocally), await pair.Client.Completion);
        Assert.Equal("all", (await SecureSessionTests.ReceiveAsync<Note>(pair.Server)).Text);
        Assert.Null(await pair.Server.ReceiveAsync(Cancellation));
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task Disposal_limits_a_completion_of_writes_that_waits_for_the_peer(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security, capacity: Capacity);
        await pair.Client.SendAsync(new Blob(new byte[200_000]), Cancellation);
        var completing = pair.Client.CompleteWritesAsync(Cancellation).AsTask();
        pair.Time.Advance(CloseTimeout * 2);
        Assert.Null(pair.Client.End);
        var disposing = pair.Client.DisposeAsync().AsTask();
        pair.Time.Advance(CloseTimeout - Tick);
        Assert.Null(pair.Client.End);
        pair.Time.Advance(Tick);

        var failure = await Assert.ThrowsAsync<SessionException>(() => completing.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal((SessionErrorKind.TimedOut, SessionErrorCode.CloseTimeout), (failure.Error.Kind, failure.Error.Code));
        await disposing.WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Equal(1, pair.Transport.Disposals);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_close_and_a_disposal_at_the_same_time_both_complete(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security, capacity: Capacity);
        await pair.Client.SendAsync(new Blob(new byte[200_000]), Cancellation);
        var closing = pair.Client.CloseAsync(Cancellation).AsTask();
        var disposing = pair.Client.DisposeAsync().AsTask();
        Assert.Equal(200_000, (await SecureSessionTests.ReceiveAsync<Blob>(pair.Server)).Bytes.Length);
        Assert.Null(await pair.Server.ReceiveAsync(Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation));

        await closing.WaitAsync(SessionPair.Patience, Cancellation);
        await disposing.WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedLocally), pair.Client.End);
    }

    // The task of the last message is not complete.
    private static (int Count, Task Sending) SendUntilBlocked(SecureSession session)
    {
        for (var count = 1; ; count++)
        {
            var sending = session.SendAsync(new Blob(new byte[50_000]), Cancellation).AsTask();
            if (!sending.IsCompleted)
                return (count, sending);
        }
    }

    private static async Task<int> CountMessagesAsync(SecureSession session)
    {
        var count = 0;
        while (await session.ReceiveAsync(Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation) is not null)
            count++;
        return count;
    }
}
