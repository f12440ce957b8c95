using System.Buffers;
using System.Threading.Tasks.Sources;
using SecureChannel.Messages;
using SecureChannel.Protocols;

namespace SecureChannel.Tests.Protocols;

/// <summary>What a transition costs beside its message: one allocation where several replies are possible, else none.</summary>
public sealed class ProtocolAllocationTests
{
    private const int Rounds = 1000;

    private static readonly Balance SomeBalance = new(7, BankService.Now);

    [Fact]
    public void A_transition_with_one_possible_reply_allocates_nothing()
    {
        var channel = new ScriptedChannel();
        var ready = Login(channel);

        var allocated = Measure(() =>
        {
            var answering = Done(ready.SendAsync(new BalanceQuery(1)));
            (_, ready) = channel.Answer(answering.ReceiveAsync(), SomeBalance);
        });

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void A_transition_with_several_possible_replies_allocates_the_reply_alone()
    {
        var channel = new ScriptedChannel();
        var telling = Done(RelayClient.Begin(channel).SendAsync(new Ask(1)));
        var one = Measure(() => GC.KeepAlive(new RelayClient.Telling.Part(default, default)));

        var allocated = Measure(() => telling = ((RelayClient.Telling.Part)channel.Answer(telling.ReceiveAsync(), new Part(1, IsLast: false))).Next);

        Assert.Equal(one, allocated);
    }

    [Fact]
    public void A_send_that_stays_in_its_state_and_a_send_of_a_lane_allocate_nothing()
    {
        var talking = Done(ChatClient.Begin(new ScriptedChannel()).SendAsync(new Join("ann")));
        var say = new Say("hello");

        Assert.Equal(0, Measure(() => Done(talking.SendAsync(say))));
        var (sending, _) = talking.Split();
        Assert.Equal(0, Measure(() => Done(sending.SendAsync(say))));
    }

    private static BankClient.Ready Login(ScriptedChannel channel)
    {
        var authenticating = Done(BankClient.Begin(channel).SendAsync(new Login("ann", "secret")));
        return ((BankClient.Authenticating.LoginAccepted)channel.Answer(authenticating.ReceiveAsync(), new LoginAccepted(1))).Next;
    }

    private static T Done<T>(ValueTask<T> task) => task.GetAwaiter().GetResult();

    private static void Done(ValueTask task) => task.GetAwaiter().GetResult();

    /// <summary>The bytes that one round allocates, after as many rounds for warming up.</summary>
    private static long Measure(Action round)
    {
        for (var count = 0; count < Rounds; count++)
            round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var count = 0; count < Rounds; count++)
            round();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
    }

    /// <summary>A channel that takes what is sent, and gives what the test answers, once it is waited for.</summary>
    private sealed class ScriptedChannel : MessageChannel, IValueTaskSource<ReceivedMessage?>
    {
        private readonly byte[] _body = new byte[256];
        private readonly ArrayBufferWriter<byte> _sent = new(1024);
        private ManualResetValueTaskSourceCore<ReceivedMessage?> _waiting;

        public override string? ApplicationProtocol => null;

        public override SessionEnd? End => null;

        /// <summary>Answers a receive that is under way.</summary>
        public TReply Answer<TReply, TMessage>(ValueTask<TReply> receiving, TMessage message)
            where TMessage : ICodedMessage<TMessage>
        {
            var size = Wire.GetSize(message);
            Wire.Write(_body.AsSpan(0, size), message);
            _waiting.SetResult(new ReceivedMessage(TMessage.Code, _body.AsMemory(0, size)));
            return receiving.GetAwaiter().GetResult();
        }

        public override ValueTask SendAsync<TMessage>(scoped in TMessage message, CancellationToken cancellationToken = default)
        {
            _sent.ResetWrittenCount();
            MessageFraming.Write(_sent, message, ProtocolVersion);
            return default;
        }

        public override ValueTask<ReceivedMessage?> ReceiveAsync(CancellationToken cancellationToken = default)
        {
            _waiting.Reset();
            return new ValueTask<ReceivedMessage?>(this, _waiting.Version);
        }

        public override ValueTask FlushAsync(CancellationToken cancellationToken = default) => default;

        public override ValueTask CloseAsync(CancellationToken cancellationToken = default) => default;

        public override ValueTask AbortAsync(SessionError error) => default;

        public override ValueTask DisposeAsync() => default;

        ReceivedMessage? IValueTaskSource<ReceivedMessage?>.GetResult(short token) => _waiting.GetResult(token);

        ValueTaskSourceStatus IValueTaskSource<ReceivedMessage?>.GetStatus(short token) => _waiting.GetStatus(token);

        void IValueTaskSource<ReceivedMessage?>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _waiting.OnCompleted(continuation, state, token, flags);
    }
}
