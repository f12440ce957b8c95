using System.Security.Cryptography;

namespace SecureChannel.Tests.Buffers;

public sealed class PooledBufferTests
{
    private const byte Plain = 0xA5;

    /// <summary>Gets uses of a buffer after which its arrays contain plaintext at different positions.</summary>
    public static TheoryData<string> Uses => ["append", "span", "memory", "not advanced", "truncated", "removed", "grown", "cleared twice"];

    [Theory, MemberData(nameof(Uses))]
    public void Plaintext_is_wiped_before_an_array_is_returned(string use) => Assert.Equal((false, true), Return(use, holdsPlaintext: true));

    [Fact]
    public void Ciphertext_is_returned_without_the_cost_of_wiping() => Assert.Equal((true, true), Return("append", holdsPlaintext: false));

    [Fact]
    public void Removed_plaintext_is_wiped_at_once()
    {
        using var buffer = new PooledBuffer();
        buffer.Append(new byte[] { Plain, Plain, Plain });
        buffer.Truncate(1);
        Assert.Equal([Plain, 0, 0], Array(buffer).AsSpan(0, 3).ToArray());
        buffer.Append(new byte[] { Plain, Plain });
        buffer.RemoveFirst(2);
        Assert.Equal([Plain, 0, 0], Array(buffer).AsSpan(0, 3).ToArray());
    }

    [Fact]
    public void Only_bytes_that_were_written_are_wiped()
    {
        var wiped = new List<int>();
        SensitiveMemory.Observe(_ => { }, array =>
        {
            wiped.Add(array.AsSpan(0, 100).IndexOf(Plain));
            array.AsSpan().Clear();
        }, () =>
        {
            using var buffer = new PooledBuffer();
            buffer.Append(new byte[10]);
            Array(buffer).AsSpan(10).Fill(Plain);
        });
        Assert.Equal([10], wiped);
    }

    private static (bool HasPlaintext, bool WasReturned) Return(string use, bool holdsPlaintext)
    {
        var (hasPlaintext, returned) = (false, 0);
        var run = new byte[8];
        run.AsSpan().Fill(Plain);
        SensitiveMemory.Observe(_ => { }, array =>
        {
            // The rest of the array has bytes of other tests.
            hasPlaintext |= array.AsSpan().IndexOf(run) >= 0;
            returned++;

            // Another test may rent the array.
            array.AsSpan().Clear();
        }, () =>
        {
            using var buffer = new PooledBuffer(holdsPlaintext);
            buffer.Append([0]);
            CryptographicOperations.ZeroMemory(Array(buffer));
            Use(buffer, use);
        });
        return (hasPlaintext, returned > 0);
    }

    private static void Use(PooledBuffer buffer, string use)
    {
        var plain = new byte[100];
        plain.AsSpan().Fill(Plain);
        switch (use)
        {
            case "append":
                buffer.Append(plain);
                break;
            case "span":
                plain.CopyTo(buffer.GetSpan(100));
                buffer.Advance(100);
                break;
            case "memory":
                plain.CopyTo(buffer.GetMemory(100));
                buffer.Advance(100);
                break;
            case "not advanced":
                // An encoder that throws has written a part of its message.
                plain.CopyTo(buffer.GetSpan(100));
                break;
            case "truncated":
                buffer.Append(plain);
                buffer.Truncate(1);
                break;
            case "removed":
                buffer.Append(plain);
                buffer.RemoveFirst(90);
                break;
            case "grown":
                buffer.Append(plain);
                buffer.Reserve(100_000);
                break;
            default:
                plain.CopyTo(buffer.GetSpan(100));
                buffer.Clear();
                buffer.Append(plain);
                buffer.Clear();
                break;
        }
    }

    private static byte[] Array(PooledBuffer buffer) => (byte[])typeof(PooledBuffer)
        .GetField("_array", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(buffer)!;
}
