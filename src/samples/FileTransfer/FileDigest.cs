using System.Buffers;
using System.Security.Cryptography;

namespace Samples.Files;

/// <summary>Digests of files, with a buffer of one chunk.</summary>
internal static class FileDigest
{
    /// <summary>Adds the next bytes of a stream to a digest.</summary>
    /// <exception cref="EndOfStreamException">The stream has fewer than <paramref name="count"/> bytes left.</exception>
    public static async Task AppendAsync(IncrementalHash hash, Stream content, long count, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk.MaxSize);
        try
        {
            while (count > 0)
            {
                var part = buffer.AsMemory(0, (int)Math.Min(count, buffer.Length));
                await content.ReadExactlyAsync(part, cancellationToken);
                hash.AppendData(part.Span);
                count -= part.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
