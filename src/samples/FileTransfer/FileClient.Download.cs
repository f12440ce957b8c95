using System.Diagnostics;
using SecureChannel;
using SecureChannel.CodeAnalysis;

namespace Samples.Files;

/// <content>Downloads.</content>
public static partial class FileClient
{
    /// <summary>Downloads a file, or the part that the client does not have yet.</summary>
    /// <param name="ready">The state of the protocol.</param>
    /// <param name="name">The name of the file on the server.</param>
    /// <param name="path">The path of the downloaded file. Until it is complete, it has the temporary name of a <see cref="PartialFile"/>.</param>
    /// <param name="onProgress">A callback that runs after each chunk.</param>
    /// <param name="cancellationToken">A token that cancels the transfer. The session remains usable, and a later download resumes.</param>
    /// <exception cref="SessionException">The session failed. A download in a new session resumes.</exception>
    public static async ValueTask<(TransferResult Result, FileTransferClient.Ready Next)> DownloadAsync(
        [Consumes] FileTransferClient.Ready ready,
        string name,
        string path,
        Action<TransferProgress>? onProgress = null,
        CancellationToken cancellationToken = default)
    {
        await using var file = PartialFile.Open(path);
        var request = new DownloadRequest(name, (ulong)file.Length);
        return await ready.SendAsync(request, CancellationToken.None).ReceiveAsync(CancellationToken.None) switch
        {
            FileTransferClient.DownloadOffered.DownloadAccepted(var accepted, var downloading) =>
                await ReceiveFileAsync(downloading, accepted, file, onProgress, cancellationToken),
            FileTransferClient.DownloadOffered.Refused(var refused, var next) => (new TransferResult(TransferOutcome.Failed, 0, 0, refused.Reason), next),
        };
    }

    private static async ValueTask<(TransferResult Result, FileTransferClient.Ready Next)> ReceiveFileAsync(
        [Consumes] FileTransferClient.Downloading downloading,
        DownloadAccepted accepted,
        PartialFile file,
        Action<TransferProgress>? onProgress,
        CancellationToken cancellationToken)
    {
        var offset = Math.Min((long)accepted.Offset, file.Length);
        await file.ResumeAsync(offset, CancellationToken.None);
        var done = offset;
        while (true)
        {
            FileTransferClient.Downloading.Reply reply;
            try
            {
                reply = await downloading.ReceiveAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // A canceled receive has no effect on the protocol: the state token is still valid.
                return await CancelAsync(downloading, file, offset, done);
            }

            switch (reply)
            {
                case FileTransferClient.Downloading.Chunk(var chunk, var next):
                    // Backpressure: the next chunk is received after this one is written.
                    await file.AppendAsync(chunk.Bytes, CancellationToken.None);
                    done += chunk.Bytes.Length;
                    downloading = next;
                    onProgress?.Invoke(new TransferProgress(done, (long)accepted.Size));
                    break;
                case FileTransferClient.Downloading.Complete(var complete, var downloaded):
                    var result = await file.TryCompleteAsync(complete.Sha256)
                        ? new TransferResult(TransferOutcome.Completed, offset, done - offset)
                        : new TransferResult(TransferOutcome.Failed, offset, done - offset, "the digest is wrong; download the file again");
                    return (result, await downloaded.SendAsync(new Acknowledge(), CancellationToken.None));
                case FileTransferClient.Downloading.Failed(var failed, var downloaded):
                    var failure = new TransferResult(TransferOutcome.Failed, offset, done - offset, failed.Reason);
                    return (failure, await downloaded.SendAsync(new Acknowledge(), CancellationToken.None));
                default:
                    throw new UnreachableException();
            }
        }
    }

    private static async ValueTask<(TransferResult Result, FileTransferClient.Ready Next)> CancelAsync(
        [Consumes] FileTransferClient.Downloading downloading, PartialFile file, long offset, long done)
    {
        var canceling = await downloading.SendAsync(new Cancel(), CancellationToken.None);
        while (true)
        {
            switch (await canceling.ReceiveAsync(CancellationToken.None))
            {
                case FileTransferClient.DownloadCanceled.Chunk(var chunk, var next):
                    // The server sent this chunk before it received the cancellation. A later download need not transfer it again.
                    await file.AppendAsync(chunk.Bytes, CancellationToken.None);
                    done += chunk.Bytes.Length;
                    canceling = next;
                    break;
                case FileTransferClient.DownloadCanceled.Complete(_, var ready):
                    return (new TransferResult(TransferOutcome.Canceled, offset, done - offset), ready);
                case FileTransferClient.DownloadCanceled.Failed(var failed, var ready):
                    return (new TransferResult(TransferOutcome.Failed, offset, done - offset, failed.Reason), ready);
                case FileTransferClient.DownloadCanceled.Canceled(_, var ready):
                    return (new TransferResult(TransferOutcome.Canceled, offset, done - offset), ready);
                default:
                    throw new UnreachableException();
            }
        }
    }
}
