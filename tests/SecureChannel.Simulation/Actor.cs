namespace SecureChannel.Simulation;

/// <summary>The application at one end: performs the handshake, sends, receives, and ends the session, as its plan says.</summary>
internal abstract class Actor(Endpoint end, Ledger outgoing, Ledger incoming)
{
    private const int MaxWholeSend = 64 << 10;

    private static readonly TimeSpan LateDelay = TimeSpan.FromMinutes(10);

    protected Endpoint Endpoint => end;

    protected Ledger Outgoing => outgoing;

    protected Ledger Incoming => incoming;

    protected EndPlan Plan => end.Plan;

    /// <summary>Runs the application to its end.</summary>
    public async Task RunAsync()
    {
        await end.DelayAsync(Plan.StartsAt);
        Interrupt(isDuringHandshake: true);
        if (await end.HandshakeAsync() is { Outcome: Outcome.Succeeded })
        {
            Interrupt(isDuringHandshake: false);
            await TransferAsync();
            if (Plan.FlushesBeforeEnd && !Plan.CompletesWrites)
                await end.PerformAsync(OperationKind.Flush, token => end.Session.FlushAsync(token), TimeSpan.MaxValue);
        }
        await EndAsync();
        end.IsFinished = true;
    }

    /// <summary>Sends and receives, as the plan says.</summary>
    protected virtual async Task TransferAsync()
    {
        var sending = SendAllAsync();
        if (Plan.Style == Style.Sequential)
            await sending;
        await ReceiveAllAsync();
        await sending;
    }

    /// <summary>Sends content.</summary>
    protected abstract ValueTask SendAsync(ReadOnlyMemory<byte> content, int number, CancellationToken cancellationToken);

    /// <summary>Receives content into the ledger, and returns true at the end of the peer's data.</summary>
    protected abstract ValueTask<bool> ReceiveAsync(CancellationToken cancellationToken);

    /// <summary>Sends one of the planned sends.</summary>
    protected async Task<Operation> SendOneAsync(int size, Func<ReadOnlyMemory<byte>, int, CancellationToken, ValueTask> call)
    {
        var send = outgoing.BeginSend(size);
        var operation = await end.PerformAsync(OperationKind.Send, token => call(Content.Of(end.Role, send.Number, size), send.Number, token), size: size);
        send.Status = operation.Outcome switch
        {
            Outcome.Succeeded => SendStatus.Accepted,
            // A write next to 'CompleteWritesAsync' is misuse. A part of a large one may have been sent.
            Outcome.Misused when size > MaxWholeSend => SendStatus.Failed,
            Outcome.Canceled or Outcome.Misused or Outcome.Refused => SendStatus.NotSent,
            _ => SendStatus.Failed,
        };
        return operation;
    }

    private async Task SendAllAsync()
    {
        for (var i = 0; i < Plan.Sends.Length; i++)
        {
            if (i == Plan.StopsSendingAfter)
                return;
            await end.PauseAsync();
            var operation = await SendOneAsync(Plan.Sends[i], SendAsync);
            if (operation.Outcome is not (Outcome.Succeeded or Outcome.Canceled))
            {
                // The first end sticks: another attempt must fail in the same way.
                if (end.Chance(50))
                    await SendOneAsync(1, SendAsync);
                return;
            }
            if (end.Chance(Plan.FlushPercent))
                await end.PerformAsync(OperationKind.Flush, token => end.Session.FlushAsync(token));
        }
        if (Plan.CompletesWrites && Plan.StopsSendingAfter is null)
            await RepeatAsync(end.CompleteWritesAsync);
    }

    private async Task ReceiveAllAsync()
    {
        for (var i = 0; i != Plan.StopsReceivingAfter && !(incoming.Received >= Plan.Expected); i++)
        {
            await end.PauseAsync();
            var operation = await end.PerformAsync(OperationKind.Receive, ReceiveAsync);
            if (operation.Outcome is Outcome.Succeeded or Outcome.Canceled)
                continue;
            if (end.Chance(50))
                await end.PerformAsync(OperationKind.Receive, ReceiveAsync);
            return;
        }
    }

    private void Interrupt(bool isDuringHandshake)
    {
        foreach (var interruption in Plan.Interruptions.Where(interruption => interruption.IsDuringHandshake == isDuringHandshake))
            _ = InterruptAsync(interruption);
    }

    private async Task InterruptAsync(Interruption interruption)
    {
        await end.DelayAsync(interruption.At);
        if (end.IsDisposed)
            return;
        switch (interruption.Kind)
        {
            case InterruptionKind.Close:
                await end.CloseAsync();
                break;
            case InterruptionKind.CompleteWrites when this is not ProtocolActor && end.IsEstablished:
                await end.CompleteWritesAsync();
                break;
            case InterruptionKind.Abort:
                await end.AbortAsync(ApplicationErrors.AbortError);
                break;
            case InterruptionKind.AbortWithCloseNotify:
                await end.AbortAsync(end.Chance(50) ? ApplicationErrors.CloseNotifyError : ApplicationErrors.UserCanceledError);
                break;
            case InterruptionKind.Dispose:
                await end.DisposeAsync();
                break;
        }
    }

    private async Task EndAsync()
    {
        switch (Plan.Ending)
        {
            case Ending.Never:
                return;
            case Ending.CloseAndDispose:
                await RepeatAsync(end.CloseAsync);
                break;
            case Ending.AbortAndDispose:
                await end.AbortAsync(ApplicationErrors.AbortError);
                break;
            case Ending.DisposeLate:
                await end.DelayAsync(LateDelay);
                break;
        }
        await end.DisposeAsync();
    }

    // An operation whose flush was canceled leaves the session open.
    private static async Task RepeatAsync(Func<Task<Operation>> perform)
    {
        while (await perform() is { Outcome: Outcome.Canceled })
        {
            // Try again.
        }
    }
}
