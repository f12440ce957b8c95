using System.Diagnostics;
using SecureChannel;
using SecureChannel.CodeAnalysis;

namespace Samples.Files;

/// <summary>The client role, receiving.</summary>
public static class Downloads
{
    /// <summary>Fetches a file, or what this end lacks of it.</summary>
    /// <param name="ready">Where the protocol is.</param>
    /// <param name="name">The file's name at the server.</param>
    /// <param name="path">Where it goes. Until it is complete it lies beside that, as <see cref="PartialFile"/>.</param>
    /// <param name="progress">Is told how far it has come, after each chunk.</param>
    /// <param name="cancellationToken">Ends the transfer in order: the session goes on, and a later download resumes.</param>
    /// <exception cref="SessionException">The session failed: a later one resumes.</exception>
    public static async ValueTask<(Transfer Transfer, FileTransferClient.Ready Next)> DownloadAsync(
        [Consumes] FileTransferClient.Ready ready, string name, string path, Action<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        await using var file = PartialFile.Open(path);
        return await ready.SendAsync(new DownloadRequest(name, (ulong)file.Length), CancellationToken.None).ReceiveAsync(CancellationToken.None) switch
        {
            FileTransferClient.DownloadOffered.DownloadAccepted(var accepted, var downloading) => await ReceiveAsync(downloading, accepted, file, progress, cancellationToken),
            FileTransferClient.DownloadOffered.Refused(var refused, var next) => (new Transfer(TransferOutcome.Refused, 0, 0, refused.Reason), next),
        };
    }

    private static async ValueTask<(Transfer Transfer, FileTransferClient.Ready Next)> ReceiveAsync(
        [Consumes] FileTransferClient.Downloading downloading, DownloadAccepted accepted, PartialFile file, Action<TransferProgress>? progress, CancellationToken cancellationToken)
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
                // A cancelled wait has not happened: the token is still this end's turn to say so.
                return await CancelAsync(downloading, file, offset, done);
            }

            switch (reply)
            {
                case FileTransferClient.Downloading.Chunk(var chunk, var next):
                    // The next chunk is received only when this one is written: a slow disk slows the server.
                    await file.AppendAsync(chunk.Bytes, CancellationToken.None);
                    done += chunk.Bytes.Length;
                    downloading = next;
                    progress?.Invoke(new TransferProgress(done, (long)accepted.Size));
                    break;
                case FileTransferClient.Downloading.Complete(var complete, var downloaded):
                    var transfer = await file.CompleteAsync(complete.Sha256)
                        ? new Transfer(TransferOutcome.Complete, offset, done - offset)
                        : new Transfer(TransferOutcome.Refused, offset, done - offset, "the digest is wrong: fetch the file again");
                    return (transfer, await downloaded.SendAsync(new Acknowledge(), CancellationToken.None));
                case FileTransferClient.Downloading.Failed(var failed, var downloaded):
                    return (new Transfer(TransferOutcome.Refused, offset, done - offset, failed.Reason), await downloaded.SendAsync(new Acknowledge(), CancellationToken.None));
                default:
                    throw new UnreachableException();
            }
        }
    }

    private static async ValueTask<(Transfer Transfer, FileTransferClient.Ready Next)> CancelAsync(
        [Consumes] FileTransferClient.Downloading downloading, PartialFile file, long offset, long done)
    {
        var cancelled = await downloading.SendAsync(new Cancel(), CancellationToken.None);
        while (true)
        {
            switch (await cancelled.ReceiveAsync(CancellationToken.None))
            {
                case FileTransferClient.DownloadCancelled.Chunk(var chunk, var next):
                    // It was on its way; it need not come again.
                    await file.AppendAsync(chunk.Bytes, CancellationToken.None);
                    done += chunk.Bytes.Length;
                    cancelled = next;
                    break;
                case FileTransferClient.DownloadCancelled.Complete(_, var ready):
                    return (new Transfer(TransferOutcome.Cancelled, offset, done - offset), ready);
                case FileTransferClient.DownloadCancelled.Failed(var failed, var ready):
                    return (new Transfer(TransferOutcome.Refused, offset, done - offset, failed.Reason), ready);
                case FileTransferClient.DownloadCancelled.Cancelled(_, var ready):
                    return (new Transfer(TransferOutcome.Cancelled, offset, done - offset), ready);
                default:
                    throw new UnreachableException();
            }
        }
    }
}
