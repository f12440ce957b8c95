using System.Security.Cryptography;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

public sealed class SecureStreamTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task Twenty_four_megabytes_are_exchanged_in_both_directions_concurrently(string security, TransportKind transport)
    {
        await using var pair = await SessionPair.EstablishAsync(security, transport);
        var up = SecureSessionTests.Pattern(24 << 20);
        var down = SecureSessionTests.Pattern((24 << 20) + 17);
        await using var client = pair.Client.AsStream();
        await using var server = pair.Server.AsStream();

        var results = await Task.WhenAll(WriteAsync(client, up), WriteAsync(server, down), HashAsync(server, up.Length), HashAsync(client, down.Length))
            .WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Equal(SHA256.HashData(up), results[2]);
        Assert.Equal(SHA256.HashData(down), results[3]);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_read_returns_zero_after_close_notify_and_throws_after_truncation(string security)
    {
        await using (var pair = await SessionPair.EstablishAsync(security))
        {
            await pair.Client.AsStream().WriteAsync("last"u8.ToArray(), Cancellation);
            await pair.Client.CloseAsync(Cancellation);
            using var reader = new StreamReader(pair.Server.AsStream());
            Assert.Equal("last", await reader.ReadToEndAsync(Cancellation));
        }

        await using (var pair = await SessionPair.EstablishAsync(security))
        {
            pair.Connection!.Cut();
            var cut = await Assert.ThrowsAsync<SessionException>(async () => await pair.Server.AsStream().ReadExactlyAsync(new byte[10], Cancellation));
            Assert.Equal(SessionErrorKind.Truncated, cut.Error.Kind);
        }
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_session_cannot_carry_both_messages_and_a_stream(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(security);
        pair.Client.AsStream();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await pair.Client.SendAsync(new Note("no"), Cancellation));

        await pair.Server.SendAsync(new Note("yes"), Cancellation);
        Assert.Throws<InvalidOperationException>(() => pair.Server.AsStream());
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Synchronous_members_work(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(security, TransportKind.Socket);
        var writing = Task.Run(() =>
        {
            pair.Client.AsStream().Write([1, 2, 3], 0, 3);
            pair.Client.AsStream().Flush();
        }, Cancellation);
        var received = await Task.Run(() =>
        {
            var buffer = new byte[3];
            pair.Server.AsStream().ReadExactly(buffer, 0, 3);
            return buffer;
        }, Cancellation).WaitAsync(SessionPair.Patience, Cancellation);
        await writing;
        Assert.Equal([1, 2, 3], received);
    }

    private static async Task<byte[]> WriteAsync(SecureStream stream, byte[] bytes)
    {
        var random = new Random(1);
        for (var at = 0; at < bytes.Length;)
        {
            var count = Math.Min(random.Next(1, 200_000), bytes.Length - at);
            await stream.WriteAsync(bytes.AsMemory(at, count), Cancellation);
            at += count;
        }
        await stream.FlushAsync(Cancellation);
        return [];
    }

    private static async Task<byte[]> HashAsync(SecureStream stream, int length)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[50_000];
        while (length > 0)
        {
            var count = await stream.ReadAsync(buffer, Cancellation);
            Assert.NotEqual(0, count);
            hash.AppendData(buffer.AsSpan(0, count));
            length -= count;
        }
        return hash.GetHashAndReset();
    }
}
