using System.Security.Cryptography;
using SecureChannel.Cryptography;

namespace SecureChannel.Tests.Cryptography;

public sealed class TranscriptHashTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void The_hash_covers_all_messages_before_and_after_the_function_is_selected(int selectedAfter)
    {
        using var transcript = new TranscriptHash(CryptographyProvider.Platform);
        var all = new List<byte>();
        for (var n = 0; n < 4; n++)
        {
            if (n == selectedAfter)
                transcript.SelectHash(HashFunction.Sha384);
            byte[] message = [1, 2, (byte)n];
            transcript.Append(message);
            all.AddRange(message);
        }

        var hash = new byte[HashFunctions.MaxLength];
        Assert.Equal(48, transcript.CopyHash(hash));
        Assert.Equal(SHA384.HashData(all.ToArray()), hash);
        Assert.Equal(HashFunction.Sha384, transcript.Function);
    }

    [Fact]
    public void A_view_includes_later_messages_and_reading_the_hash_does_not_reset_it()
    {
        using var transcript = new TranscriptHash(CryptographyProvider.Platform);
        transcript.SelectHash(HashFunction.Sha256);
        var view = transcript.View;
        var hash = new byte[32];
        transcript.Append([1]);
        view.Hash(hash);
        Assert.Equal(SHA256.HashData([1]), hash);
        transcript.Append([2]);
        Assert.Equal(32, view.Hash(hash));
        Assert.Equal(SHA256.HashData([1, 2]), hash);
        Assert.Equal(HashFunction.Sha256, view.Function);
    }

    /// <summary>RFC 9846 section 4.3.11.2: a binder covers the messages so far and a part of the ClientHello.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_part_of_the_first_message_is_hashed_without_being_appended(bool isSelected)
    {
        using var transcript = new TranscriptHash(CryptographyProvider.Platform);
        if (isSelected)
            transcript.SelectHash(HashFunction.Sha256);
        var hash = new byte[32];
        Assert.Equal(32, transcript.View.Hash(HashFunction.Sha256, [1, 2], hash));
        Assert.Equal(SHA256.HashData([1, 2]), hash);
        if (!isSelected)
            transcript.SelectHash(HashFunction.Sha256);
        transcript.Append([1, 2, 3]);
        transcript.CopyHash(hash);
        Assert.Equal(SHA256.HashData([1, 2, 3]), hash);
        Assert.Throws<InvalidOperationException>(() => transcript.CopyHash(HashFunction.Sha256, [4], hash));
    }

    [Fact]
    public void A_part_of_the_message_after_a_retry_is_hashed_with_the_messages_before_it()
    {
        using var transcript = new TranscriptHash(CryptographyProvider.Platform);
        transcript.Append([1, 2, 3]);
        transcript.SelectHash(HashFunction.Sha256);
        transcript.ReplaceByHash(254);
        transcript.Append([4]);
        byte[] before = [254, 0, 0, 32, .. SHA256.HashData([1, 2, 3]), 4];
        var hash = new byte[32];
        transcript.CopyHash(HashFunction.Sha256, [5], hash);
        Assert.Equal(SHA256.HashData([.. before, 5]), hash);
        Assert.Throws<InvalidOperationException>(() => transcript.CopyHash(HashFunction.Sha384, [5], new byte[48]));

        transcript.Append([5, 6]);
        transcript.CopyHash(hash);
        Assert.Equal(SHA256.HashData([.. before, 5, 6]), hash);
        Assert.Throws<InvalidOperationException>(() => transcript.CopyHash(HashFunction.Sha256, [7], hash));
    }

    /// <summary>RFC 9846 section 4.1: message_hash (254), then 00 00 Hash.length, then the hash.</summary>
    [Theory]
    [InlineData(HashFunction.Sha256)]
    [InlineData(HashFunction.Sha384)]
    public void ReplaceByHash_replaces_all_messages_with_one_that_contains_their_hash(HashFunction function)
    {
        using var transcript = new TranscriptHash(CryptographyProvider.Platform);
        transcript.Append([1, 2, 3]);
        transcript.SelectHash(function);
        transcript.ReplaceByHash(254);
        transcript.Append([4]);

        Func<byte[], byte[]> hash = function == HashFunction.Sha256 ? SHA256.HashData : SHA384.HashData;
        var actual = new byte[function.Length];
        transcript.CopyHash(actual);
        Assert.Equal(hash([254, 0, 0, (byte)function.Length, .. hash([1, 2, 3]), 4]), actual);
    }

    [Fact]
    public void Misuse_throws()
    {
        var transcript = new TranscriptHash(CryptographyProvider.Platform);
        var view = transcript.View;
        Assert.Null(transcript.Function);
        Assert.Throws<InvalidOperationException>(() => transcript.CopyHash(new byte[48]));
        Assert.Throws<InvalidOperationException>(() => view.Function);
        Assert.Throws<InvalidOperationException>(() => default(Transcript).Hash(new byte[48]));
        transcript.SelectHash(HashFunction.Sha256);
        Assert.Throws<InvalidOperationException>(() => transcript.SelectHash(HashFunction.Sha256));
        transcript.Dispose();
        Assert.Throws<ObjectDisposedException>(() => transcript.Append([1]));
        Assert.Throws<ObjectDisposedException>(() => view.Hash(new byte[48]));
    }
}
