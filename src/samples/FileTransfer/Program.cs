using Samples.Common;
using Samples.Files;

const string Help = """
    Usage: FileTransfer [server | upload FILE | download NAME] [options]

    File transfer over a secure session: uploads and downloads that resume after a broken connection, and a SHA-256 check of each file.

    Commands:
      (none)               Runs a server and a client in one process: an upload over a broken connection and a canceled download.
      server               Serves the files in a folder until Ctrl+C.
      upload FILE          Uploads a file. Ctrl+C cancels; the same command resumes.
      download NAME        Downloads a file into a folder. Ctrl+C cancels; the same command resumes.

    Options:
      --size N             Size of the file in the demo in megabytes, 1 to 1000000. The default is 64.
      --folder DIR         Folder of the server's files or of the downloads. The default is the current folder.
    """;

return await SampleProgram.RunAsync(Help, args, ["--size", "--folder"], async (options, stop) =>
{
    var folder = options.GetValue("--folder", Environment.CurrentDirectory);
    switch (options.Command)
    {
        case []:
            await Demo.RunAsync(options, options.GetNumber("--size", 64, 1, 1_000_000), stop);
            break;
        case ["server"]:
            await SampleServer.RunAsync(
                options, FileTransferServer.Name, (session, ended) => FileService.ServeAsync(session, folder, cancellationToken: ended), stop);
            break;
        case ["upload", var path]:
            await using (var session = await SampleClient.ConnectAsync(options, FileTransferClient.Name))
            {
                var start = FileTransferClient.Begin(session);
                var (result, ready) = await FileClient.UploadAsync(start, path, TransferLog.CreateProgress("upload"), stop);
                TransferLog.Write("upload", result);
                await ready.SendAsync(new Goodbye(), CancellationToken.None);
            }

            break;
        case ["download", var name]:
            await using (var session = await SampleClient.ConnectAsync(options, FileTransferClient.Name))
            {
                var path = Path.Combine(folder, Path.GetFileName(name));
                var start = FileTransferClient.Begin(session);
                var (result, ready) = await FileClient.DownloadAsync(start, name, path, TransferLog.CreateProgress("download"), stop);
                TransferLog.Write("download", result);
                await ready.SendAsync(new Goodbye(), CancellationToken.None);
            }

            break;
        default:
            throw options.UnknownCommand();
    }
});
