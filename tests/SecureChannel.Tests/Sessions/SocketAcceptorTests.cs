using System.Net.Sockets;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

public sealed class SocketAcceptorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Accepting_continues_after_errors_with_growing_delays()
    {
        int[] delays = [50, 100, 200, 400, 800, 1000, 1000];
        var (time, attempts, errors) = (new ManualTimeProvider(), 0, new List<SocketError>());
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var acceptor = new SocketAcceptor(
            _ => Interlocked.Increment(ref attempts) <= delays.Length ? throw new SocketException((int)SocketError.TooManyOpenSockets) : new(socket),
            e => errors.Add(e.SocketErrorCode),
            time);

        var accepting = acceptor.AcceptAsync(Cancellation);
        for (var i = 0; i < delays.Length; i++)
        {
            Assert.True(SpinWait.SpinUntil(() => time.TimerCount == 1 && Volatile.Read(ref attempts) == i + 1, SessionPair.Patience));
            time.Advance(TimeSpan.FromMilliseconds(delays[i]) - TimeSpan.FromTicks(1));
            Assert.Equal((i + 1, false), (Volatile.Read(ref attempts), accepting.IsCompleted));
            time.Advance(TimeSpan.FromTicks(1));
        }

        Assert.Same(socket, await accepting.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal(Enumerable.Repeat(SocketError.TooManyOpenSockets, delays.Length), errors);
    }

    [Fact]
    public async Task Cancellation_stops_the_delay()
    {
        using var stop = new CancellationTokenSource();
        var acceptor = new SocketAcceptor(_ => throw new SocketException((int)SocketError.TooManyOpenSockets), _ => { }, new ManualTimeProvider());
        var accepting = acceptor.AcceptAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting.WaitAsync(SessionPair.Patience, Cancellation));
    }
}
