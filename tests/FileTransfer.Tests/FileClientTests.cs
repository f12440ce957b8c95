using System.Security.Cryptography;
using Samples.Files;
using SecureChannel.Protocols;
using SecureChannel.Testing;

namespace FileTransfer.Tests;

/// <summary>The client role clientReadyst a fake server.</summary>
public sealed class FileClientTests : IDisposable
{
    private readonly TestFolders _folders = new();
    private readonly InMemoryChannel _client;
    private readonly InMemoryChannel _server;

    public FileClientTests() => (_client, _server) = InMemoryChannel.CreatePair(
        new InMemoryChannelOptions { ClientProtocols = [FileTransferClient.Name], ServerProtocols = [FileTransferServer.Name] });

    public void Dispose() => _folders.Dispose();

    [Fact]
    public async Task Upload_stops_when_the_server_fails_and_the_session_remains_usable()
    {
        var path = TestFolders.CreateFile(_folders.Client, 100 * Chunk.MaxSize);
        var uploading = FileClient.UploadAsync(FileTransferClient.Begin(_client), path).AsTask();
        var (_, offered) = Assert.IsType<FileTransferServer.Ready.UploadRequest>(await FileTransferServer.Begin(_server).ReceiveAsync());
        var accepted = await offered.SendAsync(new UploadAccepted(0));
        var (_, receiving) = Assert.IsType<FileTransferServer.Uploading.Chunk>(await accepted.ReceiveAsync());
        var failed = await receiving.SendAsync(new Failed("the disk is full"));
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
                _ => throw new InvalidOperationException("The reply is unexpected."),
            };
            break;
        }

        var (result, clientReady) = await uploading;
        Assert.Equal((TransferOutcome.Failed, "the disk is full"), (result.Outcome, result.Reason));
        await clientReady.SendAsync(new Goodbye());
        Assert.IsType<FileTransferServer.Ready.Goodbye>(await ready.ReceiveAsync());
    }

    [Fact]
    public async Task Upload_is_canceled_when_the_offset_is_beyond_the_end_of_the_file()
    {
        var uploading = FileClient.UploadAsync(FileTransferClient.Begin(_client), TestFolders.CreateFile(_folders.Client, 10)).AsTask();
        var (_, offered) = Assert.IsType<FileTransferServer.Ready.UploadRequest>(await FileTransferServer.Begin(_server).ReceiveAsync());
        var accepted = await offered.SendAsync(new UploadAccepted(11));
        var (_, cancelled) = Assert.IsType<FileTransferServer.Uploading.Cancel>(await accepted.ReceiveAsync());
        await cancelled.SendAsync(new Canceled());
        Assert.Equal(TransferOutcome.Canceled, (await uploading).Result.Outcome);
    }

    [Fact]
    public async Task Download_with_a_wrong_digest_leaves_no_file()
    {
        var path = Path.Combine(_folders.Client, "file");
        var downloading = FileClient.DownloadAsync(FileTransferClient.Begin(_client), "file", path).AsTask();
        var sending = await AcceptDownloadAsync(3);
        await sending.SendAsync(new Chunk(new byte[] { 1, 2, 3 }));
        var downloaded = await sending.SendAsync(new Complete(SHA256.HashData([1, 2])));
        var (_, ready) = Assert.IsType<FileTransferServer.Downloaded.Acknowledge>(await downloaded.ReceiveAsync());

        var (result, clientReady) = await downloading;
        Assert.Equal((TransferOutcome.Failed, "the digest is wrong; download the file again"), (result.Outcome, result.Reason));
        Assert.Empty(Directory.GetFiles(_folders.Client));
        await clientReady.SendAsync(new Goodbye());
        Assert.IsType<FileTransferServer.Ready.Goodbye>(await ready.ReceiveAsync());
    }

    [Fact]
    public async Task Cancellation_that_crosses_the_end_of_a_download_retains_the_received_bytes()
    {
        using var cancel = new CancellationTokenSource();
        var path = Path.Combine(_folders.Client, "file");
        var downloading = FileClient.DownloadAsync(FileTransferClient.Begin(_client), "file", path, _ => cancel.Cancel(), cancel.Token).AsTask();
        var sending = await AcceptDownloadAsync(4);
        await sending.SendAsync(new Chunk(new byte[] { 1, 2 }));
        await sending.SendAsync(new Chunk(new byte[] { 3, 4 }));
        var downloaded = await sending.SendAsync(new Complete(SHA256.HashData([1, 2, 3, 4])));
        var (_, ready) = Assert.IsType<FileTransferServer.Downloaded.Cancel>(await downloaded.ReceiveAsync());

        var (result, clientReady) = await downloading;
        Assert.Equal(new TransferResult(TransferOutcome.Canceled, 0, 4), result);
        Assert.Equal([1, 2, 3, 4], File.ReadAllBytes(path + PartialFile.Suffix));
        await clientReady.SendAsync(new Goodbye());
        Assert.IsType<FileTransferServer.Ready.Goodbye>(await ready.ReceiveAsync());
    }

    [Fact]
    public async Task Sender_is_ahead_of_the_receiver_by_at_most_the_buffers_of_the_transport()
    {
        const int Size = 8_000_000;
        const int Capacity = 64 * 1024;
        await using var pair = await SessionPair.EstablishAsync("tls/1.3", capacity: Capacity);
        var (sent, ahead) = (0L, 0L);
        var path = TestFolders.CreateFile(_folders.Client, Size);
        var uploading = FileClient.UploadAsync(FileTransferClient.Begin(pair.Client), path, progress => Volatile.Write(ref sent, progress.Done)).AsTask();
        var (_, offered) = Assert.IsType<FileTransferServer.Ready.UploadRequest>(await FileTransferServer.Begin(pair.Server).ReceiveAsync());
        var receiving = await offered.SendAsync(new UploadAccepted(0));
        var received = 0L;
        while (true)
        {
            var reply = await receiving.ReceiveAsync();
            ahead = Math.Max(ahead, Volatile.Read(ref sent) - received);
            if (reply is not FileTransferServer.Uploading.Chunk(var chunk, var next))
            {
                var (_, verifying) = Assert.IsType<FileTransferServer.Uploading.Complete>(reply);
                await verifying.SendAsync(new Stored());
                break;
            }

            received += chunk.Bytes.Length;
            receiving = next;
            // The receiver is slower than the sender, so that the sender fills the buffers.
            for (var yields = 0; yields < 50; yields++)
                await Task.Yield();
        }

        Assert.Equal(TransferOutcome.Completed, (await uploading).Result.Outcome);
        Assert.InRange(ahead, 1, Size / 8);
    }

    private async Task<FileTransferServer.Downloading> AcceptDownloadAsync(ulong size)
    {
        var (_, offered) = Assert.IsType<FileTransferServer.Ready.DownloadRequest>(await FileTransferServer.Begin(_server).ReceiveAsync());
        return await offered.SendAsync(new DownloadAccepted(size, 0));
    }
}
