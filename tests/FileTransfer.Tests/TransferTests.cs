using Samples.Files;
using SecureChannel.Testing;

namespace FileTransfer.Tests;

/// <summary>Both roles together.</summary>
public sealed class TransferTests : IDisposable
{
    private const int Size = 3_000_001;

    private readonly TestFolders _folders = new();

    public void Dispose() => _folders.Dispose();

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task Uploaded_file_is_downloaded_unchanged(string security, TransportKind transport)
    {
        await using var sessions = await BreakableSession.EstablishAsync(security, transport);
        var serving = _folders.ServeAsync(sessions.Server);
        var (path, back) = (TestFolders.CreateFile(_folders.Client, Size), Path.Combine(_folders.Client, "back.bin"));

        var (up, ready) = await FileClient.UploadAsync(FileTransferClient.Begin(sessions.Client), path);
        (var down, ready) = await FileClient.DownloadAsync(ready, "file.bin", back);
        await ready.SendAsync(new Goodbye());

        await serving.WaitAsync(SessionPair.Patience);
        Assert.Equal(new TransferResult(TransferOutcome.Completed, 0, Size), up);
        Assert.Equal(new TransferResult(TransferOutcome.Completed, 0, Size), down);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(back));
        Assert.Equal(["file.bin"], Directory.GetFiles(_folders.Server).Select(Path.GetFileName));
    }

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task New_session_resumes_transfers_of_a_broken_session(string security, TransportKind transport)
    {
        var (path, back) = (TestFolders.CreateFile(_folders.Client, Size), Path.Combine(_folders.Client, "back.bin"));
        await using (var sessions = await BreakableSession.EstablishAsync(security, transport))
        {
            var serving = _folders.ServeAsync(sessions.Server);
            await Assert.ThrowsAnyAsync<IOException>(async () =>
                await FileClient.UploadAsync(FileTransferClient.Begin(sessions.Client), path, BreakHalfway(sessions)).AsTask().WaitAsync(SessionPair.Patience));
            await Assert.ThrowsAnyAsync<IOException>(() => serving.WaitAsync(SessionPair.Patience));
        }

        Assert.Equal(["file.bin.part"], Directory.GetFiles(_folders.Server).Select(Path.GetFileName));
        var uploaded = await TransferAsync(security, transport, ready => FileClient.UploadAsync(ready, path));
        Assert.Equal(TransferOutcome.Completed, uploaded.Outcome);
        Assert.InRange(uploaded.ResumedAt, 1, Size - 1);
        Assert.Equal(Size, uploaded.ResumedAt + uploaded.Transferred);

        await using (var sessions = await BreakableSession.EstablishAsync(security, transport))
        {
            var serving = _folders.ServeAsync(sessions.Server);
            await Assert.ThrowsAnyAsync<IOException>(async () =>
                await FileClient.DownloadAsync(FileTransferClient.Begin(sessions.Client), "file.bin", back, BreakHalfway(sessions))
                    .AsTask().WaitAsync(SessionPair.Patience));
            await sessions.Client.DisposeAsync();
            await Assert.ThrowsAnyAsync<IOException>(() => serving.WaitAsync(SessionPair.Patience));
        }

        var downloaded = await TransferAsync(security, transport, ready => FileClient.DownloadAsync(ready, "file.bin", back));
        Assert.Equal(TransferOutcome.Completed, downloaded.Outcome);
        Assert.InRange(downloaded.ResumedAt, Size / 2, Size);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(back));
    }

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task Canceled_transfers_resume_in_the_same_session(string security, TransportKind transport)
    {
        await using var sessions = await BreakableSession.EstablishAsync(security, transport);
        var serving = _folders.ServeAsync(sessions.Server);
        var (path, back) = (TestFolders.CreateFile(_folders.Client, Size), Path.Combine(_folders.Client, "back.bin"));

        using var cancelUpload = new CancellationTokenSource();
        var (canceledUp, ready) = await FileClient.UploadAsync(
            FileTransferClient.Begin(sessions.Client), path, CancelHalfway(cancelUpload), cancelUpload.Token);
        (var up, ready) = await FileClient.UploadAsync(ready, path);
        using var cancelDownload = new CancellationTokenSource();
        (var canceledDown, ready) = await FileClient.DownloadAsync(ready, "file.bin", back, CancelHalfway(cancelDownload), cancelDownload.Token);
        (var down, ready) = await FileClient.DownloadAsync(ready, "file.bin", back);
        await ready.SendAsync(new Goodbye());

        await serving.WaitAsync(SessionPair.Patience);
        Assert.Equal((TransferOutcome.Canceled, TransferOutcome.Completed), (canceledUp.Outcome, up.Outcome));
        Assert.Equal((canceledUp.Transferred, Size), (up.ResumedAt, up.ResumedAt + up.Transferred));
        Assert.Equal((TransferOutcome.Canceled, TransferOutcome.Completed), (canceledDown.Outcome, down.Outcome));
        Assert.Equal((canceledDown.Transferred, Size), (down.ResumedAt, down.ResumedAt + down.Transferred));
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(back));
    }

    private static Action<TransferProgress> BreakHalfway(BreakableSession sessions) => progress =>
    {
        if (progress.Done * 2 >= progress.Total)
            sessions.Break();
    };

    private static Action<TransferProgress> CancelHalfway(CancellationTokenSource cancel) => progress =>
    {
        if (progress.Done * 2 >= progress.Total)
            cancel.Cancel();
    };

    private async Task<TransferResult> TransferAsync(
        string security, TransportKind transport, Func<FileTransferClient.Ready, ValueTask<(TransferResult, FileTransferClient.Ready)>> transfer)
    {
        await using var sessions = await BreakableSession.EstablishAsync(security, transport);
        var serving = _folders.ServeAsync(sessions.Server);
        var (result, ready) = await transfer(FileTransferClient.Begin(sessions.Client));
        await ready.SendAsync(new Goodbye());
        await serving.WaitAsync(SessionPair.Patience);
        return result;
    }
}
