using SecureChannel;

namespace Samples.Chatting;

/// <summary>A request to join the room.</summary>
[Message(1)]
public readonly partial record struct Join([property: ByteLength(1, 40)] string Name);

/// <summary>A line from a member to the room.</summary>
[Message(2)]
public readonly partial record struct Say([property: ByteLength(1, 2000)] string Text);

/// <summary>A line from the room to a member: what another member said, or that it joined or left.</summary>
[Message(3)]
public readonly partial record struct Said([property: ByteLength(1, 40)] string Name, [property: ByteLength(1, 2000)] string Text);

/// <summary>The last message of its sender.</summary>
[Message(4)]
public readonly partial record struct Goodbye;

/// <summary>Both sides send at any time. Either side may leave first, or both at once, without losing a line that was already sent.</summary>
[Protocol("chat/1")]
public enum Chat
{
    /// <summary>The member joins.</summary>
    [Client<Join>(Talking)]
    Start,

    /// <summary>Both sides send lines.</summary>
    [Client<Say>(Talking)]
    [Server<Said>(Talking)]
    [Client<Goodbye>(ClientLeft)]
    [Server<Goodbye>(ServerLeft)]
    Talking,

    /// <summary>The member has left. The room sends the remaining lines.</summary>
    [Server<Said>(ClientLeft)]
    [Server<Goodbye>(Closed)]
    ClientLeft,

    /// <summary>The room has closed. The member's last lines may still arrive.</summary>
    [Client<Say>(ServerLeft)]
    [Client<Goodbye>(Closed)]
    ServerLeft,

    /// <summary>Both sides have left.</summary>
    [Final]
    Closed,
}
