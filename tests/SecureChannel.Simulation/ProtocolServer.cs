using System.Runtime.CompilerServices;

namespace SecureChannel.Simulation;

/// <summary>The server, which uses a handler that answers and pushes.</summary>
internal sealed class ProtocolServer(Endpoint end, Ledger outgoing, Ledger incoming) : ProtocolActor(end, outgoing, incoming)
{
    protected override async Task TransferAsync()
    {
        var handler = new Handler(this);
        var run = await Endpoint.PerformAsync(
            OperationKind.RunProtocol, async token => await handler.RunAsync(Endpoint.Session, token), handler.IsCanceled ? null : TimeSpan.MaxValue);
        Endpoint.IsProtocolFinal = run.Outcome == Outcome.Succeeded;
        handler.Accept();
    }

    private sealed class Handler(ProtocolServer server) : SimulatedServer.Handler
    {
        private int _next;
        private int _received;
        private Send? _answer;

        public bool IsCanceled { get; } = server.Endpoint.Chance(5) && server.Plan.Interruptions.Length > 0;

        // The handler runs again, so its last answer was sent.
        public void Accept()
        {
            if (_answer is not null && server.Endpoint.Operations.Find(operation => operation.Kind == OperationKind.RunProtocol)?.Outcome is
                Outcome.Pending or Outcome.Succeeded)
            {
                _answer.Status = SendStatus.Accepted;
            }
            _answer = null;
        }

        protected override ValueTask<SimulatedServer.Greeting.Answer> OnHelloAsync(Hello hello, SimulatedServer.Greeting state)
        {
            BeginMessage();
            return new(new Welcome(hello.Version));
        }

        protected override async ValueTask<SimulatedServer.Answering.Answer> OnQuestionAsync(Question question, SimulatedServer.Answering state)
        {
            BeginMessage();
            server.Incoming.Receive(question.Number, question.Content.Span);
            await server.Endpoint.PauseAsync();
            _answer = server.Outgoing.BeginSend(NextSize());
            return new Result(_answer.Number, ContentOf(_answer));
        }

        protected override ValueTask<SimulatedServer.Talking.Answer> OnProceedAsync(Proceed proceed, SimulatedServer.Talking state)
        {
            BeginMessage();
            return new(state);
        }

        protected override async ValueTask<SimulatedServer.Talking.Answer> OnParcelAsync(Parcel parcel, SimulatedServer.Talking state)
        {
            BeginMessage();
            server.Incoming.Receive(parcel.Number, parcel.Content.Span);
            await server.Endpoint.PauseAsync();
            return state;
        }

        protected override async IAsyncEnumerable<SimulatedServer.Talking.Answer> PushInTalkingAsync(
            SessionInfo session, [EnumeratorCancellation] CancellationToken left)
        {
            while (_next < server.Plan.Sends.Length && _next != server.Plan.StopsSendingAfter)
            {
                await server.Endpoint.PauseAsync();
                if (left.IsCancellationRequested)
                    yield break;
                var send = server.Outgoing.BeginSend(NextSize());
                yield return new Parcel(send.Number, ContentOf(send));
                send.Status = SendStatus.Accepted;
            }
            if (server.Plan.StopsSendingAfter is null)
                yield return new Goodbye();
        }

        protected override ValueTask<SimulatedServer.ClientLeft.Answer> OnGoodbyeAsync(Goodbye goodbye, SimulatedServer.ClientLeft state)
        {
            BeginMessage();
            server.ReceiveGoodbye();
            return new(new Goodbye());
        }

        protected override async ValueTask OnParcelAsync(Parcel parcel, SimulatedServer.ServerLeft state)
        {
            BeginMessage();
            server.Incoming.Receive(parcel.Number, parcel.Content.Span);
            await server.Endpoint.PauseAsync();
        }

        protected override ValueTask OnGoodbyeAsync(Goodbye goodbye, SimulatedServer.Closed state)
        {
            BeginMessage();
            server.ReceiveGoodbye();
            return default;
        }

        private static ReadOnlyMemory<byte> ContentOf(Send send) => Content.Of(Role.Server, send.Number, send.Size);

        private int NextSize() => _next < server.Plan.Sends.Length ? server.Plan.Sends[_next++] : 0;

        private void BeginMessage()
        {
            Accept();
            if (_received++ == server.Plan.HandlerThrowsAt)
                throw server.Plan.HandlerThrowsOtherFailure ? ApplicationErrors.OtherFailure : new ApplicationException();
        }
    }
}
