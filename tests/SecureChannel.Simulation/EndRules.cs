namespace SecureChannel.Simulation;

/// <summary>Checks what an end reports: the kinds of its errors, and the reason of its end.</summary>
internal sealed class EndRules(Scenario scenario, Incidents incidents, Endpoint end, Endpoint peer, Action<Rule, string> report)
{
    // An end of the peer after this part of the agreed time is taken as its idle timeout. The label is harmless.
    private const double IdleSignalFraction = 0.75;

    // The time between the end of a session and the moment at which the application is notified, because events overlap.
    private static readonly TimeSpan ReportDelay = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan FirstDeadline = TimeSpan.FromSeconds(20);

    /// <summary>Determines whether the application of an end caused an orderly end of its data.</summary>
    public static bool CausesOrderlyEnd(Endpoint end, TimeSpan by) =>
        end.Began(OperationKind.Close, by) || end.Began(OperationKind.CompleteWrites, by) || (end.IsProtocolFinal && end.Began(OperationKind.Dispose, by));

    public void Check()
    {
        foreach (var operation in end.Operations.Where(operation => !operation.IsPending))
            CheckOperation(operation);
        if (end.End is { } reported)
            CheckReason(reported, end.EndedAt!.Value);
        CheckDeadline();
    }

    private void CheckOperation(Operation operation)
    {
        var at = operation.End!.Value;
        switch (operation.Outcome)
        {
            case Outcome.Unexpected:
                report(Rule.UnexpectedException, $"{end.Role}: {operation}");
                break;
            case Outcome.ApplicationFailed when operation.Kind != OperationKind.RunProtocol:
                report(Rule.UnexpectedException, $"{end.Role}: {operation}");
                break;
            case Outcome.ApplicationFailed when end.End is not { Reason: SessionEndReason.Failed } || end.EndedAt > at + ReportDelay:
                report(Rule.WrongReason, $"{end.Role}: {operation}, but the session ended with {end.End}");
                break;
            case Outcome.Disposed when !end.Began(OperationKind.Dispose, at):
                report(Rule.UnexpectedException, $"{end.Role}: {operation}, but the session was not disposed");
                break;
            case Outcome.Misused when !(operation.Kind is OperationKind.Send or OperationKind.CompleteWrites && end.Began(OperationKind.CompleteWrites, at)):
                report(Rule.UnexpectedException, $"{end.Role}: {operation}");
                break;
            case Outcome.Refused when operation.Kind != OperationKind.Abort && !(operation.Kind is OperationKind.Send or OperationKind.RunProtocol && HasTooLargeMessage):
                report(Rule.UnexpectedException, $"{end.Role}: {operation}; {operation.Exception?.StackTrace}");
                break;
            case Outcome.Failed:
                if (end.EndedAt < operation.Begin && operation.Exception is SessionException failure && failure.End != end.End)
                    report(Rule.ChangedEnd, $"{end.Role}: {operation}; the exception reports the end {failure.End}, but the session reports {end.End}");
                if (!IsPossible(operation.ErrorKind!.Value, at))
                    report(Rule.WrongKind, $"{end.Role}: {operation}; {end.End}; peer {peer.End}; {incidents}");
                if (end.End is { Reason: SessionEndReason.Failed, Error: { } error } && operation.ErrorKind is not SessionErrorKind.Closed
                    && operation.ErrorKind != error.Kind && !IsEarlyEnd(operation, at))
                {
                    report(Rule.ChangedEnd, $"{end.Role}: {operation}, but the session ended with {end.End}");
                }
                break;
            case Outcome.Succeeded when operation.Kind == OperationKind.Close:
                if (end.End is not { Reason: SessionEndReason.ClosedLocally or SessionEndReason.ClosedByPeer } && end.EndedAt <= at
                    && !IsDuringHandshake(operation))
                    report(Rule.WrongReason, $"{end.Role}: {operation}, but the session ended with {end.End}");
                break;
        }
    }

    private void CheckReason(SessionEnd reported, TimeSpan at)
    {
        var isPossible = reported switch
        {
            { Reason: SessionEndReason.ClosedLocally, Error: null } => IsOrderlyHere(at),
            { Reason: SessionEndReason.ClosedByPeer, Error: null } => CausesOrderlyEnd(peer, at),
            { Reason: SessionEndReason.IdleTimeout } => at >= EarliestIdleTimeout,
            { Reason: SessionEndReason.Failed, Error: { } error } => IsPossible(error.Kind, at),
            _ => false,
        };
        if (!isPossible)
            report(Rule.WrongReason, $"{end.Role} ended with {reported} at {at.TotalSeconds:F3} s; peer {peer.End}; {incidents}");
        if (reported.Reason == SessionEndReason.IdleTimeout && !(peer.EndedAt <= at) && FindPendingSend(at) is { } pending)
            report(Rule.WrongReason, $"{end.Role} ended with {reported} at {at.TotalSeconds:F3} s with unwritten data: {pending}");
        if (reported.Reason == SessionEndReason.IdleTimeout && end.UnreadAtEnd > 0 && !incidents.Has(IncidentKind.NeverCompleted, end.Role)
            && !(peer.End is { Reason: SessionEndReason.IdleTimeout } && peer.EndedAt <= at))
            report(Rule.ArrivedDataLost, $"{end.Role}: the idle timeout expired with {end.UnreadAtEnd} bytes that had arrived");
    }

    // The protocol failed, because the peer's application closed the session early. The session itself ends later.
    private bool IsEarlyEnd(Operation operation, TimeSpan at) =>
        operation.Exception is SessionException { Error.Code: SessionErrorCode.ClosedEarly } && CausesOrderlyEnd(peer, at);

    // An operation that ends a session before it is established cancels the handshake.
    private bool IsDuringHandshake(Operation operation) =>
        end.Operations[0] is { Kind: OperationKind.Handshake } handshake && !(handshake.End < operation.Begin);

    private Operation? FindPendingSend(TimeSpan at) => end.Operations.Find(operation =>
        operation.Kind is OperationKind.Send or OperationKind.Flush or OperationKind.CompleteWrites && operation.Begin < at && !(operation.End < at));

    // The deadline of a state is neither early nor late.
    private void CheckDeadline()
    {
        if (end.Deadline is not { } deadline)
            return;
        var ended = (end.EndedAt ?? TimeSpan.MaxValue) - deadline.Since;
        var isExpired = end.End?.Error?.Code == SessionErrorCode.StateDeadline;
        if (ended > deadline.Limit + Slack || (isExpired && ended < deadline.Limit))
            report(Rule.SlowOperation, $"{end.Role}: the deadline of {deadline.Limit.TotalSeconds} s ended after {ended.TotalSeconds:F3} s with {end.End}");
    }

    private bool IsOrderlyHere(TimeSpan at) =>
        end.Began(OperationKind.Close, at)
        || (end.Began(OperationKind.Dispose, at) && !end.HasStarted)
        || (end.Began(OperationKind.Dispose, at) && (end.IsProtocolFinal || end.Began(OperationKind.CompleteWrites, at)))
        || (!end.Plan.AllowHalfClose && end.Began(OperationKind.CompleteWrites, at));

    private bool IsPossible(SessionErrorKind kind, TimeSpan at) => kind switch
    {
        SessionErrorKind.TransportFailed => HasTransportFailed(at),
        SessionErrorKind.Truncated => incidents.Has(IncidentKind.Truncated, end.Role) || HasPeerVanished(at),
        SessionErrorKind.AlertReceived => HasPeerFailed(at) || (!end.IsEstablished && CausesOrderlyEnd(peer, at)) || HasPlatformAlert,
        SessionErrorKind.TimedOut => HasTimedOut(at),
        SessionErrorKind.Closed => end.Began(OperationKind.Close, at) || end.Began(OperationKind.Dispose, at) || CausesOrderlyEnd(peer, at),
        SessionErrorKind.LocalError => HasFailedHere(at),
        // The remaining kinds blame the peer's bytes.
        _ => IsCorrupt || (scenario.Traffic == Traffic.Protocol && CausesOrderlyEnd(peer, at)),
    };

    // A changed bit of an unprotected message makes the ends derive different keys, so both ends may notice.
    private bool IsCorrupt => incidents.Has(IncidentKind.Flipped, end.Role)
        || (incidents.Has(IncidentKind.Flipped) && !(end.IsEstablished && peer.IsEstablished));

    // This endpoint knows the limit of the peer, so that it refuses such a message.
    private bool HasTooLargeMessage =>
        scenario.Traffic != Traffic.Stream && end.Plan.Sends.Any(size => size + 32 > peer.Plan.MaxMessageSize);

    // An end that disposes its transport makes the writes of the other end fail.
    private bool HasTransportFailed(TimeSpan at) =>
        incidents.Has(IncidentKind.Threw, end.Role) || incidents.Has(IncidentKind.Reset) || (peer.Transport.IsDisposed && peer.EndedAt <= at + ReportDelay);

    private bool HasPeerVanished(TimeSpan at) =>
        peer.Transport.IsDisposed && (HasPeerFailed(at) || incidents.Any || peer.Operations.Exists(operation => operation.Outcome == Outcome.Failed));

    // SslStream reports a failure only after it has written its alert, and a write may never complete.
    private bool HasPlatformAlert => scenario.Security == SessionSecurity.SslStream
        && incidents.Has(IncidentKind.Flipped, peer.Role) && incidents.Has(IncidentKind.NeverCompleted, peer.Role);

    private bool HasPeerFailed(TimeSpan at) =>
        (peer.End is { Reason: SessionEndReason.Failed or SessionEndReason.IdleTimeout } && peer.EndedAt <= at + ReportDelay)
        || (!peer.IsEstablished && peer.Began(OperationKind.Close, at))
        || peer.Began(OperationKind.Abort, at) || (peer.Began(OperationKind.Dispose, at) && !peer.IsProtocolFinal);

    private bool HasFailedHere(TimeSpan at) =>
        end.Began(OperationKind.Abort, at) || end.Began(OperationKind.Dispose, at)
        || end.Plan.HandlerThrowsAt is not null || (scenario.Traffic == Traffic.Protocol && HasTooLargeMessage) || end.Plan.Throws != ThrowingCallback.None
        || end.Plan.HandshakeCanceledAt <= at || (!end.IsEstablished && end.Began(OperationKind.Close, at))
        || (!end.Plan.AllowHalfClose && CausesOrderlyEnd(peer, at));

    // Over SslStream, the transport's end after a part of the time is labelled as an idle timeout. Otherwise, both endpoints wait for the whole time.
    private TimeSpan? EarliestIdleTimeout =>
        scenario.Security == SessionSecurity.SslStream ? scenario.AgreedIdleTimeout * IdleSignalFraction : scenario.AgreedIdleTimeout;

    // A ping is unanswered because of a fault of the network, the end of the peer, or data before the ping or its answer: data that the application of the peer
    // does not read, or that a slow link has not carried.
    private bool HasLostPeer(TimeSpan at) =>
        at >= scenario.KeepAliveInterval + Scenario.KeepAliveTimeout
        && (incidents.Any || end.IsUnreadByPeerAtEnd || peer.EndedAt <= at || peer.Began(OperationKind.Close, at)
            || IsTooSlow(scenario.ToServer, scenario.Client) || IsTooSlow(scenario.ToClient, scenario.Server));

    // The link carries its capacity once in two latencies: one for the bytes, and one until the sender may write more. The pump, its batch and the input of the
    // reader hold 64 KiB each, and a message is sealed as a whole.
    private static bool IsTooSlow(LinkPlan link, EndPlan sender) =>
        link.Capacity * (Scenario.KeepAliveTimeout / (2 * link.Latency)) < Math.Min(sender.Sends.Sum(size => (long)size), sender.Sends.Append(0).Max() + (3 << 16));

    private bool HasTimedOut(TimeSpan at) =>
        at >= EarliestIdleTimeout || HasLostPeer(at)
        || (at >= end.Plan.HandshakeTimeout && !end.IsEstablished)
        || end.Operations.Exists(operation =>
            operation.Kind is OperationKind.Close or OperationKind.Dispose or OperationKind.CompleteWrites && operation.Begin + end.Plan.CloseTimeout <= at)
        || (scenario.Traffic == Traffic.Protocol && at >= FirstDeadline);
}
