using System.Net.Security;
using System.Security.Authentication;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>Accepted data is delivered before an orderly end, or the reader receives an exception.</summary>
public sealed class AcceptedDataTests
{
    private const int Capacity = 64 * 1024;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Disposal_with_unwritten_data_is_never_an_orderly_end(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security, capacity: Capacity);
        var writing = WriteAsync(pair.Client, 288_000);
        Assert.False(writing.IsCompleted);
        await pair.CompleteAsync(pair.Client.DisposeAsync().AsTask());
        Assert.NotNull(await Record.ExceptionAsync(() => writing.WaitAsync(SessionPair.Patience, Cancellation)));

        Assert.InRange(await ReadToExceptionAsync(pair.Server), 0, 287_999);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task An_abort_with_unwritten_data_is_never_an_orderly_end(string security)
    {
        foreach (var code in (SessionErrorCode[])[SessionErrorCode.StateDeadline, SessionErrorCode.HandlerFailed])
        {
            await using var pair = await HostilePair.EstablishAsync(security, capacity: Capacity);
            var writing = WriteAsync(pair.Client, 288_000);
            var error = new SessionError(SessionErrorKind.LocalError, code, AlertDescription.GeneralError, "enough");
            await pair.CompleteAsync(pair.Client.AbortAsync(error).AsTask());
            var failure = await Assert.ThrowsAsync<SessionException>(() => writing.WaitAsync(SessionPair.Patience, Cancellation));
            Assert.Equal(error, failure.Error);

            Assert.InRange(await ReadToExceptionAsync(pair.Server), 0, 287_999);
        }
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Disposal_after_a_flush_delivers_everything_but_is_not_an_orderly_end(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security);
        await WriteAsync(pair.Client, 288_000);
        await pair.Client.FlushAsync(Cancellation);
        await pair.Client.DisposeAsync();

        Assert.Equal(288_000, await ReadToExceptionAsync(pair.Server));
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task An_abort_with_an_alert_that_is_not_an_error_throws_and_the_session_continues(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security);
        foreach (var alert in (AlertDescription[])[AlertDescription.UserCanceled, AlertDescription.CloseNotify])
        {
            var error = new SessionError(SessionErrorKind.LocalError, SessionErrorCode.Aborted, alert, "enough");
            await Assert.ThrowsAsync<ArgumentException>(async () => await pair.Client.AbortAsync(error));
        }

        Assert.Null(pair.Client.End);
        await pair.Client.SendAsync(new Note("still here"), Cancellation);
        Assert.Equal("still here", (await SecureSessionTests.ReceiveAsync<Note>(pair.Server)).Text);
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task The_peers_close_notify_does_not_discard_accepted_writes(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security, capacity: Capacity);
        var writing = WriteAsync(pair.Server, 200_000);
        Assert.False(writing.IsCompleted);
        await pair.Client.CompleteWritesAsync(Cancellation);
        Assert.Equal(0, await pair.Server.AsStream().ReadAsync(new byte[1], Cancellation));

        var closing = CloseAfterAsync(writing, pair.Server);
        Assert.Equal(200_000, await ReadToEndAsync(pair.Client.AsStream()));
        await closing.WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), pair.Server.End);
    }

    [Fact]
    public async Task A_shutdown_of_an_SslStream_peer_does_not_discard_accepted_writes()
    {
        var connection = DuplexConnection.Create(Capacity);
        await using var server = SecureSession.Create((Stream)connection.Server, SessionPair.ServerOptions("sslstream"));
        await using var client = new SslStream(connection.Client);
        var shaking = server.HandshakeAsync(Cancellation);
        await client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = SessionPair.ServerName,
            EnabledSslProtocols = SslProtocols.Tls13,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
        }, Cancellation).WaitAsync(SessionPair.Patience, Cancellation);
        // The exchange of session parameters: those of the client, without an idle timeout and keep-alive, and those of the server, with an idle timeout.
        await client.WriteAsync(Convert.FromHexString("030F" + "5365637572654368" + "01" + "00" + "00" + "00100000"), Cancellation);
        await client.ReadExactlyAsync(new byte[21], Cancellation);
        await shaking.WaitAsync(SessionPair.Patience, Cancellation);
        var writing = WriteAsync(server, 200_000);
        await client.ShutdownAsync();
        Assert.Equal(0, await server.AsStream().ReadAsync(new byte[1], Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation));

        var closing = CloseAfterAsync(writing, server);
        Assert.Equal(200_000, await ReadToEndAsync(client));
        await closing.WaitAsync(SessionPair.Patience, Cancellation);
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task Without_AllowHalfClose_accepted_writes_that_are_discarded_are_never_an_orderly_end(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(
            TransportKind.Stream, SessionPair.ClientOptions(security), SessionPair.ServerOptions(security) with { AllowHalfClose = false }, Capacity);
        var writing = WriteAsync(pair.Server, 200_000);
        await pair.Client.CompleteWritesAsync(Cancellation);
        Assert.Equal(0, await pair.Server.AsStream().ReadAsync(new byte[1], Cancellation));

        Assert.InRange(await ReadToExceptionAsync(pair.Client), 0, 199_999);
        var failure = await Assert.ThrowsAsync<SessionException>(() => writing.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal(SessionErrorKind.Closed, failure.Error.Kind);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_close_within_a_message_is_a_violation_of_the_protocol(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security);
        // Code 2, a body of 3 bytes, and one of them.
        await pair.Client.AsStream().WriteAsync(new byte[] { 2, 3, 1 }, Cancellation);
        await pair.Client.CloseAsync(Cancellation);

        var failure = await Assert.ThrowsAsync<SessionException>(() => pair.Server.ReceiveAsync(Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal((SessionErrorKind.ProtocolViolation, SessionErrorCode.ClosedEarly), (failure.Error.Kind, failure.Error.Code));
        Assert.Equal(new SessionEnd(SessionEndReason.Failed, failure.Error), await pair.Server.Completion);
    }

    private static async Task WriteAsync(SecureSession session, int count) => await session.AsStream().WriteAsync(new byte[count], Cancellation);

    private static async Task CloseAfterAsync(Task writing, SecureSession session)
    {
        await writing;
        await session.CloseAsync(Cancellation);
    }

    private static async Task<int> ReadToEndAsync(Stream stream)
    {
        using var received = new MemoryStream();
        await stream.CopyToAsync(received, Cancellation).WaitAsync(SessionPair.Patience, Cancellation);
        return (int)received.Length;
    }

    // Fails if the stream reports an orderly end.
    private static async Task<int> ReadToExceptionAsync(SecureSession session)
    {
        using var received = new MemoryStream();
        var copying = session.AsStream().CopyToAsync(received, Cancellation).WaitAsync(SessionPair.Patience, Cancellation);
        var failure = await Assert.ThrowsAsync<SessionException>(() => copying);
        Assert.Contains(failure.Error.Kind, (SessionErrorKind[])[SessionErrorKind.AlertReceived, SessionErrorKind.Truncated]);
        Assert.Equal(new SessionEnd(SessionEndReason.Failed, failure.Error), session.End);
        return (int)received.Length;
    }
}
