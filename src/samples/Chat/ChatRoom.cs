using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using SecureChannel;
using SecureChannel.CodeAnalysis;
using SecureChannel.Protocols;

namespace Samples.Chatting;

/// <summary>The server role: a room that sends each member's lines to all other members. Thread-safe.</summary>
public sealed class ChatRoom
{
    /// <summary>The number of lines that are queued for a slow member. Beyond that, the member loses the oldest.</summary>
    private const int QueueCapacity = 1000;

    private readonly Lock _joinLock = new();
    private readonly ConcurrentDictionary<Member, bool> _members = new();
    private volatile bool _isClosed;

    /// <summary>Gets the number of members in the room.</summary>
    public int MemberCount => _members.Count;

    /// <summary>Serves one member until both sides have left.</summary>
    /// <param name="channel">The channel to the member. The caller disposes it.</param>
    /// <param name="cancellationToken">A token that ends the session without Goodbye.</param>
    /// <exception cref="SessionException">The member violated the protocol, or the session failed.</exception>
    public async Task ServeAsync([InState(SessionState.Established), Consumes] MessageChannel channel, CancellationToken cancellationToken = default)
    {
        var member = new Member(this);
        try
        {
            await member.RunAsync(channel, cancellationToken);
        }
        finally
        {
            Remove(member);
        }
    }

    /// <summary>Sends Goodbye to every member. A member that joins later receives it at once.</summary>
    public void Close()
    {
        _isClosed = true;
        foreach (var member in _members.Keys)
            member.CompleteQueue();
    }

    private void Add(Member member)
    {
        // One at a time, so that a member does not receive news of those who joined before it.
        lock (_joinLock)
        {
            _members[member] = true;
            Broadcast(member, "has joined");
        }

        if (_isClosed)
            member.CompleteQueue();
    }

    private void Remove(Member member)
    {
        if (_members.TryRemove(member, out _))
            Broadcast(member, "has left");
    }

    private void Broadcast(Member sender, string text)
    {
        foreach (var member in _members.Keys)
        {
            if (member != sender)
                member.Enqueue(new Said(sender.Name, text));
        }
    }

    /// <summary>The session of one member.</summary>
    private sealed class Member(ChatRoom room) : ChatServer.Handler
    {
        private readonly Channel<Said> _queue = Channel.CreateBounded<Said>(
            new BoundedChannelOptions(QueueCapacity) { FullMode = BoundedChannelFullMode.DropOldest });

        public string Name { get; private set; } = "";

        public void Enqueue(Said said) => _queue.Writer.TryWrite(said);

        public void CompleteQueue() => _queue.Writer.TryComplete();

        protected override ValueTask<ChatServer.Talking.Answer> OnJoinAsync(Join join, ChatServer.Talking state)
        {
            Name = join.Name;
            room.Add(this);
            return new(state);
        }

        protected override ValueTask<ChatServer.Talking.Answer> OnSayAsync(Say say, ChatServer.Talking state)
        {
            room.Broadcast(this, say.Text);
            return new(state);
        }

        /// <summary>Sends the lines of others until the room closes or the member leaves.</summary>
        protected override async IAsyncEnumerable<ChatServer.Talking.Answer> PushInTalkingAsync(
            SessionInfo session, [EnumeratorCancellation] CancellationToken left)
        {
            await foreach (var said in _queue.Reader.ReadAllAsync(left))
                yield return said;
            yield return new Goodbye();
        }

        // The room has sent Goodbye, but the member's last lines still count.
        protected override ValueTask OnSayAsync(Say say, ChatServer.ServerLeft state)
        {
            room.Broadcast(this, say.Text);
            return ValueTask.CompletedTask;
        }

        protected override async ValueTask<ChatServer.ClientLeft.Answer> OnGoodbyeAsync(Goodbye goodbye, ChatServer.ClientLeft state)
        {
            room.Remove(this);
            while (_queue.Reader.TryRead(out var said))
                await state.SendAsync(said, state.CancellationToken);
            return new Goodbye();
        }

        protected override ValueTask OnGoodbyeAsync(Goodbye goodbye, ChatServer.Closed state) => ValueTask.CompletedTask;
    }
}
