using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using SecureChannel;
using SecureChannel.CodeAnalysis;
using SecureChannel.Protocols;

namespace Samples.Chatting;

/// <summary>The server role: a room in which every member hears what the others say. Thread-safe.</summary>
public sealed class ChatRoom
{
    /// <summary>How many messages wait for a member that listens slowly, before it misses the oldest.</summary>
    private const int MailboxSize = 1000;

    private readonly Lock _door = new();
    private readonly ConcurrentDictionary<Member, bool> _members = new();
    private volatile bool _isClosed;

    /// <summary>How many members are in the room.</summary>
    public int Members => _members.Count;

    /// <summary>Serves one member until both have left.</summary>
    /// <param name="channel">The member's channel; the caller owns it.</param>
    /// <param name="cancellationToken">Ends it without a goodbye.</param>
    /// <exception cref="SessionException">The member has not kept to the protocol, or its session has failed.</exception>
    public async Task ServeAsync([InState(SessionState.Established), Consumes] MessageChannel channel, CancellationToken cancellationToken = default)
    {
        var member = new Member(this);
        try
        {
            await member.RunAsync(channel, cancellationToken);
        }
        finally
        {
            Leave(member);
        }
    }

    /// <summary>Says goodbye to every member; whoever comes later hears it at once.</summary>
    public void Close()
    {
        _isClosed = true;
        foreach (var member in _members.Keys)
            member.Dismiss();
    }

    private void Enter(Member member)
    {
        // One at a time, so that who comes next does not hear of this one.
        lock (_door)
        {
            _members[member] = true;
            Tell(member, "has joined");
        }
        if (_isClosed)
            member.Dismiss();
    }

    private void Leave(Member member)
    {
        if (_members.TryRemove(member, out _))
            Tell(member, "has left");
    }

    private void Tell(Member speaker, string text)
    {
        foreach (var member in _members.Keys)
        {
            if (member != speaker)
                member.Hear(new Said(speaker.Name, text));
        }
    }

    /// <summary>One member's session.</summary>
    private sealed class Member(ChatRoom room) : ChatServer.Handler
    {
        private readonly Channel<Said> _mailbox = Channel.CreateBounded<Said>(new BoundedChannelOptions(MailboxSize) { FullMode = BoundedChannelFullMode.DropOldest });

        public string Name { get; private set; } = "";

        public void Hear(Said said) => _mailbox.Writer.TryWrite(said);

        public void Dismiss() => _mailbox.Writer.TryComplete();

        protected override ValueTask<ChatServer.Talking.Answer> OnJoinAsync(Join join, ChatServer.Talking state)
        {
            Name = join.Name;
            room.Enter(this);
            return new(state);
        }

        protected override ValueTask<ChatServer.Talking.Answer> OnSayAsync(Say say, ChatServer.Talking state)
        {
            room.Tell(this, say.Text);
            return new(state);
        }

        /// <summary>What the others say, until the room closes or the member leaves.</summary>
        protected override async IAsyncEnumerable<ChatServer.Talking.Answer> PushInTalkingAsync([EnumeratorCancellation] CancellationToken left)
        {
            await foreach (var said in _mailbox.Reader.ReadAllAsync(left))
                yield return said;
            yield return new Goodbye();
        }

        // The room has said goodbye, but the member's last words count.
        protected override ValueTask OnSayAsync(Say say, ChatServer.ServerLeft state)
        {
            room.Tell(this, say.Text);
            return ValueTask.CompletedTask;
        }

        protected override async ValueTask<ChatServer.ClientLeft.Answer> OnGoodbyeAsync(Goodbye goodbye, ChatServer.ClientLeft state)
        {
            room.Leave(this);
            while (_mailbox.Reader.TryRead(out var said))
                await state.SendAsync(said, state.CancellationToken);
            return new Goodbye();
        }

        protected override ValueTask OnGoodbyeAsync(Goodbye goodbye, ChatServer.Closed state) => ValueTask.CompletedTask;
    }
}
