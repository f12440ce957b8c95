using System.Security.Cryptography;

namespace Samples.Files;

/// <summary>
/// A file that is not complete yet, under a name of its own, with the digest of what is there. It outlives the session that wrote it; only a file whose digest
/// is right gets its real name. One use at a time.
/// </summary>
public sealed class PartialFile : IAsyncDisposable
{
    /// <summary>What the name of a file that is not complete ends with.</summary>
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

    /// <summary>How many bytes are there.</summary>
    public long Length => _file.Length;

    /// <summary>Opens what is there of a file, or begins it.</summary>
    /// <param name="path">The path that the complete file will have.</param>
    /// <exception cref="IOException">Another session is writing it; the disk fails.</exception>
    public static PartialFile Open(string path) => new(path);

    /// <summary>Keeps the first bytes, and goes on after them.</summary>
    /// <param name="length">How many bytes stay; they are read for the digest.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task ResumeAsync(long length, CancellationToken cancellationToken)
    {
        _file.SetLength(length);
        _file.Position = 0;
        await FileDigest.AppendAsync(_hash, _file, length, cancellationToken);
    }

    /// <summary>Adds bytes.</summary>
    public ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _hash.AppendData(bytes.Span);
        return _file.WriteAsync(bytes, cancellationToken);
    }

    /// <summary>Gives the file its real name if the digest is that of the whole; else deletes it, so that the next transfer begins anew.</summary>
    public async Task<bool> CompleteAsync(ReadOnlyMemory<byte> sha256)
    {
        var isRight = _hash.GetHashAndReset().AsSpan().SequenceEqual(sha256.Span);
        await _file.DisposeAsync();
        if (isRight)
            File.Move(_path + Suffix, _path, overwrite: true);
        else
            File.Delete(_path + Suffix);
        return isRight;
    }

    /// <summary>Closes the file; what is there stays.</summary>
    public async ValueTask DisposeAsync()
    {
        var isEmpty = _file.CanWrite && _file.Length == 0;
        await _file.DisposeAsync();
        if (isEmpty)
            File.Delete(_path + Suffix);
        _hash.Dispose();
    }
}
