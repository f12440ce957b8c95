namespace SecureChannel.Simulation;

/// <summary>One end of the simulated network, which fails as its plan says.</summary>
internal sealed class SimulatedTransport(
    Role role, TransportPlan plan, SimulatedLink outgoing, SimulatedLink incoming, Dice dice, Trace trace, Incidents incidents, Action<string> report) : Stream
{
    private readonly int[] _calls = new int[4];
    private PendingRead? _read;
    private PendingWrite? _write;
    private PendingWrite? _flush;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Gets a value that indicates whether the session disposed the transport.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>Gets the direction that this transport reads.</summary>
    public SimulatedLink Incoming => incoming;

    public SimulatedLink Outgoing => outgoing;

    /// <summary>Gets the callback that is notified before a read takes bytes.</summary>
    public Action? Reading { get; set; }

    private TaskCreationOptions Completion => plan.CompletesInline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_read is not null)
            report("Two reads of the transport overlapped.");
        return ReadCoreAsync(buffer, BeginCall(TransportMember.Read), cancellationToken);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_write is not null)
            report("Two writes of the transport overlapped.");
        trace.Add(role.ToString(), "transport write", buffer.Length);
        return WriteCoreAsync(buffer, BeginCall(TransportMember.Write), cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        if (BeginCall(TransportMember.Flush) is not { } fault)
            return Task.CompletedTask;
        _flush = new PendingWrite(default, Completion);
        Fail(fault, _flush.Fail);
        return _flush.Task;
    }

    public override async ValueTask DisposeAsync()
    {
        if (CloseLinks() is { IsSynchronous: false } fault)
            throw HostileExceptions.Create(fault.Exception);
        await base.DisposeAsync();
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            CloseLinks();
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadCoreAsync(Memory<byte> buffer, MemberFault? fault, CancellationToken cancellationToken)
    {
        var read = new PendingRead(buffer, plan.ShortReadPercent, Completion);
        Reading?.Invoke();
        if (fault is not null)
            Fail(fault, read.Fail);
        else if (!IsDisposed)
            incoming.Read(read, isDelayed: dice.Chance(20));
        else
            read.Fail(new ObjectDisposedException(nameof(SimulatedTransport)));
        if (read.Task.IsCompleted)
            return await read.Task;

        _read = read;
        using var registration = plan.IgnoresTokens ? default : cancellationToken.UnsafeRegister(
            _ =>
            {
                incoming.CancelRead();
                read.Cancel(cancellationToken);
            }, null);
        try
        {
            return await read.Task;
        }
        finally
        {
            _read = null;
        }
    }

    private async ValueTask WriteCoreAsync(ReadOnlyMemory<byte> buffer, MemberFault? fault, CancellationToken cancellationToken)
    {
        var write = new PendingWrite(buffer, Completion);
        if (fault is not null)
            Fail(fault, write.Fail);
        else if (!IsDisposed)
            outgoing.Write(write);
        else
            write.Fail(new ObjectDisposedException(nameof(SimulatedTransport)));
        if (write.Task.IsCompleted)
        {
            await write.Task;
            return;
        }

        _write = write;
        using var registration = plan.IgnoresTokens ? default : cancellationToken.UnsafeRegister(
            _ =>
            {
                outgoing.CancelWrite();
                write.Cancel(cancellationToken);
            }, null);
        try
        {
            await write.Task;
        }
        finally
        {
            _write = null;
        }
    }

    private MemberFault? CloseLinks()
    {
        if (IsDisposed)
            return null;
        IsDisposed = true;
        trace.Add(role.ToString(), "transport disposed");
        outgoing.CloseWriter();
        incoming.CloseReader();
        if (!plan.AbandonsPendingOperations)
        {
            _read?.Fail(new ObjectDisposedException(nameof(SimulatedTransport)));
            _write?.Fail(new ObjectDisposedException(nameof(SimulatedTransport)));
            _flush?.Fail(new ObjectDisposedException(nameof(SimulatedTransport)));
        }
        return BeginCall(TransportMember.Dispose);
    }

    // Throws a synchronous fault, and returns one that fails the call's task.
    private MemberFault? BeginCall(TransportMember member)
    {
        if (++_calls[(int)member] < plan.Fault?.Call || plan.Fault?.Member != member)
            return null;
        incidents.Add(plan.Fault.Exception < 0 ? IncidentKind.NeverCompleted : IncidentKind.Threw, role);
        return plan.Fault is { IsSynchronous: true, Exception: >= 0 } fault ? throw HostileExceptions.Create(fault.Exception) : plan.Fault;
    }

    private static void Fail(MemberFault fault, Action<Exception> fail)
    {
        if (fault.Exception >= 0)
            fail(HostileExceptions.Create(fault.Exception));
    }
}
