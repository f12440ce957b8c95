using System.Collections.Concurrent;
using System.Diagnostics;

namespace SecureChannel.Simulation;

/// <summary>Runs a client and a server over one connection in real time, and checks what they received and how they ended.</summary>
internal sealed class SoakPair
{
    /// <summary>The time between two looks at the state of a connection.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    private const int MaxTraceLines = 120;

    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<string> _trace = new();
    private readonly long _begin = Stopwatch.GetTimestamp();
    private readonly SoakPlan _plan;
    private readonly SoakLog _log;
    private bool _isReported;

    private SoakPair(SoakPlan plan, SoakLog log) => (_plan, _log) = (plan, log);

    /// <summary>Runs a pair to its end.</summary>
    public static Task RunAsync(SoakPlan plan, SoakLog log) => new SoakPair(plan, log).RunAsync();

    /// <summary>Records an event, for the report of a violation.</summary>
    public void Trace(string text)
    {
        if (_trace.Count >= MaxTraceLines)
            _trace.TryDequeue(out _);
        _trace.Enqueue($"{Stopwatch.GetElapsedTime(_begin).TotalMilliseconds:F1} {text}");
    }

    /// <summary>Reports a violation. The first one of a pair has the trace.</summary>
    public void Report(string violation)
    {
        var trace = Interlocked.Exchange(ref _isReported, true) ? "" : Environment.NewLine + "    " + string.Join(Environment.NewLine + "    ", _trace);
        _log.Report($"{violation} ({_plan}){trace}");
    }

    /// <summary>Counts the result of an operation.</summary>
    public void Count(SoakOutcome outcome) => _log.Count(outcome);

    private async Task RunAsync()
    {
        SoakLink link = _plan.Transport == SoakTransport.Pipe ? new SoakPipeLink(_plan) : await SoakSocketLink.ConnectAsync(_plan, Report);
        var (client, server) = (CreateEnd(Role.Client, link), CreateEnd(Role.Server, link));
        (client.Peer, server.Peer) = (server, client);
        var faulting = InjectAsync(link, _plan.Victim == Role.Client ? client : server);
        await Task.WhenAll(client.RunAsync(), server.RunAsync(), faulting);
        await Task.WhenAll(client.DisposeAsync(), server.DisposeAsync());
        foreach (var (reader, writer) in new[] { (client, server), (server, client) })
        {
            _log.Count(reader.Session.End);
            Check(reader, writer);
        }
        if (!await link.WaitForCloseAsync(CloseLimit))
            Report("the connection was not closed");
    }

    private SoakEnd CreateEnd(Role role, SoakLink link)
    {
        var session = link.CreateSession(
            role,
            SoakCredentials.Create(role, _plan.Security, _plan.IdleTimeout, _plan.KeepAliveInterval) with { KeepAliveTimeout = _plan.KeepAliveTimeout });
        if (_plan.Traffic != Traffic.Protocol)
            return new SoakEnd(role, _plan, session, this);
        return role == Role.Client ? new SoakProtocolClient(_plan, session, this) : new SoakProtocolServer(_plan, session, this);
    }

    private async Task InjectAsync(SoakLink link, SoakEnd victim)
    {
        if (_plan.Fault is SoakFault.None or SoakFault.Idle or SoakFault.Throw or SoakFault.CancelHandshake)
            return;
        await Task.Delay(_plan.FaultAt);
        Trace($"fault {_plan.Fault}");
        switch (_plan.Fault)
        {
            case SoakFault.Reset:
                link.Reset(_plan.Victim);
                break;
            case SoakFault.Cut:
                link.Cut(_plan.Victim);
                break;
            case SoakFault.Silence:
                link.Silence();
                break;
            case SoakFault.Abort:
                await victim.AbortAsync();
                break;
            case SoakFault.Dispose:
                await victim.DisposeAsync();
                break;
            case SoakFault.Close:
                await victim.CloseAsync();
                break;
        }
    }

    private void Check(SoakEnd reader, SoakEnd writer)
    {
        var counts = $"submitted {writer.Submitted}, accepted {writer.Accepted}, received {reader.Received}; "
            + $"writer {writer.Session.End}, reader {reader.Session.End}";
        if (reader.Received > writer.Submitted)
            Report($"{reader.Role} received more than was sent: {counts}");
        if (reader.HasSeenEnd && reader.Received < writer.Accepted)
            Report($"{reader.Role} saw an orderly end, but did not receive everything: {counts}");
        CheckTimers(reader, writer, counts);
        if (reader.Session.End is { Error.Code: SessionErrorCode.HandlerFailed or SessionErrorCode.CallbackFailed })
            Report($"{reader.Role} blames a handler or callback, but none threw: {counts}");
        if (!_plan.IsCooperative)
            return;
        if (reader.Received < writer.Accepted)
            Report($"{reader.Role} did not receive everything: {counts}");
        if (reader.Session.End is not { Reason: SessionEndReason.ClosedLocally or SessionEndReason.ClosedByPeer, Error: null })
            Report($"{reader.Role} did not end in order: {counts}");
    }

    private void CheckTimers(SoakEnd reader, SoakEnd writer, string counts)
    {
        var end = reader.Session.End;
        if (_plan.Fault == SoakFault.Idle && end is { Reason: SessionEndReason.ClosedByPeer })
            Report($"{reader.Role} reports an orderly end after an idle timeout: {counts}");
        if (end is { Error.Code: SessionErrorCode.KeepAliveTimeout } && _plan.Fault != SoakFault.Silence)
            Report($"{reader.Role} lost a peer that answers: {counts}");
        if (reader.Session.Negotiated is null || writer.Session.Negotiated is null)
            return;
        // Over SslStream, the end of the transport is the only signal.
        if (_plan.Fault == SoakFault.Idle && _plan.Security != SessionSecurity.SslStream
            && end is not { Error.Kind: SessionErrorKind.TimedOut or SessionErrorKind.AlertReceived })
            Report($"{reader.Role} does not report the timer that ended the session: {counts}");
        if (_plan.Fault == SoakFault.Silence && end is { Error: { Kind: not SessionErrorKind.TimedOut, Code: not SessionErrorCode.DisposedBeforeClose } })
            Report($"{reader.Role} reports more than the silence of its peer: {counts}");
    }
}
