using SecureChannel.Protocols;

namespace SecureChannel.Tests.Protocols;

/// <summary>An end of a channel whose sends can be held back, as a peer does that does not read. What was held is let go, not sent.</summary>
internal sealed class HeldChannel(InMemoryChannel channel) : MessageChannel
{
    private TaskCompletionSource? _held;

    public override string? ApplicationProtocol => channel.ApplicationProtocol;

    public override SessionEnd? End => channel.End;

    public void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release()
    {
        _held?.SetResult();
        _held = null;
    }

    public override ValueTask SendAsync<TMessage>(scoped in TMessage message, CancellationToken cancellationToken = default) =>
        _held is { } held ? new(held.Task.WaitAsync(cancellationToken)) : channel.SendAsync(message, cancellationToken);

    public override ValueTask FlushAsync(CancellationToken cancellationToken = default) => channel.FlushAsync(cancellationToken);

    public override ValueTask<ReceivedMessage?> ReceiveAsync(CancellationToken cancellationToken = default) => channel.ReceiveAsync(cancellationToken);

    public override ValueTask CloseAsync(CancellationToken cancellationToken = default) => channel.CloseAsync(cancellationToken);

    public override ValueTask AbortAsync(SessionError error) => channel.AbortAsync(error);

    public override ValueTask DisposeAsync() => channel.DisposeAsync();
}
