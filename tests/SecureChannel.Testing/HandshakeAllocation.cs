using System.Buffers;
using SecureChannel.Handshakes;

namespace SecureChannel.Testing;

/// <summary>Measures the managed allocations of a handshake, without those of the transport.</summary>
public static class HandshakeAllocation
{
    private const int Handshakes = 20;

    /// <summary>Measures the bytes that both endpoints allocate for a handshake: engines, state machines, messages and keys, including disposal.</summary>
    public static long OfBothEnds(HandshakeProtocol protocol, ClientHandshakeParameters client, ServerHandshakeParameters server)
    {
        var (fromClient, fromServer) = (new ArrayBufferWriter<byte>(1 << 14), new ArrayBufferWriter<byte>(1 << 14));
        var input = new byte[1 << 14];
        var isEstablished = true;
        var bytes = Allocation.Of(() =>
        {
            for (var i = 0; i < Handshakes; i++)
                isEstablished &= Run();
        });
        return isEstablished ? bytes / Handshakes : throw new InvalidOperationException("A handshake failed.");

        bool Run()
        {
            fromClient.ResetWrittenCount();
            fromServer.ResetWrittenCount();
            using var near = new ChannelEngine(protocol.CreateClient(client), protocol.Records, EnginePair.HandshakeTimeout);
            using var far = new ChannelEngine(protocol.CreateServer(server), protocol.Records, EnginePair.HandshakeTimeout);
            near.Start(TimeSpan.Zero, fromClient);
            far.Start(TimeSpan.Zero, fromServer);
            while (fromClient.WrittenCount + fromServer.WrittenCount > 0)
            {
                Deliver(fromClient, far, fromServer);
                Deliver(fromServer, near, fromClient);
            }

            return near.Status == EngineStatus.Established && far.Status == EngineStatus.Established;
        }

        void Deliver(ArrayBufferWriter<byte> from, ChannelEngine to, ArrayBufferWriter<byte> answer)
        {
            from.WrittenSpan.CopyTo(input);
            var unread = input.AsSpan(0, from.WrittenCount);
            from.ResetWrittenCount();
            while (to.Status != EngineStatus.Closed)
            {
                if (to.Pending is { } operation)
                {
                    var running = operation.RunAsync(CancellationToken.None);
                    if (!running.IsCompletedSuccessfully)
                        throw new InvalidOperationException("A pending operation of the handshake did not complete synchronously.");
                    to.Resume(TimeSpan.Zero, answer);
                    continue;
                }

                var consumed = to.Read(unread, TimeSpan.Zero, answer).Consumed;
                unread = unread[consumed..];
                if (consumed == 0 && to.Pending is null)
                    return;
            }
        }
    }
}
