using System.Security.Cryptography;
using Samples.Files;
using SecureChannel.Protocols;

namespace FileTransfer.Tests;

/// <summary>The client role, against a fake server.</summary>
public sealed class FileClientTests : IDisposable
{
    private readonly Folders _folders = new();
    private readonly InMemoryChannel _client;
    private readonly InMemoryChannel _server;

    public FileClientTests() => (_client, _server) = InMemoryChannel.CreatePair(FileTransferClient.Name);

    public void Dispose() => _folders.Dispose();

    [Fact]
    public async Task A_server_that_fails_stops_the_upload_and_leaves_the_session_usable()
    {
        var path = Folders.Make(_folders.Here, 100 * Chunk.MaxSize);
        var uploading = Uploads.UploadAsync(FileTransferClient.Begin(_client), path).AsTask();
        var (_, offered) = Assert.IsType<FileTransferServer.Ready.UploadRequest>(await FileTransferServer.Begin(_server).ReceiveAsync());
        var accepted = await offered.SendAsync(new UploadAccepted(0));
        var (_, taking) = Assert.IsType<FileTransferServer.Uploading.Chunk>(await accepted.ReceiveAsync());
        var failed = await taking.SendAsync(new Failed("the disk is full"));
        FileTransferServer.Ready ready;
        while (true)
        {
            var reply = await failed.ReceiveAsync();
            if (reply is FileTransferServer.UploadFailed.Chunk(_, var next))
            {
                failed = next;
                continue;
            }

            ready = reply switch
            {
                FileTransferServer.UploadFailed.Cancel(_, var after) => after,
                FileTransferServer.UploadFailed.Complete(_, var after) => after,
                _ => throw new InvalidOperationException("That is no reply."),
            };
            break;
        }

        var (transfer, again) = await uploading;
        Assert.Equal((TransferOutcome.Refused, "the disk is full"), (transfer.Outcome, transfer.Reason));
        await again.SendAsync(new Goodbye());
        Assert.IsType<FileTransferServer.Ready.Goodbye>(await ready.ReceiveAsync());
    }

    [Fact]
    public async Task An_offset_beyond_the_file_ends_the_upload()
    {
        var uploading = Uploads.UploadAsync(FileTransferClient.Begin(_client), Folders.Make(_folders.Here, 10)).AsTask();
        var (_, offered) = Assert.IsType<FileTransferServer.Ready.UploadRequest>(await FileTransferServer.Begin(_server).ReceiveAsync());
        var accepted = await offered.SendAsync(new UploadAccepted(11));
        var (_, cancelled) = Assert.IsType<FileTransferServer.Uploading.Cancel>(await accepted.ReceiveAsync());
        await cancelled.SendAsync(new Cancelled());
        Assert.Equal(TransferOutcome.Cancelled, (await uploading).Transfer.Outcome);
    }

    [Fact]
    public async Task A_wrong_digest_leaves_no_file_behind()
    {
        var path = Path.Combine(_folders.Here, "wanted");
        var downloading = Downloads.DownloadAsync(FileTransferClient.Begin(_client), "wanted", path).AsTask();
        var sending = await OfferAsync(3);
        await sending.SendAsync(new Chunk(new byte[] { 1, 2, 3 }));
        var (_, ready) = Assert.IsType<FileTransferServer.Downloaded.Acknowledge>(await (await sending.SendAsync(new Complete(SHA256.HashData([1, 2])))).ReceiveAsync());

        var (transfer, again) = await downloading;
        Assert.Equal((TransferOutcome.Refused, "the digest is wrong: fetch the file again"), (transfer.Outcome, transfer.Reason));
        Assert.Empty(Directory.GetFiles(_folders.Here));
        await again.SendAsync(new Goodbye());
        Assert.IsType<FileTransferServer.Ready.Goodbye>(await ready.ReceiveAsync());
    }

    [Fact]
    public async Task A_cancellation_that_crosses_the_end_keeps_what_came()
    {
        using var cancel = new CancellationTokenSource();
        var path = Path.Combine(_folders.Here, "wanted");
        var downloading = Downloads.DownloadAsync(FileTransferClient.Begin(_client), "wanted", path, _ => cancel.Cancel(), cancel.Token).AsTask();
        var sending = await OfferAsync(4);
        await sending.SendAsync(new Chunk(new byte[] { 1, 2 }));
        await sending.SendAsync(new Chunk(new byte[] { 3, 4 }));
        var downloaded = await sending.SendAsync(new Complete(SHA256.HashData([1, 2, 3, 4])));
        var (_, ready) = Assert.IsType<FileTransferServer.Downloaded.Cancel>(await downloaded.ReceiveAsync());

        var (transfer, again) = await downloading;
        Assert.Equal(new Transfer(TransferOutcome.Cancelled, 0, 4), transfer);
        Assert.Equal([1, 2, 3, 4], File.ReadAllBytes(path + PartialFile.Suffix));
        await again.SendAsync(new Goodbye());
        Assert.IsType<FileTransferServer.Ready.Goodbye>(await ready.ReceiveAsync());
    }

    [Fact]
    public async Task A_sender_is_never_further_ahead_than_the_transport_holds()
    {
        const int Size = 8_000_000;
        const int Room = 64 * 1024;
        await using var pair = await SecureChannel.Tests.Sessions.SessionPair.EstablishAsync("tls/1.3", capacity: Room);
        var (sent, ahead) = (0L, 0L);
        var uploading = Uploads.UploadAsync(FileTransferClient.Begin(pair.Client), Folders.Make(_folders.Here, Size), progress => Volatile.Write(ref sent, progress.Done)).AsTask();
        var (_, offered) = Assert.IsType<FileTransferServer.Ready.UploadRequest>(await FileTransferServer.Begin(pair.Server).ReceiveAsync());
        var taking = await offered.SendAsync(new UploadAccepted(0));
        var taken = 0L;
        while (true)
        {
            var reply = await taking.ReceiveAsync();
            ahead = Math.Max(ahead, Volatile.Read(ref sent) - taken);
            if (reply is not FileTransferServer.Uploading.Chunk(var chunk, var next))
            {
                var (_, verifying) = Assert.IsType<FileTransferServer.Uploading.Complete>(reply);
                await verifying.SendAsync(new Stored());
                break;
            }

            taken += chunk.Bytes.Length;
            taking = next;
            // Slower than the sender: all that it sends ahead is there.
            for (var turn = 0; turn < 50; turn++)
                await Task.Yield();
        }

        Assert.Equal(TransferOutcome.Complete, (await uploading).Transfer.Outcome);
        Assert.InRange(ahead, 1, Size / 8);
    }

    private async Task<FileTransferServer.Downloading> OfferAsync(ulong size)
    {
        var (_, offered) = Assert.IsType<FileTransferServer.Ready.DownloadRequest>(await FileTransferServer.Begin(_server).ReceiveAsync());
        return await offered.SendAsync(new DownloadAccepted(size, 0));
    }
}
