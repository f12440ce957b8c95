using SecureChannel.Messages;
using SecureChannel.Protocols;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>The collection of tests that measure the memory of the whole process and therefore run alone.</summary>
[CollectionDefinition(nameof(SessionMemoryTests), DisableParallelization = true)]
public sealed class AloneInTheProcess;

/// <summary>The allocations and memory of sessions. Both endpoints run on the test's thread, so that it makes all allocations.</summary>
[Collection(nameof(SessionMemoryTests))]
public sealed class SessionMemoryTests
{
    private const int Count = 1000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_that_are_written_one_by_one_allocate_nothing()
    {
        var (client, server) = await ConnectAsync();
        Assert.Equal(0, AllocatedBy(() =>
        {
            Done(client.SendAsync(new Reading(1, 2, 3), Cancellation));
            Done(client.FlushAsync(Cancellation));
            Read(Done(server.ReceiveAsync(Cancellation)));
        }));
    }

    [Fact]
    public async Task Receives_that_wait_allocate_nothing()
    {
        var (client, server) = await ConnectAsync();
        using var source = new CancellationTokenSource();
        Assert.Equal(0, AllocatedBy(() =>
        {
            var waiting = server.ReceiveAsync(source.Token);
            Assert.False(waiting.IsCompleted);
            Done(client.SendAsync(new Reading(1, 2, 3), source.Token));
            Read(Done(waiting));
            Done(client.FlushAsync(source.Token));
        }));
    }

    [Fact]
    public async Task Requests_and_replies_allocate_nothing()
    {
        var (client, server) = await ConnectAsync();
        Assert.Equal(0, AllocatedBy(() =>
        {
            var answer = client.ReceiveAsync(Cancellation);
            Done(client.SendAsync(new Reading(1, 2, 3), Cancellation));
            Read(Done(server.ReceiveAsync(Cancellation)));
            Done(server.SendAsync(new Reading(4, 5, 6), Cancellation));
            Done(client.FlushAsync(Cancellation));
            Done(server.FlushAsync(Cancellation));
            Read(Done(answer));
        }));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(16 * 1024)]
    [InlineData(60_000)]
    public async Task Stream_bytes_allocate_nothing(int length)
    {
        var (client, server) = await ConnectAsync();
        var (near, far) = (client.AsStream(), server.AsStream());
        var (written, read) = (new byte[length], new byte[length]);
        Assert.Equal(0, AllocatedBy(() =>
        {
            Done(near.WriteAsync(written, Cancellation));
            Assert.True(near.FlushAsync(Cancellation).IsCompletedSuccessfully);
            for (var left = length; left > 0;)
                left -= Done(far.ReadAsync(read, Cancellation));
        }));
    }

    [Fact]
    public async Task Combined_messages_share_their_allocations()
    {
        var (client, server) = await ConnectAsync();
        var allocated = AllocatedBy(() =>
        {
            for (var i = 0; i < 100; i++)
                Done(client.SendAsync(new Reading(i, 2, 3), Cancellation));
            // A thread-pool thread may write some of them.
            client.FlushAsync(Cancellation).AsTask().Wait(Cancellation);
            for (var i = 0; i < 100; i++)
                Read(Done(server.ReceiveAsync(Cancellation)));
        });
        Assert.InRange(allocated, 0, 10 * Count * 100);
    }

    [Fact]
    public async Task An_idle_session_holds_little_memory()
    {
        var sessions = new List<(SecureSession, Task Waiting)>();
        await WaitAsync(20);
        // The median, because other tests release memory too.
        var held = new List<long>();
        for (var round = 0; round < 3; round++)
        {
            var before = SettledMemory();
            await WaitAsync(200);
            held.Add((SettledMemory() - before) / 400);
        }
        Assert.DoesNotContain(sessions, session => session.Waiting.IsCompleted);
        Assert.InRange(held.Order().ElementAt(1), 0, 8 * 1024);

        async Task WaitAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var (client, server) = await ConnectAsync();
                sessions.Add((client, client.ReceiveAsync(CancellationToken.None).AsTask()));
                sessions.Add((server, server.ReceiveAsync(CancellationToken.None).AsTask()));
            }
        }
    }

    // Several collections are needed, because finalizers release memory of other tests.
    private static long SettledMemory()
    {
        var (least, now) = (long.MaxValue, GC.GetTotalMemory(forceFullCollection: true));
        while (now < least)
        {
            GC.WaitForPendingFinalizers();
            (least, now) = (now, GC.GetTotalMemory(forceFullCollection: true));
        }

        return least;
    }

    private static async Task<(SecureSession Client, SecureSession Server)> ConnectAsync()
    {
        var (near, far) = MemoryLink.Create();
        var security = SessionSecurity.Tls13.Name;
        var (client, server) = (SecureSession.Create(near, SessionPair.ClientOptions(security)),
            SecureSession.Create(far, SessionPair.ServerOptions(security)));
        await Task.WhenAll(server.HandshakeAsync(Cancellation), client.HandshakeAsync(Cancellation)).WaitAsync(SessionPair.Patience, Cancellation);
        return (client, server);
    }

    private static long AllocatedBy(Action action)
    {
        return Allocation.Of(() =>
        {
            for (var i = 0; i < Count; i++)
                action();
        });
    }

    private static void Done(ValueTask task)
    {
        Assert.True(task.IsCompleted);
        task.GetAwaiter().GetResult();
    }

    private static T Done<T>(ValueTask<T> task)
    {
        Assert.True(task.IsCompleted);
        return task.GetAwaiter().GetResult();
    }

    private static void Read(ReceivedMessage? received)
    {
        if (!WireSerializer.TryRead<Reading>(received!.Value.Body.Span, out _, out var error))
            throw new InvalidDataException(error.ToString());
    }
}

/// <summary>A message that is read without allocation.</summary>
[Message(3)]
public readonly partial record struct Reading(long Sensor, long Time, double Value);
