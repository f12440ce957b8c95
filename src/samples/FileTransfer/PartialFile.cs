using System.Security.Cryptography;

namespace Samples.Files;

/// <summary>
/// An incomplete file, which has a temporary name until its digest is verified. It survives the session, so that a later session can resume the transfer.
/// Supports one user at a time.
/// </summary>
public sealed class PartialFile : IAsyncDisposable
{
    /// <summary>The suffix of the temporary name.</summary>
    public const string Suffix = ".part";

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly string _path;
    private readonly FileStream _file;

    private PartialFile(string path)
    {
        _path = path;
        _file = new FileStream(path + Suffix, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
        });
    }

    /// <summary>Gets the current size in bytes.</summary>
    public long Length => _file.Length;

    /// <summary>Opens an incomplete file, or creates an empty one.</summary>
    /// <param name="path">The path of the complete file.</param>
    /// <exception cref="IOException">Another session has opened the file, or the disk failed.</exception>
    public static PartialFile Open(string path) => new(path);

    /// <summary>Truncates the file to a length, and continues after it.</summary>
    /// <param name="length">The number of bytes to retain. They are read for the digest.</param>
    /// <param name="cancellationToken">A token that cancels the operation.</param>
    public async Task ResumeAsync(long length, CancellationToken cancellationToken)
    {
        _file.SetLength(length);
        _file.Position = 0;
        await FileDigest.AppendAsync(_hash, _file, length, cancellationToken);
    }

    /// <summary>Appends bytes.</summary>
    public ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _hash.AppendData(bytes.Span);
        return _file.WriteAsync(bytes, cancellationToken);
    }

    /// <summary>Renames the file if the digest is correct; otherwise, deletes it, so that the next transfer starts from the beginning.</summary>
    /// <returns>True if the digest is correct; otherwise, false.</returns>
    public async Task<bool> TryCompleteAsync(ReadOnlyMemory<byte> sha256)
    {
        var isCorrect = _hash.GetHashAndReset().AsSpan().SequenceEqual(sha256.Span);
        await _file.DisposeAsync();
        if (isCorrect)
            File.Move(_path + Suffix, _path, overwrite: true);
        else
            File.Delete(_path + Suffix);
        return isCorrect;
    }

    /// <summary>Closes the file, and deletes it if it is empty.</summary>
    public async ValueTask DisposeAsync()
    {
        var isEmpty = _file.CanWrite && _file.Length == 0;
        await _file.DisposeAsync();
        if (isEmpty)
            File.Delete(_path + Suffix);
        _hash.Dispose();
    }
}
