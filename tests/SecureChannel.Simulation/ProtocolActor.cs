using SecureChannel.Protocols;

namespace SecureChannel.Simulation;

/// <summary>An application that runs the typed protocol.</summary>
internal abstract class ProtocolActor(Endpoint end, Ledger outgoing, Ledger incoming) : Actor(end, outgoing, incoming)
{
    protected override ValueTask SendAsync(ReadOnlyMemory<byte> content, int number, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    protected override ValueTask<bool> ReceiveAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Records that the peer's last message was received: it is the orderly end of its data.</summary>
    protected void ReceiveGoodbye()
    {
        Incoming.IsComplete = true;
        Endpoint.EnterState(null);
    }
}

/// <summary>The client, which uses tokens and lanes.</summary>
internal sealed class ProtocolClient(Endpoint end, Ledger outgoing, Ledger incoming) : ProtocolActor(end, outgoing, incoming)
{
    private const double ClientLeftDeadline = 60;

    private SimulatedClient.Asking _asking;
    private SimulatedClient.Answering _answering;
    private SimulatedClient.Talking.SendLane _sending;
    private ReceiveLane<SimulatedClient.Talking.Incoming> _receiving = null!;
    private bool _hasLeft;

    protected override async Task TransferAsync()
    {
        var begin = await Endpoint.PerformAsync(OperationKind.Receive, BeginAsync, TimeSpan.MaxValue);
        if (begin.Outcome != Outcome.Succeeded)
            return;
        var questions = Plan.Sends.Length / 3;
        for (var i = 0; i < questions; i++)
        {
            if (i == Plan.StopsSendingAfter || !await AskAsync(Plan.Sends[i]))
                return;
        }
        await Endpoint.PauseAsync();
        var proceed = await Endpoint.PerformAsync(OperationKind.Send, ProceedAsync, TimeSpan.MaxValue);
        if (proceed.Outcome != Outcome.Succeeded)
            return;
        var sending = SendParcelsAsync(questions);
        if (Plan.Style == Style.Sequential)
            await sending;
        var isReceived = await ReceiveParcelsAsync();
        Endpoint.IsProtocolFinal = await sending && isReceived;
    }

    private async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        var greeting = await SimulatedClient.Begin(Endpoint.Session).SendAsync(new Hello(1), cancellationToken);
        Endpoint.EnterState(20);
        (_, _asking) = await greeting.ReceiveAsync(cancellationToken);
        Endpoint.EnterState(null);
    }

    private async ValueTask ProceedAsync(CancellationToken cancellationToken) =>
        (_sending, _receiving) = (await _asking.SendAsync(new Proceed(), cancellationToken)).Split();

    private async Task<bool> AskAsync(int size)
    {
        await Endpoint.PauseAsync();
        var sent = await SendOneAsync(size, async (content, number, token) => _answering = await _asking.SendAsync(new Question(number, content), token));
        if (sent.Outcome != Outcome.Succeeded)
            return sent.Outcome == Outcome.Canceled;
        Endpoint.EnterState(30.5);
        Operation received;
        do
        {
            received = await Endpoint.PerformAsync(OperationKind.Receive, ReceiveReplyAsync);
        }
        while (received.Outcome == Outcome.Canceled);
        return received.Outcome == Outcome.Succeeded;
    }

    private async ValueTask ReceiveReplyAsync(CancellationToken cancellationToken)
    {
        (var reply, _asking) = await _answering.ReceiveAsync(cancellationToken);
        Incoming.Receive(reply.Number, reply.Content.Span);
        Endpoint.EnterState(null);
    }

    private async Task<bool> SendParcelsAsync(int first)
    {
        for (var i = first; i < Plan.Sends.Length; i++)
        {
            if (i == Plan.StopsSendingAfter)
                return false;
            await Endpoint.PauseAsync();
            var sent = await SendOneAsync(Plan.Sends[i], (content, number, token) => _sending.SendAsync(new Parcel(number, content), token));
            if (sent.Outcome is not (Outcome.Succeeded or Outcome.Canceled))
                return false;
        }
        // A lane enters the state when the send begins, because the peer may answer before it completes.
        _hasLeft = true;
        if (!Incoming.IsComplete)
            Endpoint.EnterState(ClientLeftDeadline);
        var goodbye = await Endpoint.PerformAsync(OperationKind.Send, async token => _ = await _sending.SendAsync(new Goodbye(), token), TimeSpan.MaxValue);
        return goodbye.Outcome == Outcome.Succeeded;
    }

    private async Task<bool> ReceiveParcelsAsync()
    {
        for (var i = 0; i != Plan.StopsReceivingAfter && !Incoming.IsComplete; i++)
        {
            await Endpoint.PauseAsync();
            var received = await Endpoint.PerformAsync(OperationKind.Receive, ReceiveParcelAsync);
            if (received.Outcome is not (Outcome.Succeeded or Outcome.Canceled))
                return false;
        }
        return Incoming.IsComplete;
    }

    private async ValueTask ReceiveParcelAsync(CancellationToken cancellationToken)
    {
        await foreach (var incoming in _receiving.WithCancellation(cancellationToken))
        {
            if (incoming is SimulatedClient.Talking.Incoming.Parcel(var parcel))
                ReceiveParcel(parcel);
            else
                ReceiveGoodbye();
            return;
        }
        ReceiveGoodbye();
    }

    // A transition that leads back to the same state restarts its deadline.
    private void ReceiveParcel(Parcel parcel)
    {
        Incoming.Receive(parcel.Number, parcel.Content.Span);
        if (_hasLeft)
            Endpoint.EnterState(ClientLeftDeadline);
    }
}
