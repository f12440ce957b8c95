using SecureChannel;

namespace Samples.Chatting;

/// <summary>Somebody comes in.</summary>
[Message(1)]
public readonly partial record struct Join([property: ByteLength(1, 40)] string Name);

/// <summary>What a member says.</summary>
[Message(2)]
public readonly partial record struct Say([property: ByteLength(1, 2000)] string Text);

/// <summary>What another member has said, or done.</summary>
[Message(3)]
public readonly partial record struct Said([property: ByteLength(1, 40)] string Name, [property: ByteLength(1, 2000)] string Text);

/// <summary>Whoever sends it says nothing more.</summary>
[Message(4)]
public readonly partial record struct Goodbye;

/// <summary>Both sides talk when they like, and either side may leave first, or both at once: nothing that was said before is lost.</summary>
[Protocol("chat/1")]
public enum Chat
{
    /// <summary>The member says who it is.</summary>
    [Client<Join>(Talking)]
    Start,

    /// <summary>Both sides talk.</summary>
    [Client<Say>(Talking)]
    [Server<Said>(Talking)]
    [Client<Goodbye>(ClientLeft)]
    [Server<Goodbye>(ServerLeft)]
    Talking,

    /// <summary>The member has left; the room still tells what was on its way.</summary>
    [Server<Said>(ClientLeft)]
    [Server<Goodbye>(Closed)]
    ClientLeft,

    /// <summary>The room has closed; the member's last words are on their way.</summary>
    [Client<Say>(ServerLeft)]
    [Client<Goodbye>(Closed)]
    ServerLeft,

    /// <summary>Both have left.</summary>
    [Final]
    Closed,
}
