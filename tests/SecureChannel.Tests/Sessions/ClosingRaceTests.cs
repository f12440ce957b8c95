using System.Runtime.CompilerServices;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>A send next to the last step of a close. The tests run alone, because they observe the locks of the whole process.</summary>
[Collection(nameof(SessionMemoryTests))]
public sealed class ClosingRaceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("tls/1.3", true)]
    [InlineData("tls/1.3", false)]
    [InlineData("key-transport/1", true)]
    [InlineData("key-transport/1", false)]
    public async Task No_send_is_accepted_after_the_close_notify_of_a_half_closed_session(string security, bool isClose)
    {
        var connection = DuplexConnection.Create();
        var transport = new PausingStream(connection.Client);
        await using var client = SecureSession.Create(transport, SessionPair.ClientOptions(security));
        await using var server = SecureSession.Create((Stream)connection.Server, SessionPair.ServerOptions(security));
        await Task.WhenAll(client.HandshakeAsync(Cancellation), server.HandshakeAsync(Cancellation)).WaitAsync(SessionPair.Patience, Cancellation);
        await server.CompleteWritesAsync(Cancellation);
        Assert.Null(await client.ReceiveAsync(Cancellation));
        transport.Pause();
        var closing = isClose ? client.CloseAsync(Cancellation).AsTask() : client.CompleteWritesAsync(Cancellation).AsTask();
        await transport.Paused.WaitAsync(SessionPair.Patience, Cancellation);

        Task sending;
        lock (GateOf(DriverOf(client)))
        {
            var waiting = Monitor.LockContentionCount;
            transport.Resume();
            Assert.True(SpinWait.SpinUntil(() => Monitor.LockContentionCount > waiting, SessionPair.Patience));
            // The end of the session now waits for the lock.
            sending = Task.Run(async () => await client.SendAsync(new Note("late"), Cancellation), Cancellation);
            Assert.True(SpinWait.SpinUntil(() => sending.IsCompleted || Monitor.LockContentionCount > waiting + 1, SessionPair.Patience));
        }

        var failure = await Record.ExceptionAsync(() => sending.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.True(isClose ? failure is SessionException { Error.Kind: SessionErrorKind.Closed } : failure is InvalidOperationException, $"{failure}");
        await closing.WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), client.End);
        Assert.Null(await server.ReceiveAsync(Cancellation));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_driver")]
    private static extern ref SessionDriver DriverOf(SecureSession session);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Gate")]
    private static extern Lock GateOf(SessionDriver driver);

    /// <summary>A transport whose next write waits when a test wants it.</summary>
    private sealed class PausingStream(Stream inner) : AsyncStream
    {
        private readonly TaskCompletionSource _paused = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _pauses;

        public Task Paused => _paused.Task;

        public void Pause() => _pauses = true;

        public void Resume() => _resumed.SetResult();

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_pauses)
            {
                _paused.TrySetResult();
                await _resumed.Task;
            }
            await inner.WriteAsync(buffer, cancellationToken);
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
