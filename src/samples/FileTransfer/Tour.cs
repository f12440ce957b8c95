using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using Samples.Common;
using SecureChannel;
using SecureChannel.CodeAnalysis;

namespace Samples.Files;

/// <summary>Both ends in one process, over a socket: a file goes up through a connection that is cut, and comes down through a download that is cancelled.</summary>
internal static class Tour
{
    private const int Megabyte = 1_000_000;

    public static async Task RunAsync(SampleOptions options, int megabytes, CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("file-transfer-");
        try
        {
            var (here, there) = (folder.CreateSubdirectory("client").FullName, folder.CreateSubdirectory("server").FullName);
            var path = Path.Combine(here, "large.bin");
            await MakeFileAsync(path, megabytes, stop);
            var letGo = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var server = SampleServer.Start(options, FileTransferServer.Name, async session =>
            {
                try
                {
                    await ServeAsync(session, there);
                }
                finally
                {
                    letGo.TrySetResult();
                }
            });
            var started = Stopwatch.GetTimestamp();

            Console.WriteLine($"== an upload of {megabytes} MB, secured by {options.Security}, whose connection is cut in the middle");
            await UploadUntilCutAsync(options, server, path);
            // Until the server notices the cut, the file is in use.
            await letGo.Task.WaitAsync(stop);
            Console.WriteLine("== a new session, in which it goes on");
            var fetched = Path.Combine(here, "fetched.bin");
            await using (var session = await server.ConnectHereAsync(options, FileTransferClient.Name))
            {
                var (uploaded, ready) = await Uploads.UploadAsync(FileTransferClient.Begin(session), path, Progress.Show("up"), stop);
                Progress.Tell("up", uploaded);

                Console.WriteLine("== a download that is cancelled in the middle, in the same session");
                using var cancel = CancellationTokenSource.CreateLinkedTokenSource(stop);
                (var cancelled, ready) = await Downloads.DownloadAsync(ready, "large.bin", fetched, CancelHalfway(Progress.Show("down"), cancel), cancel.Token);
                Progress.Tell("down", cancelled);
                Console.WriteLine("== the same session: it goes on");
                (var downloaded, ready) = await Downloads.DownloadAsync(ready, "large.bin", fetched, Progress.Show("down"), stop);
                Progress.Tell("down", downloaded);
                await ready.SendAsync(new Goodbye(), CancellationToken.None);
                await session.CloseAsync(CancellationToken.None);
            }

            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            Console.WriteLine($"both ways: {2 * megabytes / seconds:0} MB/s, with reading, writing and digests at both ends");
            Console.WriteLine($"the file that came back is {(await DigestAsync(path, stop) == await DigestAsync(fetched, stop) ? "the same" : "ANOTHER")}");
            using var process = Process.GetCurrentProcess();
            Console.WriteLine($"most memory that both ends ever had together: {process.PeakWorkingSet64 / Megabyte} MB");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static async Task ServeAsync([InState(SessionState.Established)] SecureSession session, string folder)
    {
        await using var service = new FileService(folder);
        await service.RunAsync(session);
    }

    private static async Task UploadUntilCutAsync(SampleOptions options, SampleServer server, string path)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await using var session = await server.ConnectHereAsync(options, FileTransferClient.Name, socket);
        var show = Progress.Show("up");
        try
        {
            await Uploads.UploadAsync(FileTransferClient.Begin(session), path, progress =>
            {
                show(progress);
                if (progress.Done * 2 >= progress.Total)
                    socket.Close(timeout: 0);
            });
        }
        catch (SessionException failure)
        {
            Console.WriteLine($"up: {failure.Error.Kind}");
        }
    }

    private static Action<TransferProgress> CancelHalfway(Action<TransferProgress> show, CancellationTokenSource cancel) => progress =>
    {
        show(progress);
        if (progress.Done * 2 >= progress.Total)
            cancel.Cancel();
    };

    private static async Task MakeFileAsync(string path, int megabytes, CancellationToken stop)
    {
        await using var file = File.Create(path);
        var bytes = new byte[Megabyte];
        for (var written = 0; written < megabytes; written++)
        {
            RandomNumberGenerator.Fill(bytes);
            await file.WriteAsync(bytes, stop);
        }
    }

    private static async Task<string> DigestAsync(string path, CancellationToken stop)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexString(await SHA256.HashDataAsync(file, stop));
    }
}
