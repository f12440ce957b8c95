using Samples.Files;
using SecureChannel;
using SecureChannel.Tests.Sessions;

namespace FileTransfer.Tests;

/// <summary>Alone, since the memory of the whole process is looked at.</summary>
[CollectionDefinition(nameof(TransferMemoryTests), DisableParallelization = true)]
public sealed class AloneInTheProcess;

/// <summary>What a transfer holds while it goes on.</summary>
[Collection(nameof(TransferMemoryTests))]
public sealed class TransferMemoryTests : IDisposable
{
    private readonly Folders _folders = new();

    public void Dispose() => _folders.Dispose();

    [Fact]
    public async Task Memory_does_not_grow_with_the_file()
    {
        const int Large = 64_000_000;
        const int Bound = 8_000_000;
        await using var link = await Link.ConnectAsync(SessionSecurity.Tls13.Name, TransportKind.Socket);
        var serving = _folders.ServeAsync(link.Server);
        var (path, back) = (Folders.Make(_folders.Here, Large), Path.Combine(_folders.Here, "back.bin"));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (most, lastDone) = (0L, 0L);

        var (up, ready) = await Uploads.UploadAsync(FileTransferClient.Begin(link.Client), path, Measure);
        lastDone = 0;
        (var down, ready) = await Downloads.DownloadAsync(ready, "file.bin", back, Measure);
        await ready.SendAsync(new Goodbye());

        await serving.WaitAsync(SessionPair.Patience);
        Assert.Equal((Large, Large), (up.Carried, down.Carried));
        Assert.InRange(most, 0, Bound);

        void Measure(TransferProgress progress)
        {
            if (progress.Done - lastDone < 4_000_000)
                return;
            lastDone = progress.Done;
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }
    }
}
