namespace SecureChannel.Simulation;

/// <summary>
/// Checks the contract after a run. The oracle knows what the applications did, what they were told, and what the network did. It knows nothing of the
/// implementation.
/// </summary>
internal sealed class Oracle(
    Scenario scenario, Incidents incidents, Ledger toServer, Ledger toClient, Endpoint client, Endpoint server, Action<Rule, string> report)
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1.5);

    private bool IsAbandoning => client.Plan.Transport.AbandonsPendingOperations || server.Plan.Transport.AbandonsPendingOperations;

    /// <summary>Checks what must hold before the applications dispose the sessions that are left.</summary>
    public void CheckBeforeLastDisposal(TimeSpan now)
    {
        foreach (var end in new[] { client, server })
        {
            if (scenario.IsCooperative && !end.IsFinished)
                report(Rule.Liveness, $"{end.Role} did not finish: {end.Operations.Find(operation => operation.IsPending)}; {LedgerOf(end)}");
            if (end.LongestDelay > Slack && !incidents.Has(IncidentKind.NeverCompleted, end.Role))
                report(Rule.BlockedReceive, $"{end.Role}: a receive waited {end.LongestDelay.TotalSeconds:F3} s although data had arrived");
            if (end.Session.Negotiated?.IdleTimeout is { } idle && client.IsEstablished && server.IsEstablished)
                CheckIdleTimeout(end, now - idle - Slack);
        }
    }

    // A receive that waits for longer than the idle timeout, while nothing moved in either direction, must have failed.
    private void CheckIdleTimeout(Endpoint end, TimeSpan since)
    {
        if (client.Transport.Incoming.LastActivity > since || server.Transport.Incoming.LastActivity > since)
            return;
        if (end.Operations.Find(operation => operation is { Kind: OperationKind.Receive, IsPending: true } && operation.Begin < since) is { } receive)
            report(Rule.PendingOperation, $"{end.Role}: {receive}, although the idle timeout expired; {end.End}");
    }

    /// <summary>Checks everything else.</summary>
    public void Check(VirtualTime time, Probes probes)
    {
        CheckDelivery(toServer, server, client);
        CheckDelivery(toClient, client, server);
        foreach (var (end, peer) in new[] { (client, server), (server, client) })
        {
            new ProgressRules(scenario, end, report).Check(time.Now);
            new EndRules(scenario, incidents, end, peer, report).Check();
            if (scenario.IsCooperative)
                CheckCooperation(end);
        }
        CheckResources(time, probes);
    }

    private Ledger LedgerOf(Endpoint end) => end == server ? toServer : toClient;

    private void CheckDelivery(Ledger ledger, Endpoint reader, Endpoint writer)
    {
        if (ledger.FindDifference() is { } difference)
            report(Rule.Delivery, $"{reader.Role} received: {difference}");
        var end = reader.Operations.Find(operation => operation.Outcome == Outcome.EndOfData);
        if (end is null && !ledger.IsComplete)
            return;
        if (ledger.FindMissing() is { } missing)
            report(Rule.IncompleteEnd, $"{reader.Role} saw an orderly end, but did not receive {missing}; {ledger}; writer {writer.End}");
        if (end is not null && !EndRules.CausesOrderlyEnd(writer, end.End!.Value))
            report(Rule.UncausedEnd, $"{reader.Role} saw an orderly end at {end.End.Value.TotalSeconds:F3} s; writer {writer.End}, reader {reader.End}");
    }

    private void CheckCooperation(Endpoint end)
    {
        foreach (var operation in end.Operations.Where(operation => operation.Outcome is not (Outcome.Succeeded or Outcome.EndOfData or Outcome.Canceled)))
        {
            if (!IsRepeatedCompletion(end, operation))
                report(Rule.Liveness, $"{end.Role}: {operation}; {LedgerOf(end)}; {end.End}");
        }
        if (LedgerOf(end).FindMissing() is { } missing)
            report(Rule.Liveness, $"{end.Role} did not receive {missing}; {LedgerOf(end)}");
        if (end.End is not { Reason: SessionEndReason.ClosedByPeer or SessionEndReason.ClosedLocally, Error: null })
            report(Rule.Liveness, $"{end.Role} ended with {end.End}");
    }

    // A completion of writes that is canceled while its close_notify is written has closed the direction. Another one is misuse.
    private static bool IsRepeatedCompletion(Endpoint end, Operation operation) =>
        operation is { Kind: OperationKind.CompleteWrites, Outcome: Outcome.Misused }
        && end.Operations.Exists(earlier => earlier is { Kind: OperationKind.CompleteWrites, Outcome: Outcome.Canceled } && earlier.End <= operation.Begin);

    private void CheckResources(VirtualTime time, Probes probes)
    {
        foreach (var end in new[] { client, server })
        {
            if (end.IsDisposed && end.Registrations > 0)
                report(Rule.Registration, $"{end.Role}: {end.Registrations} callbacks are registered on the application's tokens");
        }
        if (!client.IsDisposed || !server.IsDisposed)
            return;
        if (time.ArmedTimers > 0)
            report(Rule.ArmedTimer, $"{time.ArmedTimers} timers are armed after both sessions were disposed");
        // The platform does not return all arrays if a certificate or key is malformed.
        if (!IsAbandoning && !incidents.Has(IncidentKind.Flipped) && FindRented(probes) is { Length: > 0 } sizes)
            report(Rule.RentedArray, $"{sizes.Length} arrays were not returned: {string.Join(", ", sizes)} bytes");
    }

    // SslStream.ShutdownAsync never returns the array of its close_notify, the smallest one that fits 24 bytes. Each session shuts down at most once.
    private int[] FindRented(Probes probes)
    {
        const int ShutdownArraySize = 32;
        var sizes = probes.RentedSizes.Order().ToArray();
        return scenario.Security == SessionSecurity.SslStream ? [.. sizes.SkipWhile((size, index) => size == ShutdownArraySize && index < 2)] : sizes;
    }
}
