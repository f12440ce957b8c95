using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using Samples.Common;
using SecureChannel;

namespace Samples.Files;

/// <summary>A server and a client in one process: an upload over a connection that breaks, and a download that is canceled. Both are resumed.</summary>
internal static class Demo
{
    private const int Megabyte = 1_000_000;

    public static async Task RunAsync(SampleOptions options, int megabytes, CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("file-transfer-");
        try
        {
            var (clientFolder, serverFolder) = (folder.CreateSubdirectory("client").FullName, folder.CreateSubdirectory("server").FullName);
            var (source, copy) = (Path.Combine(clientFolder, "large.bin"), Path.Combine(clientFolder, "copy.bin"));
            await CreateFileAsync(source, megabytes, stop);
            var firstSessionEnded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var server = SampleServer.Start(options, FileTransferServer.Name, async (session, ended) =>
            {
                try
                {
                    await FileService.ServeAsync(session, serverFolder, cancellationToken: ended);
                }
                finally
                {
                    firstSessionEnded.TrySetResult();
                }
            });
            var started = Stopwatch.GetTimestamp();

            Console.WriteLine($"== an upload of {megabytes} MB, secured by {options.Security}, over a connection that breaks halfway");
            await UploadUntilBrokenAsync(server, source);
            // The server's file is in use until the server notices the broken connection.
            await firstSessionEnded.Task.WaitAsync(stop);

            Console.WriteLine("== a new session that resumes the upload");
            await using (var session = await server.ConnectAsync())
            {
                var (uploaded, ready) = await FileClient.UploadAsync(FileTransferClient.Begin(session), source, TransferLog.CreateProgress("upload"), stop);
                TransferLog.Write("upload", uploaded);

                Console.WriteLine("== a download in the same session that is canceled halfway");
                using var cancel = CancellationTokenSource.CreateLinkedTokenSource(stop);
                var cancelHalfway = CancelHalfway(TransferLog.CreateProgress("download"), cancel);
                (var canceled, ready) = await FileClient.DownloadAsync(ready, "large.bin", copy, cancelHalfway, cancel.Token);
                TransferLog.Write("download", canceled);

                Console.WriteLine("== a second download in the same session that resumes the first");
                (var downloaded, ready) = await FileClient.DownloadAsync(ready, "large.bin", copy, TransferLog.CreateProgress("download"), stop);
                TransferLog.Write("download", downloaded);
                await ready.SendAsync(new Goodbye(), CancellationToken.None);
                await session.CloseAsync(CancellationToken.None);
            }

            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            Console.WriteLine($"throughput of both transfers: {2 * megabytes / seconds:0} MB/s, including disk and digests of both endpoints");
            var isSame = await ComputeDigestAsync(source, stop) == await ComputeDigestAsync(copy, stop);
            Console.WriteLine(isSame ? "the downloaded file equals the uploaded file" : "THE DOWNLOADED FILE DIFFERS FROM THE UPLOADED FILE");
            using var process = Process.GetCurrentProcess();
            Console.WriteLine($"peak memory of both endpoints: {process.PeakWorkingSet64 / Megabyte} MB");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task UploadUntilBrokenAsync(SampleServer server, string path)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await using var session = await server.ConnectAsync(socket);
        var showProgress = TransferLog.CreateProgress("upload");
        try
        {
            await FileClient.UploadAsync(FileTransferClient.Begin(session), path, progress =>
            {
                showProgress(progress);
                if (progress.Done * 2 >= progress.Total)
                    socket.Close(timeout: 0);
            });
        }
        catch (SessionException failure)
        {
            Console.WriteLine($"upload: {failure.Error.Kind}");
        }
    }

    private static Action<TransferProgress> CancelHalfway(Action<TransferProgress> showProgress, CancellationTokenSource cancel) => progress =>
    {
        showProgress(progress);
        if (progress.Done * 2 >= progress.Total)
            cancel.Cancel();
    };

    private static async Task CreateFileAsync(string path, int megabytes, CancellationToken stop)
    {
        await using var file = File.Create(path);
        var bytes = new byte[Megabyte];
        for (var written = 0; written < megabytes; written++)
        {
            RandomNumberGenerator.Fill(bytes);
            await file.WriteAsync(bytes, stop);
        }
    }

    private static async Task<string> ComputeDigestAsync(string path, CancellationToken stop)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexString(await SHA256.HashDataAsync(file, stop));
    }
}
