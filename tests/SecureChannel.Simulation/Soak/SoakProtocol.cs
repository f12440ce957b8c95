using System.Runtime.CompilerServices;
using SecureChannel.Protocols;

namespace SecureChannel.Simulation;

/// <summary>A client that runs the typed protocol with tokens and lanes.</summary>
internal sealed class SoakProtocolClient(SoakPlan plan, SecureSession session, SoakPair pair) : SoakEnd(Role.Client, plan, session, pair)
{
    private SimulatedClient.Asking _asking;
    private SimulatedClient.Answering _answering;
    private SimulatedClient.Talking.SendLane _sending;
    private ReceiveLane<SimulatedClient.Talking.Incoming> _receiving = null!;

    protected override async Task TransferAsync()
    {
        if (await PerformAsync("Begin", BeginAsync) != SoakOutcome.Succeeded)
            return;
        var questions = Math.Min(3, Math.Min(Sends.Length, Plan.ServerSends.Length));
        for (var i = 0; i < questions; i++)
        {
            var question = new Question(i, ContentOf(i));
            if (await SendAsync("Ask", 1, async token => _answering = await _asking.SendAsync(question, token)) != SoakOutcome.Succeeded
                || await ReceiveAsync("Reply", ReceiveReplyAsync) != SoakOutcome.Succeeded)
            {
                return;
            }
        }
        if (await PerformAsync("Proceed", ProceedAsync) != SoakOutcome.Succeeded)
            return;
        var sending = SendParcelsAsync(questions);
        while (!HasSeenEnd && await ReceiveAsync("Parcel", ReceiveParcelAsync) == SoakOutcome.Succeeded)
        {
            // The next message.
        }
        await sending;
    }

    private async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        var greeting = await SimulatedClient.Begin(Session).SendAsync(new Hello(1), cancellationToken);
        (_, _asking) = await greeting.ReceiveAsync(cancellationToken);
    }

    private async ValueTask ProceedAsync(CancellationToken cancellationToken) =>
        (_sending, _receiving) = (await _asking.SendAsync(new Proceed(), cancellationToken)).Split();

    private async ValueTask ReceiveReplyAsync(CancellationToken cancellationToken)
    {
        (var reply, _asking) = await _answering.ReceiveAsync(cancellationToken);
        Receive(reply.Number, reply.Content.Span);
    }

    private async Task SendParcelsAsync(int first)
    {
        for (var i = first; i < Sends.Length; i++)
        {
            var number = i;
            if (await SendAsync("Send", 1, token => _sending.SendAsync(new Parcel(number, ContentOf(number)), token)) != SoakOutcome.Succeeded)
                return;
        }
        if (Plan.Fault == SoakFault.Idle)
            return;
        BeginEnd();
        await PerformAsync("Goodbye", async token => _ = await _sending.SendAsync(new Goodbye(), token));
    }

    private async ValueTask ReceiveParcelAsync(CancellationToken cancellationToken)
    {
        await foreach (var incoming in _receiving.WithCancellation(cancellationToken))
        {
            if (incoming is SimulatedClient.Talking.Incoming.Parcel(var parcel))
                Receive(parcel.Number, parcel.Content.Span);
            else
                SeeEnd();
            return;
        }
        SeeEnd();
    }
}

/// <summary>A server that runs the typed protocol with a handler that answers and pushes.</summary>
internal sealed class SoakProtocolServer(SoakPlan plan, SecureSession session, SoakPair pair) : SoakEnd(Role.Server, plan, session, pair)
{
    protected override Task TransferAsync() => PerformAsync("RunProtocol", async token => await new Handler(this).RunAsync(Session, token));

    private sealed class Handler(SoakProtocolServer server) : SimulatedServer.Handler
    {
        private int _next;

        protected override ValueTask<SimulatedServer.Greeting.Answer> OnHelloAsync(Hello hello, SimulatedServer.Greeting state) =>
            new(new Welcome(hello.Version));

        protected override async ValueTask<SimulatedServer.Answering.Answer> OnQuestionAsync(Question question, SimulatedServer.Answering state)
        {
            server.Receive(question.Number, question.Content.Span);
            await Task.Yield();
            var number = _next++;
            server.CountPush(isAccepted: false);
            server.CountPush(isAccepted: true);
            return new Result(number, server.ContentOf(number));
        }

        protected override ValueTask<SimulatedServer.Talking.Answer> OnProceedAsync(Proceed proceed, SimulatedServer.Talking state) => new(state);

        protected override async ValueTask<SimulatedServer.Talking.Answer> OnParcelAsync(Parcel parcel, SimulatedServer.Talking state)
        {
            server.Receive(parcel.Number, parcel.Content.Span);
            await Task.Yield();
            return state;
        }

        protected override async IAsyncEnumerable<SimulatedServer.Talking.Answer> PushInTalkingAsync(
            SessionInfo session, [EnumeratorCancellation] CancellationToken left)
        {
            while (_next < server.Sends.Length)
            {
                await Task.Yield();
                if (left.IsCancellationRequested)
                    yield break;
                var number = _next++;
                server.CountPush(isAccepted: false);
                yield return new Parcel(number, server.ContentOf(number));
                server.CountPush(isAccepted: true);
            }
            if (server.Plan.Fault == SoakFault.Idle)
                yield break;
            server.BeginEnd();
            yield return new Goodbye();
        }

        protected override ValueTask<SimulatedServer.ClientLeft.Answer> OnGoodbyeAsync(Goodbye goodbye, SimulatedServer.ClientLeft state)
        {
            server.SeeEnd();
            server.BeginEnd();
            return new(new Goodbye());
        }

        protected override async ValueTask OnParcelAsync(Parcel parcel, SimulatedServer.ServerLeft state)
        {
            server.Receive(parcel.Number, parcel.Content.Span);
            await Task.Yield();
        }

        protected override ValueTask OnGoodbyeAsync(Goodbye goodbye, SimulatedServer.Closed state)
        {
            server.SeeEnd();
            return default;
        }
    }
}
