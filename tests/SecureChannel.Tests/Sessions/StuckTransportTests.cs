using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>Transports that never complete and ignore their tokens. Time is virtual.</summary>
public sealed class StuckTransportTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_handshake_is_canceled_although_the_transport_never_completes(string security)
    {
        await using var pair = HostilePair.Create(security);
        MakeStuck(pair.Transport);
        using var source = new CancellationTokenSource();
        var shaking = pair.Client.HandshakeAsync(source.Token);
        await source.CancelAsync();
        var end = await pair.Client.Completion.WaitAsync(SessionPair.Patience, Cancellation);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pair.CompleteAsync(shaking));
        Assert.Equal((SessionEndReason.Failed, SessionErrorCode.Canceled), (end.Reason, end.Error!.Code));
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_handshake_times_out_although_the_transport_never_completes(string security)
    {
        await using var pair = HostilePair.Create(security);
        MakeStuck(pair.Transport);
        var shaking = pair.Client.HandshakeAsync(Cancellation);
        pair.Time.Advance(TimeSpan.FromSeconds(10) - Tick);
        Assert.Null(pair.Client.End);
        pair.Time.Advance(Tick);

        var failure = await Assert.ThrowsAsync<SessionException>(() => shaking.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal((SessionErrorKind.TimedOut, SessionErrorCode.HandshakeTimeout), (failure.Error.Kind, failure.Error.Code));
        await pair.CompleteAsync(pair.Client.DisposeAsync().AsTask());
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_receive_is_canceled_although_the_transport_never_completes(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security);
        MakeStuck(pair.Transport);
        using var source = new CancellationTokenSource();
        var receiving = pair.Client.ReceiveAsync(source.Token).AsTask();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Null(pair.Client.End);
    }

    [Theory]
    [InlineData("tls/1.3", true)]
    [InlineData("key-transport/1", true)]
    [InlineData("sslstream", true)]
    [InlineData("tls/1.3", false)]
    [InlineData("key-transport/1", false)]
    public async Task A_close_is_canceled_although_the_close_notify_is_never_written(string security, bool isClose)
    {
        await using var pair = await HostilePair.EstablishAsync(security);
        MakeStuck(pair.Transport);
        using var source = new CancellationTokenSource();
        var closing = isClose ? pair.Client.CloseAsync(source.Token).AsTask() : pair.Client.CompleteWritesAsync(source.Token).AsTask();
        Assert.False(closing.IsCompleted);
        await source.CancelAsync();

        var canceled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => closing.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal(source.Token, canceled.CancellationToken);
        Assert.Null(pair.Client.End);
        var send = await Record.ExceptionAsync(async () => await pair.Client.SendAsync(new Note("late"), Cancellation));
        Assert.True(isClose ? send is SessionException { Error.Kind: SessionErrorKind.Closed } : send is InvalidOperationException);
        var disposing = pair.Client.DisposeAsync().AsTask();
        await pair.CompleteAsync(disposing);
        Assert.Equal(SessionErrorCode.CloseTimeout, pair.Client.End!.Error!.Code);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Sends_flushes_and_closes_are_canceled_although_the_transport_never_completes(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security);
        MakeStuck(pair.Transport);
        using var source = new CancellationTokenSource();
        var operations = new List<Task>();
        while (operations is not [.., { IsCompleted: false }])
            operations.Add(pair.Client.SendAsync(new Blob(new byte[30_000]), source.Token).AsTask());
        operations.Add(pair.Client.FlushAsync(source.Token).AsTask());
        operations.Add(pair.Client.CloseAsync(source.Token).AsTask());
        var pending = operations.Where(operation => !operation.IsCompleted).ToList();
        Assert.Equal(3, pending.Count);
        await source.CancelAsync();

        foreach (var operation in pending)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => operation.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Null(pair.Client.End);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_close_fails_at_its_timeout_when_the_transport_never_completes(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security);
        MakeStuck(pair.Transport);
        var receiving = pair.Client.ReceiveAsync(Cancellation).AsTask();
        await pair.Client.SendAsync(new Note("stuck"), Cancellation);
        var closing = pair.Client.CloseAsync(Cancellation).AsTask();
        pair.Time.Advance(CloseTimeout - Tick);
        Assert.False(closing.IsCompleted);
        Assert.Null(pair.Client.End);
        pair.Time.Advance(Tick);

        foreach (var operation in (Task[])[closing, receiving])
        {
            var failure = await Assert.ThrowsAsync<SessionException>(() => operation.WaitAsync(SessionPair.Patience, Cancellation));
            Assert.Equal((SessionErrorKind.TimedOut, SessionErrorCode.CloseTimeout), (failure.Error.Kind, failure.Error.Code));
            Assert.Equal(new SessionEnd(SessionEndReason.Failed, failure.Error), await pair.Client.Completion);
        }
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task An_abort_completes_after_one_second_when_the_transport_never_completes(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security);
        MakeStuck(pair.Transport);
        await pair.Client.SendAsync(new Note("stuck"), Cancellation);
        var error = new SessionError(SessionErrorKind.LocalError, SessionErrorCode.Aborted, AlertDescription.InternalError, "enough");
        var aborting = pair.Client.AbortAsync(error).AsTask();
        Assert.Equal(new SessionEnd(SessionEndReason.Failed, error), pair.Client.End);
        pair.Time.Advance(OneSecond - Tick);
        Assert.False(aborting.IsCompleted);
        Assert.Equal(0, pair.Transport.Disposals);
        pair.Time.Advance(Tick);

        await aborting.WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Equal(1, pair.Transport.Disposals);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Disposal_completes_within_the_close_timeout_when_the_transport_never_completes(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security);
        MakeStuck(pair.Transport);
        var receiving = pair.Client.ReceiveAsync(Cancellation).AsTask();
        await pair.Client.SendAsync(new Note("stuck"), Cancellation);
        var disposing = pair.Client.DisposeAsync().AsTask();
        var again = pair.Client.DisposeAsync().AsTask();
        pair.Time.Advance(OneSecond - Tick);
        Assert.Equal(0, pair.Transport.Disposals);
        pair.Time.Advance(Tick);
        Assert.True(SpinWait.SpinUntil(() => pair.Transport.Disposals == 1, SessionPair.Patience));
        Assert.False(disposing.IsCompleted);
        Assert.False(again.IsCompleted);

        await pair.CompleteAsync(disposing);
        await again.WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Equal(1, pair.Transport.Disposals);
        var failure = await Assert.ThrowsAsync<SessionException>(() => receiving.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal(SessionErrorCode.DisposedBeforeClose, failure.Error.Code);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Disposal_waits_for_a_transport_that_never_closes_until_the_close_timeout(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security);
        pair.Transport.Disposal = TransportFault.Hangs;
        var disposing = pair.Client.DisposeAsync().AsTask();
        Assert.True(SpinWait.SpinUntil(() => pair.Transport.Disposals == 1, SessionPair.Patience));
        pair.Time.Advance(CloseTimeout - Tick);
        Assert.False(disposing.IsCompleted);

        await pair.CompleteAsync(disposing);
        Assert.Equal(1, pair.Transport.Disposals);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task An_idle_timeout_ends_operations_of_a_transport_that_never_completes(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security, idle: TimeSpan.FromSeconds(30));
        MakeStuck(pair.Transport);
        var receiving = pair.Client.ReceiveAsync(Cancellation).AsTask();
        await pair.Client.SendAsync(new Note("stuck"), Cancellation);
        var flushing = pair.Client.FlushAsync(Cancellation).AsTask();
        pair.Time.Advance(TimeSpan.FromSeconds(30));

        foreach (var operation in (Task[])[receiving, flushing])
        {
            var failure = await Assert.ThrowsAsync<SessionException>(() => operation.WaitAsync(SessionPair.Patience, Cancellation));
            Assert.Equal((SessionErrorKind.TimedOut, SessionErrorCode.IdleTimeout), (failure.Error.Kind, failure.Error.Code));
            Assert.Equal(new SessionEnd(SessionEndReason.Failed, failure.Error), await pair.Client.Completion);
        }
    }

    private static void MakeStuck(HostileStream transport) => (transport.Reads, transport.Writes, transport.Flushes, transport.Disposal) =
        (TransportFault.Hangs, TransportFault.Hangs, TransportFault.Hangs, TransportFault.Hangs);
}
