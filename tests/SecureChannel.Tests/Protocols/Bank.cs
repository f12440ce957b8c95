namespace SecureChannel.Tests.Protocols;

[Message(1)] public readonly partial record struct Login([property: ByteLength(1, 64)] string User, [property: ByteLength(1, 255)] string Token);
[Message(2)] public readonly partial record struct LoginAccepted(ulong Account);
[Message(3)] public readonly partial record struct LoginRejected([property: ByteLength(0, 200)] string Reason);
[Message(4)] public readonly partial record struct BalanceQuery(ulong Account);
[Message(5)] public readonly partial record struct Balance(long Cents, DateTimeOffset At);
[Message(6)] public readonly partial record struct Goodbye;

/// <summary>A protocol in which a customer logs in, queries balances, and says goodbye.</summary>
[Protocol("bank/1")]
public enum Bank
{
    [Client<Login>(Authenticating)]
    Start,

    [Server<LoginAccepted>(Ready)]
    [Server<LoginRejected>(Closed)]
    Authenticating,

    [Client<BalanceQuery>(Answering)]
    [Client<Goodbye>(Closed)]
    Ready,

    [Server<Balance>(Ready)]
    Answering,

    [Final]
    Closed,
}

internal class BankService : BankServer.Handler
{
    public static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public List<string> Handled { get; } = [];

    protected override async ValueTask<BankServer.Authenticating.Answer> OnLoginAsync(Login login, BankServer.Authenticating state)
    {
        await Task.Yield();
        Record("Login");
        return login.User == "ann" ? new LoginAccepted(7) : new LoginRejected("unknown user");
    }

    protected override async ValueTask<BankServer.Answering.Answer> OnBalanceQueryAsync(BalanceQuery balanceQuery, BankServer.Answering state)
    {
        await Task.Yield();
        Record("BalanceQuery");
        return new Balance((long)balanceQuery.Account * 100, Now);
    }

    protected override ValueTask OnGoodbyeAsync(Goodbye goodbye, BankServer.Closed state)
    {
        Record("Goodbye");
        return default;
    }

    // One handler can serve many channels at the same time.
    private void Record(string message)
    {
        lock (Handled)
            Handled.Add(message);
    }
}
