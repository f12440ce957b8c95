using Samples.Files;
using SecureChannel;
using SecureChannel.Testing;

namespace FileTransfer.Tests;

/// <summary>Disables parallel tests, because the test measures the memory of the whole process.</summary>
[CollectionDefinition(nameof(TransferMemoryTests), DisableParallelization = true)]
public sealed class TransferMemoryCollection;

/// <summary>The memory of a transfer.</summary>
[Collection(nameof(TransferMemoryTests))]
public sealed class TransferMemoryTests : IDisposable
{
    private readonly TestFolders _folders = new();

    public void Dispose() => _folders.Dispose();

    [Fact]
    public async Task Memory_does_not_grow_with_the_size_of_the_file()
    {
        const int Large = 64_000_000;
        const int Bound = 8_000_000;
        await using var sessions = await BreakableSession.EstablishAsync(SessionSecurity.Tls13.Name, TransportKind.Socket);
        var serving = _folders.ServeAsync(sessions.Server);
        var (path, back) = (TestFolders.CreateFile(_folders.Client, Large), Path.Combine(_folders.Client, "back.bin"));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (most, lastDone) = (0L, 0L);

        var (up, ready) = await FileClient.UploadAsync(FileTransferClient.Begin(sessions.Client), path, Measure);
        lastDone = 0;
        (var down, ready) = await FileClient.DownloadAsync(ready, "file.bin", back, Measure);
        await ready.SendAsync(new Goodbye());

        await serving.WaitAsync(SessionPair.Patience);
        Assert.Equal((Large, Large), (up.Transferred, down.Transferred));
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
