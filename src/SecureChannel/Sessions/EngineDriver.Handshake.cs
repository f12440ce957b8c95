using SecureChannel.Handshakes;

namespace SecureChannel;

/// <content>The handshake, and the operations that it waits for.</content>
internal sealed partial class EngineDriver
{
    private PendingOperation? _operation;

    public override async Task HandshakeAsync(CancellationToken cancellationToken)
    {
        Lifetime.Enter(SessionPhase.Handshaking);
        Call(static driver => driver._engine.Start(driver.Lifetime.Now, driver._sealed));
        try
        {
            while (!TryFinishHandshake())
                await Wake.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await AbortAsync(CanceledHandshake).ConfigureAwait(false);
            throw;
        }
        // A peer that ends the session at once does not undo the handshake.
        if (Lifetime.End is not null && Negotiated is null)
            throw Lifetime.CreateException(isSend: false);

        // The application may wait long before it reads.
        ReleaseConsumedInput();
        lock (Gate)
            ArmReadAhead(Lifetime.Now);
    }

    protected override void OnHandshakeTimeout() => Call(static driver => driver._engine.Tick(driver.Lifetime.Now, driver._sealed));

    // Returns true if the handshake is complete or failed; false if it waits.
    private bool TryFinishHandshake()
    {
        while (true)
        {
            bool needsMore;
            PendingOperation? pending;
            lock (Gate)
            {
                if (Lifetime.Phase != SessionPhase.Handshaking)
                    return true;
                pending = _engine.Pending;
                needsMore = pending is null && !TryReadRecord(out _);
            }
            Flush();
            if (pending is not null)
            {
                StartOperation(pending);
                return false;
            }
            if (needsMore && !TryRead(isWait: Input.IsDrained))
                return false;
        }
    }

    // The operation may complete after the session has ended, or never.
    private void StartOperation(PendingOperation operation)
    {
        if (ReferenceEquals(_operation, operation))
            return;
        _operation = operation;
        _ = RunOperationAsync(operation);
    }

    private async Task RunOperationAsync(PendingOperation operation)
    {
        Exception? failure = null;
        try
        {
            await operation.RunAsync(Ended).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failure = e;
        }
        Call(driver =>
        {
            if (failure is null)
                driver._engine.Resume(driver.Lifetime.Now, driver._sealed);
            else
                driver._engine.FailPending(failure, driver.Lifetime.Now, driver._sealed);
        });
        Wake.Set();
    }
}
