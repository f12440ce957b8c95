using Samples.Common;
using Samples.Files;

const string Help = """
    Files over a session: up and down, resumed after a cut, stopped in order, checked by SHA-256.

      FileTransfer [--size MB]              everything: an upload that is cut and resumed, a download that is cancelled and resumed
      FileTransfer server [--folder DIR]    the server alone
      FileTransfer upload FILE --port N     sends a file; run it again after a failure and it goes on
      FileTransfer download NAME --port N   fetches a file into --folder

      --size MB                     the size of the file of the tour in megabytes; 64 if not given
      --folder DIR                  where files are; this folder if not given
    """;

return await SampleProgram.RunAsync(Help, args, ["--size", "--folder"], async (options, stop) =>
{
    var folder = options.Value("--folder", Environment.CurrentDirectory);
    switch (options.Words)
    {
        case []:
            await Tour.RunAsync(options, options.Number("--size", 64, 1, 1_000_000), stop);
            return true;
        case ["server"]:
            await SampleServer.RunAsync(options, FileTransferServer.Name, session => Tour.ServeAsync(session, folder));
            return true;
        case ["upload", var path]:
            await using (var session = await SampleServer.ConnectAsync(options, FileTransferClient.Name))
            {
                var (transfer, ready) = await Uploads.UploadAsync(FileTransferClient.Begin(session), path, Progress.Show("up"), stop);
                Progress.Tell("up", transfer);
                await ready.SendAsync(new Goodbye(), CancellationToken.None);
            }

            return true;
        case ["download", var name]:
            await using (var session = await SampleServer.ConnectAsync(options, FileTransferClient.Name))
            {
                var (transfer, ready) = await Downloads.DownloadAsync(FileTransferClient.Begin(session), name, Path.Combine(folder, Path.GetFileName(name)), Progress.Show("down"), stop);
                Progress.Tell("down", transfer);
                await ready.SendAsync(new Goodbye(), CancellationToken.None);
            }

            return true;
        default:
            return false;
    }
});
