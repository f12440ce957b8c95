using SecureChannel.Cryptography;
using SecureChannel.Messages;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

public sealed class SecureSessionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task Messages_are_exchanged_and_a_close_ends_both_endpoints_in_order(string security, TransportKind transport)
    {
        await using var pair = await SessionPair.EstablishAsync(security, transport);

        await pair.Client.SendAsync(new Note("hello"), Cancellation);
        Assert.Equal(new Note("hello"), await ReceiveAsync<Note>(pair.Server));
        await pair.Server.SendAsync(new Note("welcome"), Cancellation);
        Assert.Equal(new Note("welcome"), await ReceiveAsync<Note>(pair.Client));

        await pair.Client.SendAsync(new Note("bye"), Cancellation);
        await pair.Client.CloseAsync(Cancellation);
        await pair.Client.CloseAsync(Cancellation);
        Assert.Equal(new Note("bye"), await ReceiveAsync<Note>(pair.Server));
        Assert.Null(await pair.Server.ReceiveAsync(Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedLocally), await pair.Client.Completion.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.False(pair.Server.Completion.IsCompleted);
        await pair.Server.CloseAsync(Cancellation);
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), await pair.Server.Completion.WaitAsync(SessionPair.Patience, Cancellation));
    }

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task Both_endpoints_have_the_negotiated_parameters(string security, TransportKind transport)
    {
        var client = new ClientOptions
        {
            Security = SessionPair.SecurityOf(security),
            Trust = TrustPolicy.FromAuthorities(SessionPair.Authority.Certificate),
            ServerName = SessionPair.ServerName,
            ApplicationProtocols = ["chat/1", "bank/1"],
            IdleTimeout = TimeSpan.FromSeconds(90),
        };
        var server = new ServerOptions
        {
            Security = SessionPair.SecurityOf(security),
            Identity = SessionPair.IdentityFor(client.Security),
            ApplicationProtocols = ["bank/1"],
            IdleTimeout = TimeSpan.FromSeconds(60),
        };
        await using var pair = await SessionPair.EstablishAsync(transport, client, server);

        Assert.Equal(SessionPair.ServerName, pair.Client.PeerIdentity?.Name);
        Assert.Equal(SessionPair.IdentityFor(client.Security).Certificate.RawData, pair.Client.PeerIdentity!.Certificate!.RawData);
        foreach (var session in (SecureSession[])[pair.Client, pair.Server])
        {
            Assert.Equal("bank/1", session.ApplicationProtocol);
            Assert.Equal(TimeSpan.FromSeconds(60), session.Negotiated!.IdleTimeout);
            Assert.True(session.Negotiated.CipherSuite!.Value.IsKnown);
        }
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Messages_of_every_size_are_received_intact(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(security);
        int[] sizes = [0, 1, 61, 62, 63, 64, 16381, 16382, 16383, 16384, 16385, 40_000, 100_000, 1_000_000, 3];
        var sending = Task.Run(async () =>
        {
            foreach (var size in sizes)
                await pair.Client.SendAsync(new Blob(Pattern(size)), Cancellation);
        }, Cancellation);

        foreach (var size in sizes)
            Assert.Equal(Pattern(size), (await ReceiveAsync<Blob>(pair.Server)).Bytes.ToArray());
        await sending;
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Both_directions_run_concurrently(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(security, TransportKind.Socket);
        const int count = 2000;

        await Task.WhenAll(SendAllAsync(pair.Client), SendAllAsync(pair.Server), ReceiveAllAsync(pair.Client), ReceiveAllAsync(pair.Server))
            .WaitAsync(SessionPair.Patience, Cancellation);

        async Task SendAllAsync(SecureSession session)
        {
            for (var i = 0; i < count; i++)
                await session.SendAsync(new Note($"note {i}"), Cancellation);
            await session.FlushAsync(Cancellation);
        }

        async Task ReceiveAllAsync(SecureSession session)
        {
            for (var i = 0; i < count; i++)
                Assert.Equal($"note {i}", (await ReceiveAsync<Note>(session)).Text);
        }
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Operations_throw_before_the_handshake_and_send_nothing(string security)
    {
        await using var pair = await SessionPair.CreateAsync(
            TransportKind.Stream, SessionPair.ClientOptions(security), SessionPair.ServerOptions(security));

        // A separate variable hides the misuse from SCH3001.
        var session = pair.Client;
        var send = await Assert.ThrowsAsync<InvalidOperationException>(async () => await session.SendAsync(new Note("early"), Cancellation));
        Assert.Contains("HandshakeAsync", send.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await session.ReceiveAsync(Cancellation));
        Assert.Throws<InvalidOperationException>(() => session.AsStream());
        Assert.Empty(pair.Connection!.ClientToServer.Recorded);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_second_concurrent_receive_throws_and_the_first_continues(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(security);
        var first = pair.Client.ReceiveAsync(Cancellation).AsTask();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await pair.Client.ReceiveAsync(Cancellation));
        Assert.Contains("in progress", refused.Message, StringComparison.Ordinal);

        await pair.Server.SendAsync(new Note("still here"), Cancellation);
        Assert.NotNull(await first.WaitAsync(SessionPair.Patience, Cancellation));
    }

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task A_canceled_receive_loses_no_message(string security, TransportKind transport)
    {
        await using var pair = await SessionPair.EstablishAsync(security, transport);
        using var giveUp = new CancellationTokenSource();
        var waiting = pair.Client.ReceiveAsync(giveUp.Token).AsTask();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(SessionPair.Patience, Cancellation));

        await pair.Server.SendAsync(new Note("after"), Cancellation);
        Assert.Equal("after", (await ReceiveAsync<Note>(pair.Client)).Text);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_sender_waits_for_a_slow_peer_and_a_canceled_send_is_not_sent(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(security, capacity: 64 * 1024);
        var piece = new Blob(Pattern(50_000));
        var sent = 0;
        ValueTask send;
        for (send = pair.Client.SendAsync(piece, Cancellation); send.IsCompleted && sent < 100; send = pair.Client.SendAsync(piece, Cancellation))
            sent++;
        Assert.InRange(sent, 3, 20);

        using var giveUp = new CancellationTokenSource();
        var extraTask = send.AsTask();
        Assert.False(extraTask.IsCompleted);
        var reading = Task.Run(async () =>
        {
            var count = 0;
            while (await pair.Server.ReceiveAsync(Cancellation) is { } message)
            {
                Assert.True(WireSerializer.TryRead<Blob>(message.Body.Span, out var blob, out _));
                Assert.True(blob.Bytes.Span.SequenceEqual(piece.Bytes.Span));
                count++;
            }
            return count;
        }, Cancellation);
        await extraTask.WaitAsync(SessionPair.Patience, Cancellation);
        await pair.Client.CloseAsync(Cancellation);
        Assert.Equal(sent + 1, await reading.WaitAsync(SessionPair.Patience, Cancellation));
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_waiting_send_that_is_canceled_sends_no_byte(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(security, capacity: 64 * 1024);
        var piece = new Blob(Pattern(50_000));
        using var giveUp = new CancellationTokenSource();
        var sent = 0;
        ValueTask send;
        for (send = pair.Client.SendAsync(piece, giveUp.Token); send.IsCompleted; send = pair.Client.SendAsync(piece, giveUp.Token))
            sent++;
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await send);

        var reading = Task.Run(async () =>
        {
            var count = 0;
            while (await pair.Server.ReceiveAsync(Cancellation) is { Code: 2 })
                count++;
            return count;
        }, Cancellation);
        await pair.Client.SendAsync(new Note("the end"), Cancellation);
        Assert.Equal(sent, await reading.WaitAsync(SessionPair.Patience, Cancellation));
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_message_above_the_limit_of_the_peer_is_refused_before_it_is_sent(string security)
    {
        var strict = SessionPair.ServerOptions(security) with { MaxMessageSize = 1000 };
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Stream, SessionPair.ClientOptions(security), strict);
        Assert.Equal((1000, 1 << 20), (pair.Client.Negotiated!.PeerMaxMessageSize, pair.Server.Negotiated!.PeerMaxMessageSize));
        var written = pair.Connection!.ClientToServer.Recorded.Length;

        var refusal = await Assert.ThrowsAsync<ArgumentException>(async () => await pair.Client.SendAsync(new Blob(Pattern(2000)), Cancellation));
        Assert.Contains("'Blob' has 2002 bytes, but the peer receives messages of at most 1000 bytes. Increase 'MaxMessageSize'", refusal.Message, StringComparison.Ordinal);
        await pair.Client.FlushAsync(Cancellation);
        Assert.Equal(written, pair.Connection.ClientToServer.Recorded.Length);

        await pair.Client.SendAsync(new Blob(Pattern(998)), Cancellation);
        Assert.Equal(Pattern(998), (await SecureSessionTests.ReceiveAsync<Blob>(pair.Server)).Bytes.ToArray());
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_message_above_the_limit_fails_the_session_with_the_peer_at_fault(string security)
    {
        var server = SessionPair.ServerOptions(security);
        var strict = new ServerOptions { Security = server.Security, Identity = server.Identity, MaxMessageSize = 1000 };
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Stream, SessionPair.ClientOptions(security), strict);

        // The header of a message of 2,000 bytes, which this library does not send.
        await pair.Client.AsStream().WriteAsync(new byte[] { 1, 0x47, 0xD0 }, Cancellation);
        var failure = await Assert.ThrowsAsync<SessionException>(async () => await pair.Server.ReceiveAsync(Cancellation));
        Assert.Equal(SessionErrorKind.MalformedMessage, failure.Error.Kind);
        Assert.Contains("2000 bytes (code 1) was received; 'MaxMessageSize' is 1000 bytes", failure.Error.Message, StringComparison.Ordinal);
        Assert.Equal(SessionEndReason.Failed, pair.Server.End!.Reason);

        var seen = await Assert.ThrowsAsync<SessionException>(async () => await pair.Client.AsStream().ReadExactlyAsync(new byte[1], Cancellation));
        Assert.Equal(security == SessionSecurity.SslStream.Name ? SessionErrorKind.Truncated : SessionErrorKind.AlertReceived, seen.Error.Kind);
    }

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task An_abort_fails_pending_operations_at_both_endpoints(string security, TransportKind transport)
    {
        await using var pair = await SessionPair.EstablishAsync(security, transport);
        var here = pair.Client.ReceiveAsync(Cancellation).AsTask();
        var there = pair.Server.ReceiveAsync(Cancellation).AsTask();
        var error = new SessionError(SessionErrorKind.ProtocolViolation, SessionErrorCode.NotAuthorized, AlertDescription.AccessDenied, "The peer asked for what it may not have.");

        await pair.Client.AbortAsync(error);

        Assert.Equal(error, (await Assert.ThrowsAsync<SessionException>(() => here.WaitAsync(SessionPair.Patience, Cancellation))).Error);
        var refused = await Assert.ThrowsAsync<SessionException>(() => there.WaitAsync(SessionPair.Patience, Cancellation));
        if (security != SessionSecurity.SslStream.Name)
            Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.AccessDenied), (refused.Error.Kind, refused.Error.Alert));
        Assert.Equal(error, (await Assert.ThrowsAsync<SessionException>(async () => await pair.Client.SendAsync(new Note("late"), Cancellation))).Error);
    }

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task Disposal_of_an_open_session_fails_pending_receives_at_both_endpoints(string security, TransportKind transport)
    {
        await using var pair = await SessionPair.EstablishAsync(security, transport);
        var here = pair.Client.ReceiveAsync(Cancellation).AsTask();
        var there = pair.Server.ReceiveAsync(Cancellation).AsTask();

        await pair.Client.DisposeAsync();

        var disposed = (await Assert.ThrowsAsync<SessionException>(() => here.WaitAsync(SessionPair.Patience, Cancellation))).Error;
        Assert.Equal((SessionErrorKind.LocalError, SessionErrorCode.DisposedBeforeClose), (disposed.Kind, disposed.Code));
        var aborted = (await Assert.ThrowsAsync<SessionException>(() => there.WaitAsync(SessionPair.Patience, Cancellation))).Error;
        Assert.Equal(
            security == SessionSecurity.SslStream.Name ? (SessionErrorKind.Truncated, AlertDescription.InternalError) : (SessionErrorKind.AlertReceived, AlertDescription.GeneralError),
            (aborted.Kind, aborted.Alert));
        Assert.Equal(new SessionEnd(SessionEndReason.Failed, disposed), await pair.Client.Completion);
        Assert.Equal(new SessionEnd(SessionEndReason.Failed, aborted), await pair.Server.Completion);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await pair.Client.SendAsync(new Note("late"), Cancellation));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await pair.Client.ReceiveAsync(Cancellation));
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_message_that_cannot_be_encoded_throws_and_the_session_continues(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(security);
        await Assert.ThrowsAsync<ArgumentException>(async () => await pair.Client.SendAsync(new Tag("much too long"), Cancellation));

        await pair.Client.SendAsync(new Note("fine"), Cancellation);
        Assert.Equal("fine", (await ReceiveAsync<Note>(pair.Server)).Text);
    }

    [Fact]
    public async Task Exported_keying_material_is_equal_at_both_endpoints_and_differs_by_label()
    {
        await using var pair = await SessionPair.EstablishAsync(SessionSecurity.KeyTransport.Name);
        byte[] Export(SecureSession session, string label)
        {
            var output = new byte[32];
            session.ExportKeyingMaterial(label, [1, 2], output);
            return output;
        }

        Assert.Equal(Export(pair.Client, "a"), Export(pair.Server, "a"));
        Assert.NotEqual(Export(pair.Client, "a"), Export(pair.Client, "b"));
    }

    [Fact]
    public async Task SslStream_cannot_export_keying_material()
    {
        await using var pair = await SessionPair.EstablishAsync(SessionSecurity.SslStream.Name);
        Assert.Throws<NotSupportedException>(() => pair.Client.ExportKeyingMaterial("a", [], new byte[32]));
    }

    internal static async Task<TMessage> ReceiveAsync<TMessage>(SecureSession session)
        where TMessage : ICodedMessage<TMessage>
    {
        var received = await session.ReceiveAsync(Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Equal(TMessage.Code, received!.Value.Code);
        Assert.True(WireSerializer.TryRead<TMessage>(received.Value.Body.Span, out var message, out _));
        return message;
    }

    internal static byte[] Pattern(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }
}

/// <summary>A message with a small limit.</summary>
[Message(3)]
public readonly partial record struct Tag([property: ByteLength(1, 4)] string Text);
