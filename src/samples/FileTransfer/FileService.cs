using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Samples.Files;

/// <summary>The server role, over the files of one folder. One for each session; dispose it when the session has ended.</summary>
/// <param name="folder">Where files are stored and found: nothing outside it is touched.</param>
/// <param name="maxSize">The greatest size of a file in bytes that is taken.</param>
public sealed class FileService(string folder, long maxSize = long.MaxValue) : FileTransferServer.Handler, IAsyncDisposable
{
    private PartialFile? _upload;
    private long _missing;
    private FileStream? _download;
    private long _offset;

    /// <summary>Closes what is open: an upload that is not complete can be resumed.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndUploadAsync();
        await EndDownloadAsync();
    }

    protected override async ValueTask<FileTransferServer.UploadOffered.Answer> OnUploadRequestAsync(UploadRequest uploadRequest, FileTransferServer.UploadOffered state)
    {
        if (PathOf(uploadRequest.Name) is not { } path)
            return new Refused("that is no plain file name");
        if (uploadRequest.Size > (ulong)maxSize)
            return new Refused("that is too large");
        try
        {
            _upload = PartialFile.Open(path);
            // More than the whole is not a part of it.
            var offset = _upload.Length <= (long)uploadRequest.Size ? _upload.Length : 0;
            await _upload.ResumeAsync(offset, state.CancellationToken);
            _missing = (long)uploadRequest.Size - offset;
            return new UploadAccepted((ulong)offset);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await EndUploadAsync();
            return new Refused("the file is in use, or cannot be written");
        }
    }

    protected override async ValueTask<FileTransferServer.Uploading.Answer> OnChunkAsync(Chunk chunk, FileTransferServer.Uploading state)
    {
        if ((_missing -= chunk.Bytes.Length) < 0)
            return await FailAsync("the file is longer than was said");
        try
        {
            // The next chunk is received only when this one is written: that, and no queue, is the back-pressure.
            await _upload!.AppendAsync(chunk.Bytes, state.CancellationToken);
            return state;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return await FailAsync("the disk does not take more");
        }

        async ValueTask<Failed> FailAsync(string reason)
        {
            await EndUploadAsync();
            return new Failed(reason);
        }
    }

    protected override async ValueTask<FileTransferServer.Verifying.Answer> OnCompleteAsync(Complete complete, FileTransferServer.Verifying state)
    {
        try
        {
            return await _upload!.CompleteAsync(complete.Sha256) ? new Stored() : new Failed("the digest is wrong: send the file again");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Failed("the file cannot be stored under its name");
        }
        finally
        {
            await EndUploadAsync();
        }
    }

    protected override async ValueTask<FileTransferServer.UploadCancelled.Answer> OnCancelAsync(Cancel cancel, FileTransferServer.UploadCancelled state)
    {
        await EndUploadAsync();
        return new Cancelled();
    }

    // What was on its way when this end failed.
    protected override ValueTask OnChunkAsync(Chunk chunk, FileTransferServer.UploadFailed state) => ValueTask.CompletedTask;

    protected override ValueTask OnCompleteAsync(Complete complete, FileTransferServer.Ready state) => ValueTask.CompletedTask;

    protected override async ValueTask<FileTransferServer.DownloadOffered.Answer> OnDownloadRequestAsync(DownloadRequest downloadRequest, FileTransferServer.DownloadOffered state)
    {
        if (PathOf(downloadRequest.Name) is not { } path || !File.Exists(path))
            return new Refused("there is no such file");
        try
        {
            _download = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
            _offset = downloadRequest.Offset <= (ulong)_download.Length ? (long)downloadRequest.Offset : 0;
            return new DownloadAccepted((ulong)_download.Length, (ulong)_offset);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await EndDownloadAsync();
            return new Refused("the file is in use, or cannot be read");
        }
    }

    /// <summary>Sends the file by itself: each chunk when the one before it was taken, until the end or until the client cancels.</summary>
    protected override async IAsyncEnumerable<FileTransferServer.Downloading.Answer> PushInDownloadingAsync([EnumeratorCancellation] CancellationToken left)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk.MaxSize);
        try
        {
            var (count, failure) = await ReadAsync(async () =>
            {
                await FileDigest.AppendAsync(hash, _download!, _offset, left);
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
            await EndDownloadAsync();
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

    // The state is left: the sending of chunks ends, and closes the file.
    protected override ValueTask<FileTransferServer.DownloadCancelled.Answer> OnCancelAsync(Cancel cancel, FileTransferServer.DownloadCancelled state) =>
        new(new Cancelled());

    protected override ValueTask OnAcknowledgeAsync(Acknowledge acknowledge, FileTransferServer.Ready state) => ValueTask.CompletedTask;

    // The client cancelled what had come to its end.
    protected override ValueTask OnCancelAsync(Cancel cancel, FileTransferServer.Ready state) => ValueTask.CompletedTask;

    protected override ValueTask OnGoodbyeAsync(Goodbye goodbye, FileTransferServer.Closed state) => ValueTask.CompletedTask;

    /// <summary>A peer's name becomes a path only if it is a plain name; else null.</summary>
    private string? PathOf(string name) =>
        name is "." or ".." || name.EndsWith(PartialFile.Suffix, StringComparison.OrdinalIgnoreCase) || name.AsSpan().ContainsAny(Path.GetInvalidFileNameChars()) || name.Contains('\\')
            ? null
            : Path.Combine(folder, name);

    private async ValueTask EndUploadAsync()
    {
        if (_upload is not null)
            await _upload.DisposeAsync();
        _upload = null;
    }

    private async ValueTask EndDownloadAsync()
    {
        if (_download is not null)
            await _download.DisposeAsync();
        _download = null;
    }
}
