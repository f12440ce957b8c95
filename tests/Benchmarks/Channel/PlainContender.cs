namespace SecureChannel.Benchmarks.Channel;

/// <summary>No security: what the transport and the loops themselves cost.</summary>
internal sealed class PlainContender() : ChannelContender("plain")
{
    public override Task<ChannelPair> ConnectAsync(Stream client, Stream server, bool carriesMessages) =>
        Task.FromResult<ChannelPair>(new StreamPair(client, server));
}
