using SecureChannel;
using SecureChannel.Protocols;

namespace FileTransfer.Tests;

/// <summary>A channel that counts the bytes of completed sends.</summary>
internal sealed class CountingChannel(MessageChannel channel) : MessageChannel
{
    private long _sent;

    /// <summary>Gets the number of bytes that were sent.</summary>
    public long Sent => Volatile.Read(ref _sent);

    public override Role Role => channel.Role;

    public override string? ApplicationProtocol => channel.ApplicationProtocol;

    public override SessionEnd? End => channel.End;

    public override Task<SessionEnd> Completion => channel.Completion;

    public override async ValueTask DisposeAsync()
    {
        // The protocol began on this channel, so only this channel knows that it is complete.
        if (IsProtocolComplete && End is null)
            await CloseAsync();
        await channel.DisposeAsync();
    }

    public override ValueTask SendAsync<TMessage>(scoped in TMessage message, CancellationToken cancellationToken = default) =>
        CountAsync(channel.SendAsync(message, cancellationToken), TMessage.GetSize(message));

    public override ValueTask FlushAsync(CancellationToken cancellationToken = default) => channel.FlushAsync(cancellationToken);

    public override ValueTask<ReceivedMessage?> ReceiveAsync(CancellationToken cancellationToken = default) => channel.ReceiveAsync(cancellationToken);

    public override ValueTask CloseAsync(CancellationToken cancellationToken = default) => channel.CloseAsync(cancellationToken);

    public override ValueTask AbortAsync(SessionError error) => channel.AbortAsync(error);

    private async ValueTask CountAsync(ValueTask sending, int size)
    {
        await sending;
        Interlocked.Add(ref _sent, size);
    }
}
