using SecureChannel.Messages;

namespace SecureChannel.Simulation;

/// <summary>One endpoint of a pair: its session, and what it sent and received.</summary>
internal class SoakEnd(Role role, SoakPlan plan, SecureSession session, SoakPair pair)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxCancelDelay = TimeSpan.FromMilliseconds(20);

    private readonly Dice _sendDice = new(plan.Seed ^ (role == Role.Client ? 7UL : 8));
    private readonly Dice _receiveDice = new(plan.Seed ^ (role == Role.Client ? 9UL : 10));
    private readonly byte[] _buffer = new byte[16 << 10];
    private readonly Role _peer = role == Role.Client ? Role.Server : Role.Client;
    private long _submitted;
    private long _accepted;
    private int _isEnding;
    private int _isDisposed;

    public Role Role => role;

    public SecureSession Session => session;

    /// <summary>Gets the number of bytes or messages that were passed to the session.</summary>
    public long Submitted => Volatile.Read(ref _submitted);

    /// <summary>Gets the number of bytes or messages that the session accepted.</summary>
    public long Accepted => Volatile.Read(ref _accepted);

    /// <summary>Gets the number of bytes or messages that were received.</summary>
    public long Received { get; private set; }

    /// <summary>Gets a value that indicates whether a read reported the orderly end of the peer's data.</summary>
    public bool HasSeenEnd { get; private set; }

    /// <summary>Gets or sets the other endpoint.</summary>
    public SoakEnd? Peer { get; set; }

    /// <summary>Gets a value that indicates whether the application has begun to end its writes in order.</summary>
    public bool IsEnding => Volatile.Read(ref _isEnding) != 0;

    protected SoakPlan Plan => plan;

    protected int[] Sends => plan.SendsOf(role);

    protected long Expected => plan.Traffic == Traffic.Stream ? plan.SendsOf(_peer).Sum(size => (long)size) : plan.SendsOf(_peer).Length;

    /// <summary>Runs the application to its end, except for the disposal.</summary>
    public async Task RunAsync()
    {
        if (await HandshakeAsync() != SoakOutcome.Succeeded)
            return;
        await TransferAsync();
        if (plan.Fault != SoakFault.Idle && plan.Traffic != Traffic.Protocol)
            await CloseAsync();
    }

    public Task<SoakOutcome> CloseAsync()
    {
        BeginEnd();
        return PerformAsync("Close", token => session.CloseAsync(token));
    }

    public Task<SoakOutcome> AbortAsync() => PerformAsync("Abort", _ => session.AbortAsync(ApplicationErrors.AbortError));

    public async Task DisposeAsync()
    {
        Volatile.Write(ref _isDisposed, 1);
        if (await PerformAsync("Dispose", _ => session.DisposeAsync()) != SoakOutcome.Succeeded)
            pair.Report($"{role}: Dispose did not succeed");
        if (await PerformAsync("Completion", async _ => await session.Completion) != SoakOutcome.Succeeded)
            pair.Report($"{role}: Completion did not succeed");
    }

    /// <summary>Performs an operation, which must complete within the limit and throw only what the contract allows.</summary>
    public async Task<SoakOutcome> PerformAsync(string name, Func<CancellationToken, ValueTask> call, Dice? cancels = null, TimeSpan? cancelAfter = null)
    {
        using var source = new CancellationTokenSource();
        if (cancels?.Chance(plan.CancelPercent) == true)
            cancelAfter = cancels.Duration(MaxCancelDelay);
        if (cancelAfter is { } delay)
            source.CancelAfter(delay);
        pair.Trace($"{role} begins {name}");
        Exception? exception;
        try
        {
            exception = await StartAsync(call, source.Token).WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            pair.Report(
                $"{role}: {name} did not complete within {Limit.TotalSeconds} s; submitted {Submitted}, accepted {Accepted}, received {Received}; "
                + $"{session.End}");
            return SoakOutcome.Hung;
        }
        pair.Trace($"{role} {name}: {exception?.GetType().Name ?? "done"} {(exception as SessionException)?.Error.Code}");
        var outcome = exception switch
        {
            null => SoakOutcome.Succeeded,
            OperationCanceledException canceled when canceled.CancellationToken == source.Token && source.IsCancellationRequested => SoakOutcome.Canceled,
            SessionException => SoakOutcome.Failed,
            ObjectDisposedException when Volatile.Read(ref _isDisposed) != 0 => SoakOutcome.Failed,
            _ => SoakOutcome.Unexpected,
        };
        pair.Count(outcome);
        if (outcome == SoakOutcome.Unexpected)
            pair.Report($"{role}: {name} threw {exception}");
        else if (outcome == SoakOutcome.Failed && plan.IsCooperative)
            pair.Report($"{role}: {name} failed without a fault: {exception}");
        return outcome;
    }

    /// <summary>Sends and receives until the peer has ended its writes, or the session fails.</summary>
    protected virtual async Task TransferAsync()
    {
        var sending = SendAllAsync();
        await ReceiveAllAsync();
        await sending;
    }

    /// <summary>Sends one item, and repeats it while it is canceled.</summary>
    protected async Task<SoakOutcome> SendAsync(string name, int size, Func<CancellationToken, ValueTask> call)
    {
        var count = plan.Traffic == Traffic.Stream ? size : 1;
        Interlocked.Add(ref _submitted, count);
        SoakOutcome outcome;
        do
        {
            outcome = await PerformAsync(name, call, _sendDice);
        }
        while (outcome == SoakOutcome.Canceled);
        if (outcome == SoakOutcome.Succeeded)
            Interlocked.Add(ref _accepted, count);
        return outcome;
    }

    /// <summary>Performs a receive, and repeats it while it is canceled.</summary>
    protected async Task<SoakOutcome> ReceiveAsync(string name, Func<CancellationToken, ValueTask> call)
    {
        SoakOutcome outcome;
        do
        {
            outcome = await PerformAsync(name, call, _receiveDice);
        }
        while (outcome == SoakOutcome.Canceled);
        return outcome;
    }

    /// <summary>Records that an item was submitted, or accepted, outside of an operation.</summary>
    protected void CountPush(bool isAccepted) => Interlocked.Increment(ref isAccepted ? ref _accepted : ref _submitted);

    /// <summary>Records that the application ends its writes in order.</summary>
    protected void BeginEnd() => Volatile.Write(ref _isEnding, 1);

    /// <summary>Records the orderly end of the peer's data, which the peer's application must have begun before.</summary>
    protected void SeeEnd()
    {
        if (!Peer!.IsEnding)
            pair.Report($"{role} saw an orderly end that the peer did not cause; peer {Peer.Session.End}");
        HasSeenEnd = true;
    }

    /// <summary>Gets the content of a message that this endpoint sends.</summary>
    protected ReadOnlyMemory<byte> ContentOf(int number) => SoakContent.At(role, number * 7919L, Sends[number]);

    /// <summary>Checks and counts a received message.</summary>
    protected void Receive(int number, ReadOnlySpan<byte> content)
    {
        var sizes = plan.SendsOf(_peer);
        var isExpected = number == Received && number < sizes.Length && content.SequenceEqual(SoakContent.At(_peer, number * 7919L, sizes[number]).Span);
        // Disposal, which may run at the same time, invalidates the content.
        if (!isExpected && Volatile.Read(ref _isDisposed) == 0)
            pair.Report($"{role}: message {number} of {content.Length} bytes was received instead of message {Received}");
        Received++;
    }

    private Task<SoakOutcome> HandshakeAsync()
    {
        var isCanceled = plan.Fault == SoakFault.CancelHandshake && plan.Victim == role;
        return PerformAsync("Handshake", async token => await session.HandshakeAsync(token), null, isCanceled ? plan.FaultAt / 20 : null);
    }

    private static async Task<Exception?> StartAsync(Func<CancellationToken, ValueTask> call, CancellationToken token)
    {
        try
        {
            await Task.Yield();
            await call(token);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private async Task SendAllAsync()
    {
        for (var i = 0; i < Sends.Length; i++)
        {
            if (_sendDice.Chance(20))
                await Task.Delay(_sendDice.Duration(MaxCancelDelay));
            var (number, position, size) = (i, Submitted, Sends[i]);
            var outcome = await SendAsync("Send", size, token => plan.Traffic == Traffic.Stream
                ? session.AsStream().WriteAsync(SoakContent.At(role, position, size), token)
                : session.SendAsync(new Parcel(number, ContentOf(number)), token));
            if (outcome != SoakOutcome.Succeeded)
                return;
            if (_sendDice.Chance(10))
                await PerformAsync("Flush", token => session.FlushAsync(token), _sendDice);
        }
        if (plan.CompletesWrites && plan.Fault != SoakFault.Idle)
            await CompleteWritesAsync();
    }

    private async Task CompleteWritesAsync()
    {
        BeginEnd();
        await PerformAsync("CompleteWrites", token => session.CompleteWritesAsync(token));
    }

    private async Task ReceiveAllAsync()
    {
        // Without a half-close, the client ends the session when it has received everything.
        while (!HasSeenEnd && !(role == Role.Client && !plan.CompletesWrites && plan.Fault != SoakFault.Idle && Received >= Expected))
        {
            if (await ReceiveAsync("Receive", plan.Traffic == Traffic.Stream ? ReadStreamAsync : ReceiveMessageAsync) != SoakOutcome.Succeeded)
                return;
        }
    }

    private async ValueTask ReadStreamAsync(CancellationToken cancellationToken)
    {
        var count = await session.AsStream().ReadAsync(_buffer, cancellationToken);
        if (count == 0)
            SeeEnd();
        var expected = SoakContent.At(_peer, Received, count).Span;
        if (!expected.SequenceEqual(_buffer.AsSpan(0, count)))
            pair.Report($"{role}: byte {Received + expected.CommonPrefixLength(_buffer)} differs from what was sent");
        Received += count;
    }

    private async ValueTask ReceiveMessageAsync(CancellationToken cancellationToken)
    {
        var message = await session.ReceiveAsync(cancellationToken);
        // Disposal, which may run at the same time, invalidates the body. From then on, nothing is counted.
        if (Volatile.Read(ref _isDisposed) != 0)
            return;
        if (message is null)
            SeeEnd();
        else if (WireSerializer.TryRead<Parcel>(message.Value.Body.Span, out var parcel, out _))
            Receive(parcel.Number, parcel.Content.Span);
        else
            pair.Report($"{role}: a message cannot be read");
    }
}
