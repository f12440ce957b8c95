using System.Net.WebSockets;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>Transports that throw any exception from any member.</summary>
public sealed class HostileTransportTests
{
    private static readonly Func<Exception>[] Exceptions =
    [
        () => new IOException("no route"),
        () => new TimeoutException("no route"),
        () => new WebSocketException("no route"),
        () => new InvalidOperationException("no route"),
        () => new ObjectDisposedException("transport", "no route"),
        () => new OperationCanceledException("no route"),
        () => new NotSupportedException("no route"),
        () => new ArithmeticException("no route"),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static IEnumerable<TheoryDataRow<string, TransportFault>> SecuritiesAndFaults =>
        from security in Combinations.Securities
        from fault in (TransportFault[])[TransportFault.Throws, TransportFault.Fails]
        select new TheoryDataRow<string, TransportFault>(security.Data, fault);

    [Theory]
    [MemberData(nameof(SecuritiesAndFaults))]
    public async Task A_read_that_fails_ends_the_session_with_TransportFailed(string security, TransportFault fault)
    {
        foreach (var create in Exceptions)
        {
            await using var pair = await HostilePair.EstablishAsync(security);
            (pair.Transport.Reads, pair.Transport.CreateException) = (fault, create);

            await AssertTransportFailedAsync(pair, pair.Client.ReceiveAsync(Cancellation).AsTask(), create().GetType());
            await AssertTransportFailedAsync(pair, SendAndFlushAsync(pair.Client), create().GetType());
        }
    }

    [Theory]
    [MemberData(nameof(SecuritiesAndFaults))]
    public async Task A_pending_read_that_fails_ends_the_session_with_TransportFailed(string security, TransportFault fault)
    {
        foreach (var create in Exceptions)
        {
            await using var pair = await HostilePair.EstablishAsync(security);
            (pair.Transport.Writes, pair.Transport.CreateException) = (fault, create);
            var receiving = pair.Client.ReceiveAsync(Cancellation).AsTask();
            pair.Transport.Reset();

            await AssertTransportFailedAsync(pair, receiving, create().GetType());
        }
    }

    [Theory]
    [MemberData(nameof(SecuritiesAndFaults))]
    public async Task A_write_that_fails_ends_the_session_with_TransportFailed(string security, TransportFault fault)
    {
        foreach (var create in Exceptions)
        {
            await using var pair = await HostilePair.EstablishAsync(security);
            (pair.Transport.Writes, pair.Transport.CreateException) = (fault, create);

            await AssertTransportFailedAsync(pair, SendAndFlushAsync(pair.Client), create().GetType());
            await AssertTransportFailedAsync(pair, pair.Client.ReceiveAsync(Cancellation).AsTask(), create().GetType());
        }
    }

    [Theory]
    [MemberData(nameof(SecuritiesAndFaults))]
    public async Task A_flush_that_fails_ends_the_session_with_TransportFailed(string security, TransportFault fault)
    {
        foreach (var create in Exceptions)
        {
            await using var pair = await HostilePair.EstablishAsync(security);
            (pair.Transport.Flushes, pair.Transport.CreateException) = (fault, create);

            await AssertTransportFailedAsync(pair, SendAndFlushAsync(pair.Client), create().GetType());
        }
    }

    [Theory]
    [MemberData(nameof(SecuritiesAndFaults))]
    public async Task A_close_whose_write_fails_reports_TransportFailed(string security, TransportFault fault)
    {
        foreach (var create in Exceptions)
        {
            await using var pair = await HostilePair.EstablishAsync(security);
            (pair.Transport.Writes, pair.Transport.CreateException) = (fault, create);

            await AssertTransportFailedAsync(pair, pair.Client.CloseAsync(Cancellation).AsTask(), create().GetType());
        }
    }

    [Theory]
    [MemberData(nameof(SecuritiesAndFaults))]
    public async Task A_transport_whose_disposal_fails_does_not_fail_the_disposal_of_the_session(string security, TransportFault fault)
    {
        foreach (var create in Exceptions)
        {
            await using var pair = await HostilePair.EstablishAsync(security);
            (pair.Transport.Disposal, pair.Transport.CreateException) = (fault, create);

            var disposing = pair.Client.DisposeAsync().AsTask();
            await pair.Transport.FailPendingAsync();
            await disposing.WaitAsync(SessionPair.Patience, Cancellation);
            Assert.Equal(1, pair.Transport.Disposals);
            Assert.Equal(SessionErrorCode.DisposedBeforeClose, (await pair.Client.Completion).Error!.Code);
        }
    }

    [Theory]
    [MemberData(nameof(SecuritiesAndFaults))]
    public async Task A_read_that_fails_during_the_handshake_fails_the_handshake(string security, TransportFault fault)
    {
        foreach (var create in Exceptions)
        {
            await using var pair = HostilePair.Create(security);
            (pair.Transport.Reads, pair.Transport.CreateException) = (fault, create);

            await AssertTransportFailedAsync(pair, pair.Client.HandshakeAsync(Cancellation), create().GetType());
        }
    }

    [Theory]
    [MemberData(nameof(SecuritiesAndFaults))]
    public async Task A_write_that_fails_during_the_handshake_fails_the_handshake(string security, TransportFault fault)
    {
        foreach (var create in Exceptions)
        {
            await using var pair = HostilePair.Create(security);
            (pair.Transport.Writes, pair.Transport.CreateException) = (fault, create);

            await AssertTransportFailedAsync(pair, pair.Client.HandshakeAsync(Cancellation), create().GetType());
        }
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Data_that_arrived_before_a_reset_is_delivered_before_the_exception(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security);
        for (var i = 0; i < 3; i++)
            await pair.Server.SendAsync(new Note($"{i}"), Cancellation);
        await pair.Server.FlushAsync(Cancellation);
        pair.Transport.Reset();

        for (var i = 0; i < 3; i++)
            Assert.Equal($"{i}", (await SecureSessionTests.ReceiveAsync<Note>(pair.Client)).Text);
        await AssertTransportFailedAsync(pair, pair.Client.ReceiveAsync(Cancellation).AsTask(), typeof(IOException));
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task Data_that_arrived_before_an_alert_is_delivered_before_the_exception(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security);
        await pair.Server.SendAsync(new Note("before"), Cancellation);
        await pair.Server.FlushAsync(Cancellation);
        await pair.Server.AbortAsync(new SessionError(SessionErrorKind.LocalError, SessionErrorCode.HandlerFailed, AlertDescription.InternalError, "a handler failed"));

        Assert.Equal("before", (await SecureSessionTests.ReceiveAsync<Note>(pair.Client)).Text);
        var failure = await Assert.ThrowsAsync<SessionException>(() => pair.Client.ReceiveAsync(Cancellation).AsTask());
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.InternalError), (failure.Error.Kind, failure.Error.Alert));
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_read_that_returns_more_bytes_than_requested_fails_the_session(string security)
    {
        var connection = DuplexConnection.Create();
        await using var client = SecureSession.Create(new BoastfulStream(connection.Client), SessionPair.ClientOptions(security));
        var failure = await Assert.ThrowsAsync<SessionException>(() => client.HandshakeAsync(Cancellation).WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal(SessionErrorKind.TransportFailed, failure.Error.Kind);
    }

    private static async Task SendAndFlushAsync(SecureSession session)
    {
        await session.SendAsync(new Note("lost"), Cancellation);
        await session.FlushAsync(Cancellation);
    }

    // The exception has the transport's exception inside, the transport is disposed once, and the disposal of the session returns.
    private static async Task AssertTransportFailedAsync(HostilePair pair, Task operation, Type cause)
    {
        await pair.Transport.FailPendingAsync();
        // After a failed write, the session looks for an alert of the peer.
        pair.Time.Advance(TimeSpan.FromSeconds(1));
        var failure = await Assert.ThrowsAsync<SessionException>(() => operation.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal((SessionErrorKind.TransportFailed, SessionErrorCode.TransportFailed), (failure.Error.Kind, failure.Error.Code));
        Assert.Contains("no route", failure.Error.Message, StringComparison.Ordinal);
        Assert.IsType(cause, failure.InnerException!.GetBaseException());
        Assert.Equal(new SessionEnd(SessionEndReason.Failed, failure.Error), await pair.Client.Completion.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.True(SpinWait.SpinUntil(() => pair.Transport.Disposals > 0, SessionPair.Patience));
        Assert.Equal(1, pair.Transport.Disposals);
    }

    /// <summary>A stream that reports a read of one byte more than the buffer has.</summary>
    private sealed class BoastfulStream(Stream inner) : AsyncStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(buffer.Length + 1);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);
    }
}
