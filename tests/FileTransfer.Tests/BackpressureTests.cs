using Samples.Files;
using SecureChannel.Testing;

namespace FileTransfer.Tests;

/// <summary>The sender waits for the receiver: the buffers of session and transport limit the bytes in transit, no matter how large the file is.</summary>
public sealed class BackpressureTests : IDisposable
{
    private readonly TestFolders _folders = new();

    public void Dispose() => _folders.Dispose();

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task Upload_pauses_while_the_server_does_not_receive(string security, TransportKind transport)
    {
        var (size, bound) = GetSizes(transport);
        await using var sessions = await BreakableSession.EstablishAsync(security, transport);
        var counting = new CountingChannel(sessions.Client);
        var uploading = FileClient.UploadAsync(FileTransferClient.Begin(counting), TestFolders.CreateFile(_folders.Client, size)).AsTask();
        var (_, offered) = Assert.IsType<FileTransferServer.Ready.UploadRequest>(await FileTransferServer.Begin(sessions.Server).ReceiveAsync());
        var receiving = await offered.SendAsync(new UploadAccepted(0));

        await AssertPausedAsync(counting, uploading, bound);

        var received = 0L;
        while (await receiving.ReceiveAsync().AsTask().WaitAsync(SessionPair.Patience) is var reply)
        {
            if (reply is not FileTransferServer.Uploading.Chunk(var chunk, var next))
            {
                var (_, verifying) = Assert.IsType<FileTransferServer.Uploading.Complete>(reply);
                await verifying.SendAsync(new Stored());
                break;
            }

            received += chunk.Bytes.Length;
            receiving = next;
            // A chunk can be received before the send of its sender completes.
            Assert.InRange(counting.Sent - received, -2 * Chunk.MaxSize, bound);
        }

        Assert.Equal(size, received);
        Assert.Equal(TransferOutcome.Completed, (await uploading).Result.Outcome);
    }

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task Download_pauses_while_the_client_does_not_receive(string security, TransportKind transport)
    {
        var (size, bound) = GetSizes(transport);
        TestFolders.CreateFile(_folders.Server, size);
        await using var sessions = await BreakableSession.EstablishAsync(security, transport);
        var counting = new CountingChannel(sessions.Server);
        var serving = _folders.ServeAsync(counting);
        var (_, downloading) = Assert.IsType<FileTransferClient.DownloadOffered.DownloadAccepted>(
            await FileTransferClient.Begin(sessions.Client).SendAsync(new DownloadRequest("file.bin", 0)).ReceiveAsync());

        await AssertPausedAsync(counting, serving, bound);

        var received = 0L;
        while (await downloading.ReceiveAsync().AsTask().WaitAsync(SessionPair.Patience) is var reply)
        {
            if (reply is not FileTransferClient.Downloading.Chunk(var chunk, var next))
            {
                var (_, downloaded) = Assert.IsType<FileTransferClient.Downloading.Complete>(reply);
                var ready = await downloaded.SendAsync(new Acknowledge());
                await ready.SendAsync(new Goodbye());
                break;
            }

            received += chunk.Bytes.Length;
            downloading = next;
            // A chunk can be received before the send of its sender completes.
            Assert.InRange(counting.Sent - received, -2 * Chunk.MaxSize, bound);
        }

        Assert.Equal(size, received);
        await serving.WaitAsync(SessionPair.Patience);
    }

    /// <summary>Gets the size of the file and the maximum number of bytes in transit: a connection in memory holds 1 MiB, and sockets hold more.</summary>
    private static (int Size, int Bound) GetSizes(TransportKind transport) =>
        transport == TransportKind.Socket ? (24_000_000, 12_000_000) : (4_000_000, 2_000_000);

    // A sender that does not pause has sent the whole file by then, or fails the later check of the bytes in transit.
    private static async Task AssertPausedAsync(CountingChannel sender, Task transfer, int bound)
    {
        for (var (sent, same) = (0L, 0); sent == 0 || same < 1000; same++)
        {
            if (sender.Sent != sent)
                (sent, same) = (sender.Sent, 0);
            await Task.Yield();
        }

        Assert.False(transfer.IsCompleted);
        Assert.InRange(sender.Sent, 1, bound);
    }
}
