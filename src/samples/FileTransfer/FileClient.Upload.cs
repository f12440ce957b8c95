using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using SecureChannel;
using SecureChannel.CodeAnalysis;
using SecureChannel.Protocols;

namespace Samples.Files;

/// <summary>The client role.</summary>
public static partial class FileClient
{
    /// <summary>Uploads a file, or the part that the server does not have yet.</summary>
    /// <param name="ready">The state of the protocol.</param>
    /// <param name="path">The path of the file.</param>
    /// <param name="onProgress">A callback that runs after each chunk.</param>
    /// <param name="cancellationToken">A token that cancels the transfer. The session remains usable, and a later upload resumes.</param>
    /// <exception cref="SessionException">The session failed. An upload in a new session resumes.</exception>
    public static async ValueTask<(TransferResult Result, FileTransferClient.Ready Next)> UploadAsync(
        [Consumes] FileTransferClient.Ready ready, string path, Action<TransferProgress>? onProgress = null, CancellationToken cancellationToken = default)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        var request = new UploadRequest(Path.GetFileName(path), (ulong)file.Length);
        return await ready.SendAsync(request, CancellationToken.None).ReceiveAsync(CancellationToken.None) switch
        {
            FileTransferClient.UploadOffered.UploadAccepted(var accepted, var uploading) =>
                await SendFileAsync(uploading, file, (long)accepted.Offset, onProgress, cancellationToken),
            FileTransferClient.UploadOffered.Refused(var refused, var next) => (new TransferResult(TransferOutcome.Failed, 0, 0, refused.Reason), next),
        };
    }

    private static async ValueTask<(TransferResult Result, FileTransferClient.Ready Next)> SendFileAsync(
        [Consumes] FileTransferClient.Uploading uploading,
        FileStream file,
        long offset,
        Action<TransferProgress>? onProgress,
        CancellationToken cancellationToken)
    {
        // One lane sends the file while the other receives the server's answer, which may be a failure midway.
        var (sendLane, receiveLane) = uploading.Split();
        using var abandon = new CancellationTokenSource();
        var answering = ReceiveLastAsync(receiveLane, abandon.Token);
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk.MaxSize);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var isValidOffset = offset <= file.Length;
            if (isValidOffset)
                await FileDigest.AppendAsync(hash, file, offset, CancellationToken.None);
            var isAtEnd = false;
            while (isValidOffset && !isAtEnd && !answering.IsCompleted && !cancellationToken.IsCancellationRequested)
            {
                var count = await file.ReadAsync(buffer.AsMemory(0, Chunk.MaxSize), CancellationToken.None);
                isAtEnd = count == 0;
                if (isAtEnd)
                    continue;
                hash.AppendData(buffer, 0, count);
                await sendLane.SendAsync(new Chunk(buffer.AsMemory(0, count)), CancellationToken.None);
                onProgress?.Invoke(new TransferProgress(file.Position, file.Length));
            }

            var transferred = isValidOffset ? file.Position - offset : 0;
            if (isAtEnd)
            {
                var verifying = await sendLane.SendAsync(new Complete(hash.GetHashAndReset()), CancellationToken.None);
                var answer = await answering;
                return (CreateResult(answer, offset, transferred), GetReady(verifying.Join(receiveLane)));
            }
            else
            {
                var canceling = await sendLane.SendAsync(new Cancel(), CancellationToken.None);
                var answer = await answering;
                return (CreateResult(answer, offset, transferred), GetReady(canceling.Join(receiveLane)));
            }
        }
        finally
        {
            // The answer is still pending only if an exception was thrown above.
            await abandon.CancelAsync();
            await ((Task)answering).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<FileTransferClient.Uploading.Incoming?> ReceiveLastAsync(
        ReceiveLane<FileTransferClient.Uploading.Incoming> receiveLane, CancellationToken cancellationToken)
    {
        FileTransferClient.Uploading.Incoming? last = null;
        await foreach (var incoming in receiveLane.WithCancellation(cancellationToken))
            last = incoming;
        return last;
    }

    private static TransferResult CreateResult(FileTransferClient.Uploading.Incoming? answer, long offset, long transferred) => answer switch
    {
        FileTransferClient.Uploading.Incoming.Stored => new TransferResult(TransferOutcome.Completed, offset, transferred),
        FileTransferClient.Uploading.Incoming.Canceled => new TransferResult(TransferOutcome.Canceled, offset, transferred),
        FileTransferClient.Uploading.Incoming.Failed(var failed) => new TransferResult(TransferOutcome.Failed, offset, transferred, failed.Reason),
        _ => throw new UnreachableException(),
    };

    private static FileTransferClient.Ready GetReady(FileTransferClient.Verifying.SendLane.Rejoined joined) =>
        joined is FileTransferClient.Verifying.SendLane.Rejoined.Ready(var ready) ? ready : throw new UnreachableException();

    private static FileTransferClient.Ready GetReady(FileTransferClient.UploadCanceled.SendLane.Rejoined joined) =>
        joined is FileTransferClient.UploadCanceled.SendLane.Rejoined.Ready(var ready) ? ready : throw new UnreachableException();
}
