namespace SecureChannel.Simulation;

/// <summary>Draws the scenario of a seed.</summary>
internal static class Scenarios
{
    private static readonly TimeSpan?[] IdleTimeouts =
        [null, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2)];

    /// <summary>Draws a scenario.</summary>
    /// <param name="dice">The source of all choices.</param>
    /// <param name="usesSslStream">True if the sessions use SslStream, which supports neither half-close nor alerts.</param>
    public static Scenario Draw(Dice dice, bool usesSslStream)
    {
        var scenario = Draw(dice);
        return !usesSslStream ? scenario : scenario with
        {
            Security = SessionSecurity.SslStream,
            Client = WithoutHalfClose(scenario.Client),
            Server = WithoutHalfClose(scenario.Server),
            IsCooperative = scenario.IsCooperative && !scenario.Client.CompletesWrites,
        };
    }

    private static EndPlan WithoutHalfClose(EndPlan plan) => plan with
    {
        CompletesWrites = false,
        Interruptions = [.. plan.Interruptions.Where(interruption => interruption.Kind != InterruptionKind.CompleteWrites)],
    };

    private static Scenario Draw(Dice dice)
    {
        var traffic = dice.Pick(Traffic.Stream, Traffic.Stream, Traffic.Messages, Traffic.Messages, Traffic.Protocol);
        var isCooperative = dice.Chance(35);
        var (client, server) = (DrawEnd(dice), DrawEnd(dice));
        (client, server) = (LimitReads(client, server), LimitReads(server, client));
        // Two sequential ends wait for each other if both send more than all buffers.
        if (isCooperative && client.Style == Style.Sequential && server.Style == Style.Sequential)
            server = server with { Style = Style.Duplex };
        if (isCooperative)
            (client, server) = Cooperate(dice, traffic, client, server);
        else
            (client, server) = (Disturb(dice, client), Disturb(dice, server));
        var total = client.Sends.Sum() + server.Sends.Sum() + 4096;
        return new Scenario
        {
            Security = dice.Chance(60) ? SessionSecurity.Tls13 : SessionSecurity.KeyTransport,
            Traffic = traffic,
            Client = client,
            Server = server,
            ToServer = DrawLink(dice, total, client.Sends.Sum(), isCooperative),
            ToClient = DrawLink(dice, total, server.Sends.Sum(), isCooperative),
            IsCooperative = isCooperative,
            OverlapPercent = dice.Pick(0, 0, 10, 50),
        };
    }

    private static EndPlan DrawEnd(Dice dice)
    {
        var (count, size) = dice.Below(20) switch
        {
            < 11 => (dice.Below(6), 8 << 10),
            < 17 => (dice.Below(25), 70 << 10),
            < 18 => (dice.Below(5), 600 << 10),
            // Many small sends, which are combined.
            < 19 => (dice.Between(50, 400), 300),
            _ => (dice.Below(3), 2 << 20),
        };
        return new EndPlan
        {
            Style = dice.Chance(35) ? Style.Sequential : Style.Duplex,
            Sends = [.. Enumerable.Range(0, count).Select(_ => dice.Chance(10) ? dice.Between(size / 2, size) : dice.Logarithmic(size))],
            FlushPercent = dice.Pick(0, 0, 20, 100),
            PausePercent = dice.Pick(0, 10, 50),
            MaxPause = TimeSpan.FromMilliseconds(dice.Pick(1, 50, 800)),
            CancelPercent = dice.Pick(0, 0, 10, 30),
            ReadSize = dice.Pick(1 + dice.Below(100), 1024, 16 << 10, 100 << 10),
            StartsAt = dice.Duration(TimeSpan.FromMilliseconds(20)),
            MaxMessageSize = dice.Pick(1 << 20, 1 << 20, 4 << 20, 70_000, 1000),
            Transport = new TransportPlan
            {
                CompletesInline = dice.Chance(50),
                ShortReadPercent = dice.Pick(0, 0, 20, 80),
            },
        };
    }

    // A transfer needs at most a few thousand reads, which bounds the time of a run.
    private static EndPlan LimitReads(EndPlan plan, EndPlan peer) => plan with { ReadSize = Math.Max(plan.ReadSize, peer.Sends.Sum() / 4096) };

    private static (EndPlan Client, EndPlan Server) Cooperate(Dice dice, Traffic traffic, EndPlan client, EndPlan server)
    {
        var pauses = LimitPauses(client, server);
        (client, server) = (
            client with { MaxMessageSize = 4 << 20, MaxPause = pauses, FlushesBeforeEnd = true },
            server with { MaxMessageSize = 4 << 20, MaxPause = pauses, FlushesBeforeEnd = true });
        if (traffic == Traffic.Protocol)
        {
            // A handler does not receive while it sends, so its peer must receive.
            return (client with { Style = Style.Duplex, Ending = dice.Pick(Ending.Dispose, Ending.CloseAndDispose) }, server with { Ending = Ending.Dispose });
        }
        if (dice.Chance(50))
        {
            return (client with { CompletesWrites = true, Ending = dice.Pick(Ending.Dispose, Ending.CloseAndDispose) },
                server with { CompletesWrites = true, Ending = dice.Pick(Ending.Dispose, Ending.CloseAndDispose) });
        }

        return dice.Chance(50)
            ? (CloseAfter(traffic, client, server), FinishUncanceled(server))
            : (FinishUncanceled(client), CloseAfter(traffic, server, client));
    }

    // All pauses together are shorter than the idle timeout.
    private static TimeSpan LimitPauses(EndPlan client, EndPlan server)
    {
        var operations = client.Sends.Length + server.Sends.Length + client.Sends.Sum() / server.ReadSize + server.Sends.Sum() / client.ReadSize + 10;
        var longest = client.MaxPause > server.MaxPause ? client.MaxPause : server.MaxPause;
        var limit = TimeSpan.FromSeconds(20) / operations;
        return longest < limit ? longest : limit;
    }

    // One end closes when it has received all that it expects.
    private static EndPlan CloseAfter(Traffic traffic, EndPlan plan, EndPlan peer) => plan with
    {
        Ending = Ending.CloseAndDispose,
        Expected = traffic == Traffic.Stream ? peer.Sends.Sum(size => (long)size) : peer.Sends.Length,
    };

    // A canceled send would change how much the peer expects.
    private static EndPlan FinishUncanceled(EndPlan plan) => plan with { Ending = Ending.CloseAndDispose, CancelPercent = 0 };

    private static EndPlan Disturb(Dice dice, EndPlan plan)
    {
        plan = plan with
        {
            IdleTimeout = dice.Pick(IdleTimeouts),
            AllowHalfClose = dice.Chance(65),
            CompletesWrites = dice.Chance(40),
            Ending = dice.Pick(
                Ending.CloseAndDispose, Ending.CloseAndDispose, Ending.Dispose, Ending.Dispose, Ending.AbortAndDispose, Ending.DisposeLate, Ending.Never),
            PausePercent = dice.Pick(plan.PausePercent, plan.PausePercent, 30),
            MaxPause = dice.Chance(20) ? TimeSpan.FromSeconds(4) : plan.MaxPause,
        };
        if (dice.Chance(30))
            plan = plan with { Interruptions = [.. Enumerable.Range(0, dice.Pick(1, 1, 2, 3)).Select(_ => DrawInterruption(dice))] };
        if (dice.Chance(3))
            plan = plan with { Throws = dice.Pick(ThrowingCallback.HandshakeObserver, ThrowingCallback.KeyLog), ThrowsAtCall = dice.Between(1, 8) };
        if (dice.Chance(15))
            plan = plan with { StopsSendingAfter = dice.Below(plan.Sends.Length + 1) };
        if (dice.Chance(15))
            plan = plan with { StopsReceivingAfter = dice.Logarithmic(50) };
        if (dice.Chance(10))
            plan = plan with { HandlerThrowsAt = dice.Below(10), HandlerThrowsOtherFailure = dice.Chance(30) };
        if (dice.Chance(10))
            plan = plan with { CloseTimeout = TimeSpan.FromMilliseconds(dice.Between(1, 3000)) };
        if (dice.Chance(5))
            plan = plan with { HandshakeTimeout = TimeSpan.FromMilliseconds(dice.Between(1, 300)) };
        if (dice.Chance(4))
            plan = plan with { HandshakeCanceledAt = dice.Duration(TimeSpan.FromMilliseconds(100)) };
        return plan with { Transport = Disturb(dice, plan.Transport) };
    }

    private static Interruption DrawInterruption(Dice dice) => new(
        dice.Pick(
            InterruptionKind.Close, InterruptionKind.CompleteWrites, InterruptionKind.Abort, InterruptionKind.Dispose, InterruptionKind.Dispose,
            InterruptionKind.AbortWithCloseNotify),
        dice.Duration(TimeSpan.FromSeconds(3)),
        dice.Chance(15));

    private static TransportPlan Disturb(Dice dice, TransportPlan plan)
    {
        if (dice.Chance(12))
        {
            var member = dice.Pick(TransportMember.Read, TransportMember.Write, TransportMember.Write, TransportMember.Flush, TransportMember.Dispose);
            var exception = member == TransportMember.Dispose ? dice.Below(HostileExceptions.Count) : dice.Between(-2, HostileExceptions.Count - 1);
            var call = member == TransportMember.Dispose ? 1 : 1 + dice.Logarithmic(40);
            plan = plan with { Fault = new MemberFault(member, call, Math.Max(-1, exception), dice.Chance(50)) };
        }
        return plan with { IgnoresTokens = dice.Chance(10), AbandonsPendingOperations = dice.Chance(4) };
    }

    private static LinkPlan DrawLink(Dice dice, int total, int sent, bool isCooperative)
    {
        // A transfer has at most a few hundred deliveries, which bounds the time of a run.
        var least = Math.Max(256, total / 200);
        var capacity = least + dice.Logarithmic(256 << 10);
        var link = new LinkPlan
        {
            Capacity = capacity,
            // A cooperative run is fast enough for the deadlines of the protocol.
            Latency = dice.Duration(TimeSpan.FromMilliseconds(isCooperative ? 10 : 100)),
            MaxChunk = Math.Max(least, dice.Logarithmic(capacity)),
            StallTime = isCooperative ? dice.Duration(TimeSpan.FromSeconds(3)) : dice.Duration(TimeSpan.FromSeconds(200)),
            WritesThrowAfterPeerClosed = dice.Chance(50) && !isCooperative,
        };
        var fault = isCooperative
            ? dice.Pick(LinkFault.None, LinkFault.None, LinkFault.Stall)
            : dice.Pick(
                LinkFault.None, LinkFault.None, LinkFault.None, LinkFault.None, LinkFault.None, LinkFault.Stall, LinkFault.Drop, LinkFault.Truncate,
                LinkFault.Flip, LinkFault.Reset);
        var position = dice.Chance(25) ? dice.Below(1200) : 1000 + dice.Logarithmic(Math.Max(1, sent + sent / 10));
        return link with { Fault = fault, FaultPosition = position };
    }
}
