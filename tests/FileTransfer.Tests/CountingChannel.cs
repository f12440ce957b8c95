using SecureChannel;
using SecureChannel.Protocols;

namespace FileTransfer.Tests;

/// <summary>An end of a session that counts the bytes whose sending has succeeded: what its sender believes to be on its way or there.</summary>
internal sealed class CountingChannel(MessageChannel channel) : MessageChannel
{
    private long _sent;

    public long Sent => Volatile.Read(ref _sent);

    public override string? ApplicationProtocol => channel.ApplicationProtocol;

    public override SessionEnd? End => channel.End;

    public override async ValueTask DisposeAsync() => await channel.DisposeAsync();

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
