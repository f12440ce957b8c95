using SecureChannel.Testing;

namespace SecureChannel.Tests.Protocols;

/// <summary>The allocations of a transition, besides its message: one if several replies are possible, otherwise none.</summary>
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
    public void A_transition_with_several_possible_replies_allocates_only_the_reply()
    {
        var channel = new ScriptedChannel();
        var telling = Done(RelayClient.Begin(channel).SendAsync(new Ask(1)));
        var one = Measure(() => GC.KeepAlive(new RelayClient.Telling.Part(default, default)));

        var allocated = Measure(() => telling = ((RelayClient.Telling.Part)channel.Answer(telling.ReceiveAsync(), new Part(1, IsLast: false))).Next);

        Assert.Equal(one, allocated);
    }

    [Fact]
    public void A_send_of_a_self_transition_and_a_send_of_a_lane_allocate_nothing()
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

    /// <summary>Measures the bytes that one round allocates, after the same number of warm-up rounds.</summary>
    private static long Measure(Action round)
    {
        for (var count = 0; count < Rounds; count++)
            round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var count = 0; count < Rounds; count++)
            round();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
    }
}
