using Samples.Files;
using SecureChannel.Tests.Sessions;

namespace FileTransfer.Tests;

/// <summary>Both roles together.</summary>
public sealed class TransferTests : IDisposable
{
    private const int Size = 3_000_001;

    private readonly Folders _folders = new();

    public void Dispose() => _folders.Dispose();

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task A_file_goes_up_and_comes_back_the_same(string security, TransportKind transport)
    {
        await using var link = await Link.ConnectAsync(security, transport);
        var serving = _folders.ServeAsync(link.Server);
        var (path, back) = (Folders.Make(_folders.Here, Size), Path.Combine(_folders.Here, "back.bin"));

        var (up, ready) = await Uploads.UploadAsync(FileTransferClient.Begin(link.Client), path);
        (var down, ready) = await Downloads.DownloadAsync(ready, "file.bin", back);
        await ready.SendAsync(new Goodbye());

        await serving.WaitAsync(SessionPair.Patience);
        Assert.Equal(new Transfer(TransferOutcome.Complete, 0, Size), up);
        Assert.Equal(new Transfer(TransferOutcome.Complete, 0, Size), down);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(back));
        Assert.Equal(["file.bin"], Directory.GetFiles(_folders.There).Select(Path.GetFileName));
    }

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task After_a_cut_a_new_session_goes_on_where_the_old_one_was(string security, TransportKind transport)
    {
        var (path, back) = (Folders.Make(_folders.Here, Size), Path.Combine(_folders.Here, "back.bin"));
        await using (var link = await Link.ConnectAsync(security, transport))
        {
            var serving = _folders.ServeAsync(link.Server);
            await Assert.ThrowsAnyAsync<IOException>(async () =>
                await Uploads.UploadAsync(FileTransferClient.Begin(link.Client), path, CutHalfway(link)).AsTask().WaitAsync(SessionPair.Patience));
            await Assert.ThrowsAnyAsync<IOException>(() => serving.WaitAsync(SessionPair.Patience));
        }

        Assert.Equal(["file.bin.part"], Directory.GetFiles(_folders.There).Select(Path.GetFileName));
        var uploaded = await OnceAsync(security, transport, ready => Uploads.UploadAsync(ready, path));
        Assert.Equal(TransferOutcome.Complete, uploaded.Outcome);
        Assert.InRange(uploaded.ResumedAt, 1, Size - 1);
        Assert.Equal(Size, uploaded.ResumedAt + uploaded.Carried);

        await using (var link = await Link.ConnectAsync(security, transport))
        {
            var serving = _folders.ServeAsync(link.Server);
            await Assert.ThrowsAnyAsync<IOException>(async () =>
                await Downloads.DownloadAsync(FileTransferClient.Begin(link.Client), "file.bin", back, CutHalfway(link)).AsTask().WaitAsync(SessionPair.Patience));
            await link.Client.DisposeAsync();
            await Assert.ThrowsAnyAsync<IOException>(() => serving.WaitAsync(SessionPair.Patience));
        }

        var downloaded = await OnceAsync(security, transport, ready => Downloads.DownloadAsync(ready, "file.bin", back));
        Assert.Equal(TransferOutcome.Complete, downloaded.Outcome);
        Assert.InRange(downloaded.ResumedAt, Size / 2, Size);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(back));
    }

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task What_is_cancelled_ends_in_order_and_goes_on_in_the_same_session(string security, TransportKind transport)
    {
        await using var link = await Link.ConnectAsync(security, transport);
        var serving = _folders.ServeAsync(link.Server);
        var (path, back) = (Folders.Make(_folders.Here, Size), Path.Combine(_folders.Here, "back.bin"));

        using var cancelUpload = new CancellationTokenSource();
        var (cancelledUp, ready) = await Uploads.UploadAsync(FileTransferClient.Begin(link.Client), path, CancelHalfway(cancelUpload), cancelUpload.Token);
        (var up, ready) = await Uploads.UploadAsync(ready, path);
        using var cancelDownload = new CancellationTokenSource();
        (var cancelledDown, ready) = await Downloads.DownloadAsync(ready, "file.bin", back, CancelHalfway(cancelDownload), cancelDownload.Token);
        (var down, ready) = await Downloads.DownloadAsync(ready, "file.bin", back);
        await ready.SendAsync(new Goodbye());

        await serving.WaitAsync(SessionPair.Patience);
        Assert.Equal((TransferOutcome.Cancelled, TransferOutcome.Complete), (cancelledUp.Outcome, up.Outcome));
        Assert.Equal((cancelledUp.Carried, Size), (up.ResumedAt, up.ResumedAt + up.Carried));
        Assert.Equal((TransferOutcome.Cancelled, TransferOutcome.Complete), (cancelledDown.Outcome, down.Outcome));
        Assert.Equal((cancelledDown.Carried, Size), (down.ResumedAt, down.ResumedAt + down.Carried));
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(back));
    }

    private static Action<TransferProgress> CutHalfway(Link link) => progress =>
    {
        if (progress.Done * 2 >= progress.Total)
            link.Cut();
    };

    private static Action<TransferProgress> CancelHalfway(CancellationTokenSource cancel) => progress =>
    {
        if (progress.Done * 2 >= progress.Total)
            cancel.Cancel();
    };

    private async Task<Transfer> OnceAsync(string security, TransportKind transport, Func<FileTransferClient.Ready, ValueTask<(Transfer, FileTransferClient.Ready)>> carry)
    {
        await using var link = await Link.ConnectAsync(security, transport);
        var serving = _folders.ServeAsync(link.Server);
        var (transfer, ready) = await carry(FileTransferClient.Begin(link.Client));
        await ready.SendAsync(new Goodbye());
        await serving.WaitAsync(SessionPair.Patience);
        return transfer;
    }
}
