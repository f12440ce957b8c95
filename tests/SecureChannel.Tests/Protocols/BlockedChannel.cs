using SecureChannel.Protocols;

namespace SecureChannel.Tests.Protocols;

/// <summary>A channel whose sends can be blocked, as by a peer that does not read. Blocked messages are dropped when unblocked.</summary>
internal sealed class BlockedChannel(InMemoryChannel channel) : MessageChannel
{
    private TaskCompletionSource? _blocked;

    public override Role Role => channel.Role;

    public override string? ApplicationProtocol => channel.ApplicationProtocol;

    public override SessionEnd? End => channel.End;

    public override Task<SessionEnd> Completion => channel.Completion;

    public void Block() => _blocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Unblock()
    {
        _blocked?.SetResult();
        _blocked = null;
    }

    public override ValueTask SendAsync<TMessage>(scoped in TMessage message, CancellationToken cancellationToken = default) =>
        _blocked is { } blocked ? new(blocked.Task.WaitAsync(cancellationToken)) : channel.SendAsync(message, cancellationToken);

    public override ValueTask FlushAsync(CancellationToken cancellationToken = default) => channel.FlushAsync(cancellationToken);

    public override ValueTask<ReceivedMessage?> ReceiveAsync(CancellationToken cancellationToken = default) => channel.ReceiveAsync(cancellationToken);

    public override ValueTask CloseAsync(CancellationToken cancellationToken = default) => channel.CloseAsync(cancellationToken);

    public override ValueTask AbortAsync(SessionError error) => channel.AbortAsync(error);

    public override async ValueTask DisposeAsync()
    {
        // The protocol began on this channel, so only this channel knows that it is complete.
        if (IsProtocolComplete && End is null)
            await CloseAsync();
        await channel.DisposeAsync();
    }
}
