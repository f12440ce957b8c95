namespace SecureChannel.Tests.Protocols;

[Message(1)] public sealed partial record Join(string Name);
[Message(2)] public sealed partial record Say(string Text);
[Message(3)] public readonly partial record struct Leave;

/// <summary>A protocol in which both roles may send at any time, and either may leave.</summary>
[Protocol("chat/1")]
internal enum Chat
{
    [Client<Join>(Talking)]
    Start,

    [Client<Say>(Talking)]
    [Server<Say>(Talking)]
    [Client<Leave>(ClientLeft)]
    [Server<Leave>(ServerLeft)]
    Talking,

    [Server<Say>(ClientLeft)]
    [Server<Leave>(Closed)]
    ClientLeft,

    [Client<Say>(ServerLeft)]
    [Client<Leave>(Closed)]
    ServerLeft,

    [Final]
    Closed,
}
