namespace SecureChannel.Simulation;

/// <summary>The content of a run's sessions.</summary>
internal enum Traffic
{
    Stream,
    Messages,
    Protocol,
}

/// <summary>The order of an end's sends and receives.</summary>
internal enum Style
{
    /// <summary>The end sends everything, and then receives.</summary>
    Sequential,

    /// <summary>The end sends and receives at the same time.</summary>
    Duplex,
}

/// <summary>The last operations of an end, after it has sent and received everything or was interrupted.</summary>
internal enum Ending
{
    CloseAndDispose,
    Dispose,
    AbortAndDispose,

    /// <summary>The application forgets the session for ten minutes, and then disposes it.</summary>
    DisposeLate,

    /// <summary>The application forgets the session.</summary>
    Never,
}

/// <summary>The kinds of operations that end a session or one of its directions.</summary>
internal enum InterruptionKind
{
    Close,
    CompleteWrites,
    Abort,

    /// <summary>An abort with an alert that looks like an orderly end, which is refused.</summary>
    AbortWithCloseNotify,
    Dispose,
}

/// <summary>An operation that an end performs at a time of its own, no matter what else it does.</summary>
/// <param name="Kind">The operation.</param>
/// <param name="At">The time after the beginning or the end of the handshake.</param>
/// <param name="IsDuringHandshake">True if the time counts from the beginning of the handshake; false if it counts from its end.</param>
internal readonly record struct Interruption(InterruptionKind Kind, TimeSpan At, bool IsDuringHandshake)
{
    public override string ToString() => $"{Kind}@{(IsDuringHandshake ? "handshake+" : "")}{At.TotalSeconds:F3}";
}

/// <summary>A callback of the application that throws during the handshake.</summary>
internal enum ThrowingCallback
{
    None,
    HandshakeObserver,
    KeyLog,
}

/// <summary>The decisions of one end's application.</summary>
internal sealed record EndPlan
{
    public Style Style { get; init; }

    /// <summary>Gets the sizes of the sends.</summary>
    public int[] Sends { get; init; } = [];

    public int FlushPercent { get; init; }

    /// <summary>Gets the probability of a pause before an operation.</summary>
    public int PausePercent { get; init; }

    public TimeSpan MaxPause { get; init; }

    /// <summary>Gets the probability that an operation has a token that is canceled soon.</summary>
    public int CancelPercent { get; init; }

    public int ReadSize { get; init; } = 4096;

    /// <summary>Gets the number of bytes or messages after which the end stops receiving, or null to receive until the end.</summary>
    public long? Expected { get; init; }

    /// <summary>Gets a value that indicates whether the end completes its writes after its last send.</summary>
    public bool CompletesWrites { get; init; }

    public Ending Ending { get; init; }

    /// <summary>Gets a value that indicates whether the end flushes before it ends, because closing and disposing flush for a limited time only.</summary>
    public bool FlushesBeforeEnd { get; init; }

    public Interruption[] Interruptions { get; init; } = [];

    /// <summary>Gets the number of sends after which the application stops sending without an end, or null.</summary>
    public int? StopsSendingAfter { get; init; }

    /// <summary>Gets the number of receives after which the application stops receiving, or null.</summary>
    public int? StopsReceivingAfter { get; init; }

    /// <summary>Gets the number of the message at which a handler throws, or null.</summary>
    public int? HandlerThrowsAt { get; init; }

    /// <summary>Gets a value that indicates whether the handler throws the exception of another session.</summary>
    public bool HandlerThrowsOtherFailure { get; init; }

    public ThrowingCallback Throws { get; init; }

    /// <summary>Gets the number of the call at which the callback throws, from 1.</summary>
    public int ThrowsAtCall { get; init; }

    public TimeSpan StartsAt { get; init; }

    public TimeSpan? HandshakeCanceledAt { get; init; }

    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan? IdleTimeout { get; init; } = TimeSpan.FromMinutes(2);

    public bool AllowHalfClose { get; init; } = true;

    public int MaxMessageSize { get; init; } = 1 << 20;

    public TransportPlan Transport { get; init; } = new();
}

/// <summary>The decisions of a run.</summary>
internal sealed record Scenario
{
    public ulong Seed { get; init; }

    public SessionSecurity Security { get; init; } = SessionSecurity.Tls13;

    public Traffic Traffic { get; init; }

    public required EndPlan Client { get; init; }

    public required EndPlan Server { get; init; }

    public required LinkPlan ToServer { get; init; }

    public required LinkPlan ToClient { get; init; }

    /// <summary>Gets a value that indicates whether nothing fails and both ends work together, so that everything must be delivered and end in order.</summary>
    public bool IsCooperative { get; init; }

    /// <summary>Gets the probability that an event happens before the sessions have processed the previous one.</summary>
    public int OverlapPercent { get; init; }

    public EndPlan PlanOf(Role role) => role == Role.Client ? Client : Server;

    /// <summary>The time for which the client waits for the answer to a ping.</summary>
    public static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Gets the client's interval of pings, or null. It does not depend on the dice, so that it changes no other choice.</summary>
    public TimeSpan? KeepAliveInterval => Security == SessionSecurity.SslStream || Seed % 3 != 0 ? null : TimeSpan.FromSeconds(Seed % 2 == 0 ? 1 : 7);

    /// <summary>Gets the idle timeout that the ends agree on: the smaller of both, or the only one.</summary>
    public TimeSpan? AgreedIdleTimeout => (Client.IdleTimeout, Server.IdleTimeout) switch
    {
        ({ } client, { } server) => client < server ? client : server,
        var (client, server) => client ?? server,
    };

    public override string ToString() =>
        $"{Security.Name} {Traffic}{(IsCooperative ? " cooperative" : "")}, client {Describe(Client)}, server {Describe(Server)}, "
        + $"faults {ToServer.Fault}@{ToServer.FaultPosition} {ToClient.Fault}@{ToClient.FaultPosition}, capacity {ToServer.Capacity} {ToClient.Capacity}";

    private static string Describe(EndPlan plan) => string.Join(' ', new[]
    {
        plan.Style.ToString(),
        $"{plan.Sends.Length}x",
        $"{plan.Sends.Sum(size => (long)size)}B",
        plan.CompletesWrites ? "completes" : "",
        plan.Expected is { } expected ? $"expects:{expected}" : "",
        plan.Ending.ToString(),
        string.Join(' ', plan.Interruptions),
        plan.Throws == ThrowingCallback.None ? "" : $"{plan.Throws}Throws#{plan.ThrowsAtCall}",
        plan.StopsSendingAfter is { } sends ? $"stopsSending:{sends}" : "",
        plan.StopsReceivingAfter is { } receives ? $"stopsReceiving:{receives}" : "",
        plan.HandlerThrowsAt is { } message ? $"handlerThrows:{message}" : "",
        plan.HandshakeCanceledAt is { } canceled ? $"canceled@{canceled.TotalSeconds:F3}" : "",
        plan.AllowHalfClose ? "" : "noHalfClose",
        $"idle:{plan.IdleTimeout?.TotalSeconds}",
        $"max:{plan.MaxMessageSize}",
        plan.Transport.Fault is { } fault ? $"{fault.Member}#{fault.Call}:{fault.Exception}{(fault.IsSynchronous ? "!" : "")}" : "",
        plan.Transport.IgnoresTokens ? "ignoresTokens" : "",
        plan.Transport.AbandonsPendingOperations ? "abandons" : "",
    }.Where(part => part.Length > 0));
}
