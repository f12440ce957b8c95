namespace SecureChannel.Simulation;

/// <summary>
/// One end of a run: its session, its transport, and a record of each operation that the application performs. The oracle reads the record.
/// </summary>
internal sealed class Endpoint : IDisposable
{
    private static readonly TimeSpan SameMoment = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan MaxCancelDelay = TimeSpan.FromMilliseconds(200);

    private readonly VirtualTime _time;
    private readonly Trace _trace;
    private readonly Dice _dice;
    private readonly CancellationTokenSource _lifetime = new();
    private readonly List<CancellationTokenSource> _sources = [];
    private readonly string _name;

    public Endpoint(Role role, EndPlan plan, SecureSession session, SimulatedTransport transport, VirtualTime time, Trace trace, Dice dice)
    {
        (Role, Plan, Session, Transport, _time, _trace, _dice) = (role, plan, session, transport, time, trace, dice);
        _name = role.ToString();
        transport.Reading = CheckDelay;
        _ = WatchAsync();
    }

    public Role Role { get; }

    public EndPlan Plan { get; }

    public SecureSession Session { get; }

    public SimulatedTransport Transport { get; }

    public List<Operation> Operations { get; } = [];

    /// <summary>Gets the end that the session reported, or null.</summary>
    public SessionEnd? End { get; private set; }

    /// <summary>Gets the time at which the session reported its end.</summary>
    public TimeSpan? EndedAt { get; private set; }

    /// <summary>Gets the number of bytes that had arrived and were not read when the session ended.</summary>
    public int UnreadAtEnd { get; private set; }

    /// <summary>Gets a value that indicates whether the peer had not read everything from its transport when the session ended.</summary>
    public bool IsUnreadByPeerAtEnd { get; private set; }

    /// <summary>Gets the longest time for which a receive was pending although bytes had arrived.</summary>
    public TimeSpan LongestDelay { get; private set; }

    /// <summary>Gets or sets a value that indicates whether the typed protocol of this end reached a final state.</summary>
    public bool IsProtocolFinal { get; set; }

    /// <summary>Gets the deadline of the protocol's current state: when the state was entered, and its limit. Null if it has none.</summary>
    public (TimeSpan Since, TimeSpan Limit)? Deadline { get; private set; }

    /// <summary>Gets or sets a value that indicates whether the application finished all that it had planned.</summary>
    public bool IsFinished { get; set; }

    /// <summary>Gets the token that is not canceled before the run ends.</summary>
    public CancellationToken Lifetime => _lifetime.Token;

    /// <summary>Gets a value that indicates whether the handshake began before the session was disposed.</summary>
    public bool HasStarted => Operations.Exists(operation => operation is { Kind: OperationKind.Handshake, Outcome: not Outcome.Disposed });

    public bool IsEstablished => Operations.Exists(operation => operation is { Kind: OperationKind.Handshake, Outcome: Outcome.Succeeded });

    public bool IsDisposed => Operations.Exists(operation => operation.Kind == OperationKind.Dispose);

    /// <summary>Gets the number of callbacks that are registered on the tokens that the application used.</summary>
    public int Registrations => _sources.Append(_lifetime).Sum(Probes.CountRegistrations);

    /// <summary>Performs an operation, and records it.</summary>
    /// <param name="kind">The kind of operation.</param>
    /// <param name="call">The call. It returns true at the end of the peer's data.</param>
    /// <param name="cancelAt">The time at which the operation is canceled, or null for the choice of the plan.</param>
    /// <param name="size">The number of bytes that the operation sends.</param>
    public async Task<Operation> PerformAsync(OperationKind kind, Func<CancellationToken, ValueTask<bool>> call, TimeSpan? cancelAt = null, int size = 0)
    {
        var operation = new Operation(kind, _time.Now) { Size = size };
        Operations.Add(operation);
        var token = ChooseToken(operation, cancelAt);
        _trace.Add(_name, "begin " + kind);
        try
        {
            var isEnd = await call(token);
            operation.Complete(_time.Now, isEnd ? Outcome.EndOfData : Outcome.Succeeded);
        }
        catch (Exception e)
        {
            operation.Complete(_time.Now, e, token);
        }
        _trace.Add(_name, operation.ErrorKind is { } error ? $"{kind}: {operation.Outcome} {error}" : $"{kind}: {operation.Outcome}");
        return operation;
    }

    public Task<Operation> PerformAsync(OperationKind kind, Func<CancellationToken, ValueTask> call, TimeSpan? cancelAt = null, int size = 0) =>
        PerformAsync(kind, async token =>
        {
            await call(token);
            return false;
        }, cancelAt, size);

    public Task<Operation> HandshakeAsync() =>
        PerformAsync(OperationKind.Handshake, async token => await Session.HandshakeAsync(token), Plan.HandshakeCanceledAt ?? TimeSpan.MaxValue);

    public Task<Operation> CompleteWritesAsync() => PerformAsync(OperationKind.CompleteWrites, async token => await Session.CompleteWritesAsync(token));

    public Task<Operation> CloseAsync() => PerformAsync(OperationKind.Close, token => Session.CloseAsync(token));

    public Task<Operation> AbortAsync(SessionError error) => PerformAsync(OperationKind.Abort, _ => Session.AbortAsync(error), TimeSpan.MaxValue);

    public Task<Operation> DisposeAsync() => PerformAsync(OperationKind.Dispose, _ => Session.DisposeAsync(), TimeSpan.MaxValue);

    /// <summary>Pauses, as the plan says.</summary>
    public Task PauseAsync() => _dice.Chance(Plan.PausePercent) ? _time.Delay(_dice.Duration(Plan.MaxPause)) : Task.CompletedTask;

    public Task DelayAsync(TimeSpan delay) => _time.Delay(delay);

    public bool Chance(int percent) => _dice.Chance(percent);

    public bool Began(OperationKind kind, TimeSpan by) => 
        Operations.Exists(operation => operation.Kind == kind && operation.Begin <= by && operation.Outcome != Outcome.Refused);

    /// <summary>Records that the protocol entered a state.</summary>
    public void EnterState(double? deadlineSeconds) => Deadline = deadlineSeconds is { } seconds ? (_time.Now, TimeSpan.FromSeconds(seconds)) : null;

    /// <summary>Records how long a pending receive has waited although bytes have arrived.</summary>
    public void CheckDelay()
    {
        if (Transport.Incoming.Unread == 0 || Operations.Find(operation => operation is { Kind: OperationKind.Receive, IsPending: true }) is not { } receive)
            return;
        var since = receive.Begin > Transport.Incoming.UnreadSince ? receive.Begin : Transport.Incoming.UnreadSince;
        if (_time.Now - since is var delay && delay > LongestDelay)
            LongestDelay = delay;
    }

    public void Dispose()
    {
        _lifetime.Dispose();
        foreach (var source in _sources)
            source.Dispose();
    }

    private CancellationToken ChooseToken(Operation operation, TimeSpan? cancelAt)
    {
        if (cancelAt is null && !_dice.Chance(Plan.CancelPercent))
            return _dice.Chance(50) ? _lifetime.Token : CancellationToken.None;
        if (cancelAt == TimeSpan.MaxValue)
            return _lifetime.Token;
        var source = new CancellationTokenSource();
        _sources.Add(source);
        var delay = cancelAt ?? (_dice.Chance(20) ? TimeSpan.Zero : _dice.Duration(MaxCancelDelay));
        operation.CanceledAt = _time.Now + delay;
        if (delay == TimeSpan.Zero && _dice.Chance(50))
            source.Cancel();
        else
            _time.Schedule(delay, () => Cancel(source, operation));
        return source.Token;
    }

    private void Cancel(CancellationTokenSource source, Operation operation)
    {
        if (!operation.IsPending)
            return;
        _trace.Add(_name, "cancel " + operation.Kind);
        source.Cancel();
    }

    private async Task WatchAsync()
    {
        End = await Session.Completion;
        EndedAt = _time.Now;
        // Bytes that arrive in the same moment may be too late.
        if (_time.Now - Transport.Incoming.UnreadSince > SameMoment)
            UnreadAtEnd = Transport.Incoming.Unread;
        IsUnreadByPeerAtEnd = Transport.Outgoing.Unread > 0;
        _trace.Add(_name, $"ended {End.Reason} {End.Error?.Kind}");
    }
}
