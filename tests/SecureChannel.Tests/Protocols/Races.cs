#pragma warning disable // these declarations are wrong on purpose: the rules would refuse them

namespace SecureChannel.Tests.Protocols;

[Message(1)] public readonly partial record struct Close;
[Message(2)] public readonly partial record struct CloseAccepted;
[Message(3)] public readonly partial record struct Cancel;
[Message(4)] public readonly partial record struct Cancelled;
[Message(5)] public readonly partial record struct Result;
[Message(6)] public readonly partial record struct Subscribe;
[Message(7)] public readonly partial record struct Subscribed;
[Message(8)] public readonly partial record struct Event;

/// <summary>Either side closes and waits for the other's consent: both may do so at once.</summary>
[Protocol("race-of-closes/1")]
internal enum BothClose
{
    [Client<Close>(ClientCloses)]
    [Server<Close>(ServerCloses)]
    Open,

    [Server<CloseAccepted>(End)]
    ClientCloses,

    [Client<CloseAccepted>(End)]
    ServerCloses,

    [Final]
    End,
}

/// <summary>A client cancels what has a result already.</summary>
[Protocol("race-of-a-cancel/1")]
internal enum CancelCrossesResult
{
    [Client<Cancel>(Cancelling)]
    [Server<Result>(End)]
    Working,

    [Server<Cancelled>(End)]
    Cancelling,

    [Final]
    End,
}

/// <summary>What may be sent at any time in one state arrives in another.</summary>
[Protocol("race-of-any-time/1")]
internal enum AnytimeCrossesSubscribe
{
    [Anytime<Event>(Role.Server)]
    [Client<Subscribe>(Subscribing)]
    Idle,

    [Server<Subscribed>(End)]
    Subscribing,

    [Final]
    End,
}

/// <summary>A client subscribes while an event is on its way.</summary>
[Protocol("race-of-a-subscription/1")]
internal enum SubscribeCrossesEvent
{
    [Client<Subscribe>(Subscribing)]
    [Server<Event>(Idle)]
    Idle,

    [Server<Subscribed>(Idle)]
    Subscribing,
}
