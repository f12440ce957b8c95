using Samples.Files;
using SecureChannel.Tests.Sessions;

namespace FileTransfer.Tests;

/// <summary>A sender waits for its receiver: however large the file, what is on its way is bounded by what the session and the transport hold.</summary>
public sealed class BackPressureTests : IDisposable
{
    private readonly Folders _folders = new();

    public void Dispose() => _folders.Dispose();

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task An_upload_is_held_up_while_the_server_does_not_read_and_goes_on_when_it_does(string security, TransportKind transport)
    {
        var (size, bound) = SizesOf(transport);
        await using var link = await Link.ConnectAsync(security, transport);
        var counting = new CountingChannel(link.Client);
        var uploading = Uploads.UploadAsync(FileTransferClient.Begin(counting), Folders.Make(_folders.Here, size)).AsTask();
        var (_, offered) = Assert.IsType<FileTransferServer.Ready.UploadRequest>(await FileTransferServer.Begin(link.Server).ReceiveAsync());
        var taking = await offered.SendAsync(new UploadAccepted(0));

        await AssertHeldUpAsync(counting, uploading, bound);

        var taken = 0L;
        while (await taking.ReceiveAsync().AsTask().WaitAsync(SessionPair.Patience) is var reply)
        {
            if (reply is not FileTransferServer.Uploading.Chunk(var chunk, var next))
            {
                var (_, verifying) = Assert.IsType<FileTransferServer.Uploading.Complete>(reply);
                await verifying.SendAsync(new Stored());
                break;
            }

            taken += chunk.Bytes.Length;
            taking = next;
            // It may be taken before its sender knows that it was sent.
            Assert.InRange(counting.Sent - taken, -2 * Chunk.MaxSize, bound);
        }

        Assert.Equal(size, taken);
        Assert.Equal(TransferOutcome.Complete, (await uploading).Transfer.Outcome);
    }

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task A_download_is_held_up_while_the_client_does_not_read_and_goes_on_when_it_does(string security, TransportKind transport)
    {
        var (size, bound) = SizesOf(transport);
        Folders.Make(_folders.There, size);
        await using var link = await Link.ConnectAsync(security, transport);
        var counting = new CountingChannel(link.Server);
        var serving = _folders.ServeAsync(counting);
        var (_, downloading) = Assert.IsType<FileTransferClient.DownloadOffered.DownloadAccepted>(
            await FileTransferClient.Begin(link.Client).SendAsync(new DownloadRequest("file.bin", 0)).ReceiveAsync());

        await AssertHeldUpAsync(counting, serving, bound);

        var taken = 0L;
        while (await downloading.ReceiveAsync().AsTask().WaitAsync(SessionPair.Patience) is var reply)
        {
            if (reply is not FileTransferClient.Downloading.Chunk(var chunk, var next))
            {
                var (_, downloaded) = Assert.IsType<FileTransferClient.Downloading.Complete>(reply);
                var ready = await downloaded.SendAsync(new Acknowledge());
                await ready.SendAsync(new Goodbye());
                break;
            }

            taken += chunk.Bytes.Length;
            downloading = next;
            // It may be taken before its sender knows that it was sent.
            Assert.InRange(counting.Sent - taken, -2 * Chunk.MaxSize, bound);
        }

        Assert.Equal(size, taken);
        await serving.WaitAsync(SessionPair.Patience);
    }

    /// <summary>The size of the file, and what is on its way at most: a wire within the process holds 1 MiB, the system's sockets some more.</summary>
    private static (int Size, int Bound) SizesOf(TransportKind transport) => transport == TransportKind.Socket ? (24_000_000, 12_000_000) : (4_000_000, 2_000_000);

    // Whoever is not held up has sent all by then, or will be seen to have sent too much later on.
    private static async Task AssertHeldUpAsync(CountingChannel sender, Task transfer, int bound)
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
