namespace SecureChannel.Simulation;

/// <summary>The fault of a pair of sessions.</summary>
internal enum SoakFault
{
    /// <summary>Nothing fails: everything must be delivered and end in order.</summary>
    None,

    /// <summary>The connection is reset.</summary>
    Reset,

    /// <summary>The connection ends without close_notify.</summary>
    Cut,

    /// <summary>An endpoint aborts its session.</summary>
    Abort,

    /// <summary>An endpoint disposes its session.</summary>
    Dispose,

    /// <summary>An endpoint closes its session.</summary>
    Close,

    /// <summary>A transport throws an exception.</summary>
    Throw,

    /// <summary>An endpoint cancels its handshake.</summary>
    CancelHandshake,

    /// <summary>Both endpoints wait until the idle timeout expires.</summary>
    Idle,

    /// <summary>The connection loses everything without an end, so that only pings find out.</summary>
    Silence,
}

/// <summary>A kind of connection between two endpoints.</summary>
internal enum SoakTransport
{
    Socket,
    SocketStream,
    Pipe,
}

/// <summary>The decisions of a pair of sessions. Real time decides the rest.</summary>
internal sealed record SoakPlan
{
    private const int MaxSend = SoakContent.MaxSize;

    private static readonly TimeSpan ShortIdleTimeout = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ShortKeepAlive = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxFaultDelay = TimeSpan.FromMilliseconds(300);

    public required ulong Seed { get; init; }

    public required SessionSecurity Security { get; init; }

    public required Traffic Traffic { get; init; }

    public required SoakTransport Transport { get; init; }

    public required SoakFault Fault { get; init; }

    /// <summary>Gets the endpoint that the fault affects.</summary>
    public required Role Victim { get; init; }

    public required TimeSpan FaultAt { get; init; }

    public required TimeSpan? IdleTimeout { get; init; }

    /// <summary>Gets the interval of pings, or null for none.</summary>
    public required TimeSpan? KeepAliveInterval { get; init; }

    /// <summary>Gets the time for which an endpoint waits for the answer of a ping.</summary>
    public TimeSpan KeepAliveTimeout => TimeSpan.FromSeconds(Fault == SoakFault.Silence ? 1 : 10);

    /// <summary>Gets the probability in percent that an operation is canceled and repeated.</summary>
    public required int CancelPercent { get; init; }

    public required bool IgnoresTokens { get; init; }

    /// <summary>Gets the probability in percent that a part of the data is delayed, for less than the idle timeout.</summary>
    public required int StallPercent { get; init; }

    /// <summary>Gets the sizes of the sends of the client.</summary>
    public required int[] ClientSends { get; init; }

    /// <summary>Gets the sizes of the sends of the server.</summary>
    public required int[] ServerSends { get; init; }

    public bool IsCooperative => Fault == SoakFault.None;

    /// <summary>
    /// Gets a value that indicates whether each endpoint completes its writes before it reads to the end. An endpoint that has completed its writes sends no
    /// pings.
    /// </summary>
    public bool CompletesWrites => Security != SessionSecurity.SslStream && Fault != SoakFault.Silence;

    public int[] SendsOf(Role role) => role == Role.Client ? ClientSends : ServerSends;

    public static SoakPlan Draw(ulong seed)
    {
        var dice = new Dice(seed);
        var fault = dice.Chance(40) ? SoakFault.None : (SoakFault)dice.Between(1, (int)SoakFault.Silence);
        var security = dice.Pick(SessionSecurity.Tls13, SessionSecurity.Tls13, SessionSecurity.KeyTransport, SessionSecurity.SslStream);
        // SslStream has no pings.
        if (fault == SoakFault.Silence && security == SessionSecurity.SslStream)
            security = SessionSecurity.KeyTransport;
        return new SoakPlan
        {
            Seed = seed,
            Security = security,
            Traffic = (Traffic)dice.Below(3),
            Transport = fault switch
            {
                SoakFault.Throw => SoakTransport.SocketStream,
                SoakFault.Silence => SoakTransport.Pipe,
                _ => (SoakTransport)dice.Below(3),
            },
            Fault = fault,
            Victim = dice.Pick(Role.Client, Role.Server),
            // Most sessions transfer data a few milliseconds after they begin.
            FaultAt = dice.Chance(50) ? dice.Duration(MaxFaultDelay) : TimeSpan.FromMilliseconds(dice.Between(2, 20)),
            IdleTimeout = fault == SoakFault.Idle ? ShortIdleTimeout : dice.Pick<TimeSpan?>(null, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(2)),
            CancelPercent = dice.Chance(30) ? 10 : 0,
            IgnoresTokens = dice.Chance(25),
            StallPercent = dice.Chance(30) ? 5 : 0,
            ClientSends = DrawSends(dice),
            ServerSends = DrawSends(dice),
            KeepAliveInterval = security == SessionSecurity.SslStream ? null
                : fault == SoakFault.Silence ? ShortKeepAlive
                : dice.Pick<TimeSpan?>(null, TimeSpan.FromMilliseconds(20), ShortKeepAlive),
        };
    }

    public override string ToString() =>
        $"seed {Seed}: {Security.Name} {Traffic} over {Transport}, {Fault} at {Victim} after {FaultAt.TotalMilliseconds:F0} ms, "
        + $"idle {IdleTimeout?.TotalSeconds}, pings {KeepAliveInterval?.TotalSeconds}, cancels {CancelPercent} %, stalls {StallPercent} %{(IgnoresTokens ? ", ignores tokens" : "")}, "
        + $"client {ClientSends.Length}x {ClientSends.Sum()} B, server {ServerSends.Length}x {ServerSends.Sum()} B";

    private static int[] DrawSends(Dice dice)
    {
        var sends = new int[dice.Between(0, 20)];
        for (var i = 0; i < sends.Length; i++)
            sends[i] = dice.Chance(3) ? dice.Between(1, MaxSend) : 1 + dice.Logarithmic(20_000);
        return sends;
    }
}
