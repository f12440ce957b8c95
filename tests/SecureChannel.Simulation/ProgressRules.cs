namespace SecureChannel.Simulation;

/// <summary>Checks that the operations of an end complete in time.</summary>
internal sealed class ProgressRules(Scenario scenario, Endpoint end, Action<Rule, string> report)
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1.5);

    // A send of this size is queued in whole.
    private const int MaxCancelableSize = 64 << 10;

    public void Check(TimeSpan now)
    {
        foreach (var operation in end.Operations)
        {
            if (operation.IsPending && end.IsDisposed)
                report(Rule.PendingOperation, $"{end.Role}: {operation}; disposed, {end.End}");
            if (FindLimit(operation) is { } limit && (operation.End ?? now) - operation.Begin > limit)
                report(Rule.SlowOperation, $"{end.Role}: {operation} should have completed within {limit.TotalSeconds:F1} s");
        }
        if (end.IsDisposed && !end.Transport.IsDisposed)
            report(Rule.TransportNotDisposed, $"{end.Role}: the session is disposed, but not its transport");
        if (end.IsDisposed && end.End is null)
            report(Rule.PendingOperation, $"{end.Role}: the session is disposed, but 'Completion' is pending");
    }

    private TimeSpan? FindLimit(Operation operation)
    {
        var limit = operation.Kind switch
        {
            OperationKind.Handshake => end.Plan.HandshakeTimeout + end.Plan.CloseTimeout,
            OperationKind.Close or OperationKind.Dispose => end.Plan.CloseTimeout + Slack,
            OperationKind.Abort => end.Plan.CloseTimeout + Slack,
            _ => (TimeSpan?)null,
        };
        // A large send of which a part has left can no longer be canceled.
        if (operation.CanceledAt - operation.Begin + Slack is { } canceled && !(limit < canceled) && operation.Size <= MaxCancelableSize)
            limit = canceled;
        // A handler decides itself when it observes cancellation.
        return operation.Kind == OperationKind.RunProtocol || scenario.Traffic == Traffic.Protocol && operation.Kind == OperationKind.Handshake ? null : limit;
    }
}
