using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using SecureChannel;
using SecureChannel.CodeAnalysis;
using SecureChannel.Protocols;

namespace Samples.Files;

/// <summary>The server role for the files of one folder. Create one instance for each session.</summary>
/// <param name="folder">The folder. Files outside it are not accessible.</param>
/// <param name="maxSize">The maximum size of an uploaded file in bytes.</param>
public sealed class FileService(string folder, long maxSize = long.MaxValue) : FileTransferServer.Handler, IAsyncDisposable
{
    private PartialFile? _upload;
    private long _uploadRemaining;
    private FileStream? _download;
    private long _downloadOffset;

    /// <summary>Serves one client.</summary>
    /// <param name="channel">The channel to the client. The caller disposes it.</param>
    /// <param name="folder">The folder with the files.</param>
    /// <param name="maxSize">The maximum size of an uploaded file in bytes.</param>
    /// <param name="cancellationToken">A token that ends the transfer.</param>
    public static async Task ServeAsync(
        [InState(SessionState.Established), Consumes] MessageChannel channel,
        string folder,
        long maxSize = long.MaxValue,
        CancellationToken cancellationToken = default)
    {
        await using var service = new FileService(folder, maxSize);
        await service.RunAsync(channel, cancellationToken);
    }

    /// <summary>Closes the open files. An incomplete upload can be resumed.</summary>
    public async ValueTask DisposeAsync()
    {
        await CloseUploadAsync();
        await CloseDownloadAsync();
    }

    protected override async ValueTask<FileTransferServer.UploadOffered.Answer> OnUploadRequestAsync(
        UploadRequest uploadRequest, FileTransferServer.UploadOffered state)
    {
        if (GetPath(uploadRequest.Name) is not { } path)
            return new Refused("the name is not a plain file name");
        if (uploadRequest.Size > (ulong)maxSize)
            return new Refused("the file is too large");
        try
        {
            _upload = PartialFile.Open(path);
            // A partial file that is longer than the whole belongs to another file: start from the beginning.
            var offset = _upload.Length <= (long)uploadRequest.Size ? _upload.Length : 0;
            await _upload.ResumeAsync(offset, state.CancellationToken);
            _uploadRemaining = (long)uploadRequest.Size - offset;
            return new UploadAccepted((ulong)offset);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await CloseUploadAsync();
            return new Refused("the file is in use or cannot be written");
        }
    }

    protected override async ValueTask<FileTransferServer.Uploading.Answer> OnChunkAsync(Chunk chunk, FileTransferServer.Uploading state)
    {
        if ((_uploadRemaining -= chunk.Bytes.Length) < 0)
            return await FailAsync("the file is longer than announced");
        try
        {
            // Backpressure: the next chunk is received after this one is written.
            await _upload!.AppendAsync(chunk.Bytes, state.CancellationToken);
            return state;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return await FailAsync("the disk is full or failed");
        }

        async ValueTask<Failed> FailAsync(string reason)
        {
            await CloseUploadAsync();
            return new Failed(reason);
        }
    }

    protected override async ValueTask<FileTransferServer.Verifying.Answer> OnCompleteAsync(Complete complete, FileTransferServer.Verifying state)
    {
        try
        {
            return await _upload!.TryCompleteAsync(complete.Sha256) ? new Stored() : new Failed("the digest is wrong; upload the file again");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Failed("the file cannot be renamed");
        }
        finally
        {
            await CloseUploadAsync();
        }
    }

    protected override async ValueTask<FileTransferServer.UploadCanceled.Answer> OnCancelAsync(Cancel cancel, FileTransferServer.UploadCanceled state)
    {
        await CloseUploadAsync();
        return new Canceled();
    }

    // The client sent these before it received the failure.
    protected override ValueTask OnChunkAsync(Chunk chunk, FileTransferServer.UploadFailed state) => ValueTask.CompletedTask;

    protected override ValueTask OnCompleteAsync(Complete complete, FileTransferServer.Ready state) => ValueTask.CompletedTask;

    protected override async ValueTask<FileTransferServer.DownloadOffered.Answer> OnDownloadRequestAsync(
        DownloadRequest downloadRequest, FileTransferServer.DownloadOffered state)
    {
        if (GetPath(downloadRequest.Name) is not { } path || !File.Exists(path))
            return new Refused("the file does not exist");
        try
        {
            _download = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
            _downloadOffset = downloadRequest.Offset <= (ulong)_download.Length ? (long)downloadRequest.Offset : 0;
            return new DownloadAccepted((ulong)_download.Length, (ulong)_downloadOffset);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await CloseDownloadAsync();
            return new Refused("the file is in use or cannot be read");
        }
    }

    /// <summary>Sends the file until it is complete or the client cancels.</summary>
    protected override async IAsyncEnumerable<FileTransferServer.Downloading.Answer> PushInDownloadingAsync(
        SessionInfo session, [EnumeratorCancellation] CancellationToken left)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk.MaxSize);
        try
        {
            var (count, failure) = await ReadAsync(async () =>
            {
                await FileDigest.AppendAsync(hash, _download!, _downloadOffset, left);
                return 1;
            });
            while (failure is null && count > 0)
            {
                (count, failure) = await ReadAsync(async () => await _download!.ReadAsync(buffer.AsMemory(0, Chunk.MaxSize), left));
                if (count == 0)
                    break;
                hash.AppendData(buffer, 0, count);
                yield return new Chunk(buffer.AsMemory(0, count));
            }

            if (failure is null)
                yield return new Complete(hash.GetHashAndReset());
            else
                yield return new Failed(failure);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            await CloseDownloadAsync();
        }

        static async ValueTask<(int Count, string? Failure)> ReadAsync(Func<Task<int>> read)
        {
            try
            {
                return (await read(), null);
            }
            catch (IOException)
            {
                return (0, "the disk failed");
            }
        }
    }

    // Leaving the state ends PushInDownloadingAsync, which closes the file.
    protected override ValueTask<FileTransferServer.DownloadCanceled.Answer> OnCancelAsync(Cancel cancel, FileTransferServer.DownloadCanceled state) =>
        new(new Canceled());

    protected override ValueTask OnAcknowledgeAsync(Acknowledge acknowledge, FileTransferServer.Ready state) => ValueTask.CompletedTask;

    // The cancellation crossed the end of the transfer.
    protected override ValueTask OnCancelAsync(Cancel cancel, FileTransferServer.Ready state) => ValueTask.CompletedTask;

    protected override ValueTask OnGoodbyeAsync(Goodbye goodbye, FileTransferServer.Closed state) => ValueTask.CompletedTask;

    /// <summary>Gets the path of a file, or null if a name from the peer is not a plain file name.</summary>
    private string? GetPath(string name)
    {
        var isPlain = name is not ("." or "..")
            && !name.EndsWith(PartialFile.Suffix, StringComparison.OrdinalIgnoreCase)
            && !name.AsSpan().ContainsAny(Path.GetInvalidFileNameChars())
            && !name.Contains('\\');
        return isPlain ? Path.Combine(folder, name) : null;
    }

    private async ValueTask CloseUploadAsync()
    {
        if (_upload is not null)
            await _upload.DisposeAsync();
        _upload = null;
    }

    private async ValueTask CloseDownloadAsync()
    {
        if (_download is not null)
            await _download.DisposeAsync();
        _download = null;
    }
}
