namespace SecureChannel.Tests.Protocols;

[Message(1)] public readonly partial record struct Watch;
[Message(2)] public readonly partial record struct Tick(int Number);
[Message(3)] public readonly partial record struct Unwatch;

/// <summary>A protocol in which the server sends ticks until the client stops watching. The state allows ticks at any time.</summary>
[Protocol("feed/1")]
internal enum Feed
{
    [Client<Watch>(Watching)]
    Start,

    [Anytime<Tick>(Role.Server)]
    [Client<Unwatch>(Left)]
    Watching,

    [Final]
    Left,
}

/// <summary>The same protocol, in which the enum allows ticks at any time.</summary>
[Protocol("feed-of-any-state/1")]
[Anytime<Tick>(Role.Server)]
internal enum FeedOfAnyState
{
    [Client<Watch>(Watching)]
    Start,

    [Client<Unwatch>(Left)]
    Watching,

    [Final]
    Left,
}
