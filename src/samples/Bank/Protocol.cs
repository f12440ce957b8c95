using SecureChannel;

namespace Samples.Banking;

/// <summary>Who the customer claims to be.</summary>
[Message(1)]
public readonly partial record struct Login([property: ByteLength(1, 64)] string User, [property: ByteLength(1, 255)] string Token);

/// <summary>The bank knows the customer.</summary>
[Message(2)]
public readonly partial record struct LoginAccepted(ulong Account);

/// <summary>The bank does not.</summary>
[Message(3)]
public readonly partial record struct LoginRejected([property: ByteLength(0, 200)] string Reason);

/// <summary>How much is there?</summary>
[Message(4)]
public readonly partial record struct BalanceQuery(ulong Account);

/// <summary>So much, at that time.</summary>
[Message(5)]
public readonly partial record struct Balance(long Cents, DateTimeOffset At);

/// <summary>The customer leaves.</summary>
[Message(6)]
public readonly partial record struct Goodbye;

/// <summary>A customer logs in, asks for balances, and says goodbye.</summary>
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
