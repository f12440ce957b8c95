#pragma warning disable // These declarations are intentionally wrong; the analyzers would report them.

namespace SecureChannel.Tests.Protocols;

[Message(1)] public readonly partial record struct Close;
[Message(2)] public readonly partial record struct CloseAccepted;
[Message(3)] public readonly partial record struct Cancel;
[Message(4)] public readonly partial record struct Cancelled;
[Message(5)] public readonly partial record struct Result;
[Message(6)] public readonly partial record struct Subscribe;
[Message(7)] public readonly partial record struct Subscribed;
[Message(8)] public readonly partial record struct Event;

/// <summary>A protocol in which either role closes and waits for an acknowledgment. Both may close at the same time.</summary>
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

/// <summary>A protocol in which a cancel may cross a result.</summary>
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

/// <summary>A protocol in which a message that one state allows at any time may be received in another.</summary>
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

/// <summary>A protocol in which a subscription may cross an event.</summary>
[Protocol("race-of-a-subscription/1")]
internal enum SubscribeCrossesEvent
{
    [Client<Subscribe>(Subscribing)]
    [Server<Event>(Idle)]
    Idle,

    [Server<Subscribed>(Idle)]
    Subscribing,
}
