namespace SecureChannel.Benchmarks.Channel;

/// <summary>Connections without security: the cost of the transport and of the benchmark itself.</summary>
internal sealed class PlainContender() : ChannelContender("plain")
{
    public override Task<ChannelPair> ConnectAsync(Stream client, Stream server, bool carriesMessages) =>
        Task.FromResult<ChannelPair>(new StreamPair(client, server));
}
