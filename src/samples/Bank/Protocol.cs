using SecureChannel;

namespace Samples.Banking;

/// <summary>A request to log in.</summary>
[Message(1)]
public readonly partial record struct Login([property: ByteLength(1, 64)] string User, [property: ByteLength(1, 255)] string Token);

/// <summary>The answer to a successful login.</summary>
[Message(2)]
public readonly partial record struct LoginAccepted(ulong Account);

/// <summary>The answer to a failed login.</summary>
[Message(3)]
public readonly partial record struct LoginRejected([property: ByteLength(0, 200)] string Reason);

/// <summary>A request for the balance of an account.</summary>
[Message(4)]
public readonly partial record struct BalanceQuery(ulong Account);

/// <summary>The balance of an account at a point in time.</summary>
[Message(5)]
public readonly partial record struct Balance(long Cents, DateTimeOffset At);

/// <summary>The customer's last message.</summary>
[Message(6)]
public readonly partial record struct Goodbye;

/// <summary>A customer logs in, asks for balances and says goodbye.</summary>
[Protocol("bank/1")]
public enum Bank
{
    /// <summary>The customer logs in.</summary>
    [Client<Login>(Authenticating)]
    Start,

    /// <summary>The bank checks the login.</summary>
    [Server<LoginAccepted>(Ready)]
    [Server<LoginRejected>(Closed)]
    Authenticating,

    /// <summary>The customer asks for a balance or leaves.</summary>
    [Client<BalanceQuery>(Answering)]
    [Client<Goodbye>(Closed)]
    Ready,

    /// <summary>The bank answers the query.</summary>
    [Server<Balance>(Ready)]
    Answering,

    /// <summary>The protocol has ended.</summary>
    [Final]
    Closed,
}
