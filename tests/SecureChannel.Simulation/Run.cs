namespace SecureChannel.Simulation;

/// <summary>The result of a run.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Violations">The violations of the contract.</param>
/// <param name="Hash">The hash of all events.</param>
internal sealed record RunResult(ulong Seed, IReadOnlyList<Violation> Violations, ulong Hash);

/// <summary>One run of a client, a server and a network under virtual time.</summary>
internal sealed class Run
{
    /// <summary>The time at which the applications dispose every session that they have not forgotten.</summary>
    private static readonly TimeSpan LastDisposal = TimeSpan.FromMinutes(40);

    private static readonly TimeSpan Limit = TimeSpan.FromHours(3);

    private static readonly TimeSpan OverlapTime = TimeSpan.FromMicroseconds(100);

    private readonly List<Violation> _violations = [];
    private readonly Trace _trace;
    private readonly VirtualTime _time;
    private readonly Incidents _incidents;
    private readonly Scenario _scenario;
    private readonly Dice _dice;
    private readonly Ledger _toServer;
    private readonly Ledger _toClient;

    private Run(ulong seed, CommandLine options)
    {
        _dice = new Dice(seed);
        _trace = new Trace(options.Traces ? Console.Out : null);
        _time = new VirtualTime(e => Report(Rule.EscapedException, e.ToString()));
        _trace.Time = _time;
        _incidents = new Incidents(_time, _trace);
        _scenario = Scenarios.Draw(_dice.Fork(), options.UsesSslStream) with { Seed = seed };
        var isStream = _scenario.Traffic == Traffic.Stream;
        (_toServer, _toClient) = (new Ledger(Role.Client, isStream), new Ledger(Role.Server, isStream));
    }

    /// <summary>Runs the scenario of a seed. The caller must be the pool's thread.</summary>
    public static async Task<RunResult> ExecuteAsync(ulong seed, CommandLine options, Probes probes)
    {
        var run = new Run(seed, options);
        if (options.Traces)
            Console.WriteLine($"seed {seed}: {run._scenario}");
        await PoolThread.WhenIdle();
        probes.ForgetRented();
        await run.ExecuteAsync(probes);
        return new RunResult(seed, run._violations, run._trace.Hash);
    }

    private async Task ExecuteAsync(Probes probes)
    {
        var toServer = new SimulatedLink(Role.Client, _scenario.ToServer, _time, _dice.Fork(), _trace, _incidents);
        var toClient = new SimulatedLink(Role.Server, _scenario.ToClient, _time, _dice.Fork(), _trace, _incidents);
        (toServer.Opposite, toClient.Opposite) = (toClient, toServer);
        using var client = CreateEnd(Role.Client, toServer, toClient);
        using var server = CreateEnd(Role.Server, toClient, toServer);
        var oracle = new Oracle(_scenario, _incidents, _toServer, _toClient, client, server, Report);

        _ = CreateActor(client, _toServer, _toClient).RunAsync();
        _ = CreateActor(server, _toClient, _toServer).RunAsync();
        await RunEventsAsync(LastDisposal);
        client.CheckDelay();
        server.CheckDelay();
        oracle.CheckBeforeLastDisposal(_time.Now);
        _ = DisposeLastAsync(client);
        _ = DisposeLastAsync(server);
        await RunEventsAsync(Limit);
        oracle.Check(_time, probes);
    }

    private async Task RunEventsAsync(TimeSpan limit)
    {
        while (true)
        {
            await PoolThread.WhenIdle();
            if (!_time.TryRunNext(limit))
                break;
            // Like on several threads: something else happens before the sessions have processed the event.
            while (_dice.Chance(_scenario.OverlapPercent) && _time.TryRunNext(_time.Now + OverlapTime))
            {
                // The next event.
            }
        }
        _time.AdvanceTo(limit);
    }

    private Endpoint CreateEnd(Role role, SimulatedLink outgoing, SimulatedLink incoming)
    {
        var plan = _scenario.PlanOf(role);
        var transport = new SimulatedTransport(
            role, plan.Transport, outgoing, incoming, _dice.Fork(), _trace, _incidents, message => Report(Rule.TransportMisuse, $"{role}: {message}"));
        var session = Sessions.Create(role, _scenario, transport, _time);
        return new Endpoint(role, plan, session, transport, _time, _trace, _dice.Fork());
    }

    private Actor CreateActor(Endpoint end, Ledger outgoing, Ledger incoming) => _scenario.Traffic switch
    {
        Traffic.Stream => new StreamActor(end, outgoing, incoming),
        Traffic.Messages => new MessageActor(end, outgoing, incoming),
        _ when end.Role == Role.Client => new ProtocolClient(end, outgoing, incoming),
        _ => new ProtocolServer(end, outgoing, incoming),
    };

    private static async Task DisposeLastAsync(Endpoint end)
    {
        if (!end.IsDisposed && end.Plan.Ending != Ending.Never)
            await end.DisposeAsync();
    }

    private void Report(Rule rule, string detail)
    {
        _trace.Add("oracle", $"violation {rule}");
        _violations.Add(new Violation(rule, detail));
    }
}
