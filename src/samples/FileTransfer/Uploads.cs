using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using SecureChannel;
using SecureChannel.CodeAnalysis;

namespace Samples.Files;

/// <summary>The client role, sending.</summary>
public static class Uploads
{
    /// <summary>Sends a file, or what the server lacks of it.</summary>
    /// <param name="ready">Where the protocol is.</param>
    /// <param name="path">The file.</param>
    /// <param name="progress">Is told how far it has come, after each chunk.</param>
    /// <param name="cancellationToken">Ends the transfer in order: the session goes on, and a later upload resumes.</param>
    /// <exception cref="SessionException">The session failed: a later one resumes.</exception>
    public static async ValueTask<(Transfer Transfer, FileTransferClient.Ready Next)> UploadAsync(
        [Consumes] FileTransferClient.Ready ready, string path, Action<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        return await ready.SendAsync(new UploadRequest(Path.GetFileName(path), (ulong)file.Length), CancellationToken.None).ReceiveAsync(CancellationToken.None) switch
        {
            FileTransferClient.UploadOffered.UploadAccepted(var accepted, var uploading) => await SendAsync(uploading, file, (long)accepted.Offset, progress, cancellationToken),
            FileTransferClient.UploadOffered.Refused(var refused, var next) => (new Transfer(TransferOutcome.Refused, 0, 0, refused.Reason), next),
        };
    }

    private static async ValueTask<(Transfer Transfer, FileTransferClient.Ready Next)> SendAsync(
        [Consumes] FileTransferClient.Uploading uploading, FileStream file, long offset, Action<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        // One lane sends the file while the other hears whether the server can go on.
        var (sending, receiving) = uploading.Split();
        using var abandon = new CancellationTokenSource();
        var answering = LastAsync(receiving, abandon.Token);
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk.MaxSize);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var isPart = offset <= file.Length;
            if (isPart)
                await FileDigest.AppendAsync(hash, file, offset, CancellationToken.None);
            var isAll = false;
            while (isPart && !isAll && !answering.IsCompleted && !cancellationToken.IsCancellationRequested)
            {
                var count = await file.ReadAsync(buffer.AsMemory(0, Chunk.MaxSize), CancellationToken.None);
                isAll = count == 0;
                if (isAll)
                    continue;
                hash.AppendData(buffer, 0, count);
                await sending.SendAsync(new Chunk(buffer.AsMemory(0, count)), CancellationToken.None);
                progress?.Invoke(new TransferProgress(file.Position, file.Length));
            }

            var carried = isPart ? file.Position - offset : 0;
            if (isAll)
            {
                var verifying = await sending.SendAsync(new Complete(hash.GetHashAndReset()), CancellationToken.None);
                var answer = await answering;
                return (Tell(answer, offset, carried), Ready(verifying.Join(receiving)));
            }
            else
            {
                var cancelling = await sending.SendAsync(new Cancel(), CancellationToken.None);
                var answer = await answering;
                return (Tell(answer, offset, carried), Ready(cancelling.Join(receiving)));
            }
        }
        finally
        {
            // Only where something failed does an answer still not matter.
            await abandon.CancelAsync();
            await ((Task)answering).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<FileTransferClient.Uploading.Incoming?> LastAsync(SecureChannel.Protocols.ReceiveLane<FileTransferClient.Uploading.Incoming> receiving, CancellationToken cancellationToken)
    {
        FileTransferClient.Uploading.Incoming? last = null;
        await foreach (var arrived in receiving.WithCancellation(cancellationToken))
            last = arrived;
        return last;
    }

    private static Transfer Tell(FileTransferClient.Uploading.Incoming? answer, long offset, long carried) => answer switch
    {
        FileTransferClient.Uploading.Incoming.Stored => new Transfer(TransferOutcome.Complete, offset, carried),
        FileTransferClient.Uploading.Incoming.Cancelled => new Transfer(TransferOutcome.Cancelled, offset, carried),
        FileTransferClient.Uploading.Incoming.Failed(var failed) => new Transfer(TransferOutcome.Refused, offset, carried, failed.Reason),
        _ => throw new UnreachableException(),
    };

    private static FileTransferClient.Ready Ready(FileTransferClient.Verifying.SendLane.Rejoined joined) =>
        joined is FileTransferClient.Verifying.SendLane.Rejoined.Ready(var ready) ? ready : throw new UnreachableException();

    private static FileTransferClient.Ready Ready(FileTransferClient.UploadCancelled.SendLane.Rejoined joined) =>
        joined is FileTransferClient.UploadCancelled.SendLane.Rejoined.Ready(var ready) ? ready : throw new UnreachableException();
}
