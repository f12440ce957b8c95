using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>Handshakes over SslStream that fail because of the peer's security, the application protocol or a callback, and their errors.</summary>
public sealed class SslStreamPeerTests
{
    private static readonly string Security = SessionSecurity.SslStream.Name;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sslstream", "key-transport/1")]
    [InlineData("key-transport/1", "sslstream")]
    public async Task Both_endpoints_report_different_securities(string client, string server)
    {
        Assert.Equal("sslstream", Security);
        await using var pair = await SessionPair.CreateAsync(TransportKind.Stream, SessionPair.ClientOptions(client), SessionPair.ServerOptions(server));
        var (clientError, serverError) = await FailAsync(pair);

        Assert.Equal((SessionErrorKind.Incompatible, SessionErrorCode.DifferentSecurity), (clientError.Kind, clientError.Code));
        Assert.Equal((SessionErrorKind.Incompatible, SessionErrorCode.DifferentSecurity), (serverError.Kind, serverError.Code));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "an HTTP request without TLS")]
    [InlineData("SSH-2.0-OpenSSH_9.9\r\n", "SSH")]
    [InlineData("G", "text without TLS")]
    public async Task A_peer_without_a_security_is_recognized_and_receives_an_alert(string start, string name)
    {
        var connection = DuplexConnection.Create();
        await using var server = SecureSession.Create((Stream)connection.Server, SessionPair.ServerOptions(Security));
        var shaking = server.HandshakeAsync(Cancellation);
        await connection.Client.WriteAsync(System.Text.Encoding.ASCII.GetBytes(start), Cancellation);

        var failure = await FailAsync(shaking);
        Assert.Equal((SessionErrorKind.Incompatible, SessionErrorCode.DifferentSecurity), (failure.Error.Kind, failure.Error.Code));
        Assert.Contains(name, failure.Error.Message, StringComparison.Ordinal);

        // RFC 9846 section 6: a fatal unexpected_message.
        var alert = new byte[7];
        await connection.Client.ReadExactlyAsync(alert, Cancellation);
        Assert.Equal([21, 3, 3, 0, 2, 2, 10], alert);
    }

    [Theory]
    [InlineData(Role.Client)]
    [InlineData(Role.Server)]
    public async Task Application_data_of_a_TLS_peer_means_different_securities(Role role)
    {
        var isClient = role == Role.Client;
        await using var pair = await SessionPair.CreateAsync(TransportKind.Stream,
            SessionPair.ClientOptions(isClient ? Security : "tls/1.3"), SessionPair.ServerOptions(isClient ? "tls/1.3" : Security));
        var (local, peer) = isClient ? (pair.Client, pair.Server) : (pair.Server, pair.Client);
        var shaking = local.HandshakeAsync(Cancellation);
        await peer.HandshakeAsync(Cancellation).WaitAsync(SessionPair.Patience, Cancellation);
        await peer.SendAsync(new Blob(new byte[100]), Cancellation);
        await peer.FlushAsync(Cancellation);

        var failure = await FailAsync(shaking);
        Assert.Equal((SessionErrorKind.Incompatible, SessionErrorCode.DifferentSecurity), (failure.Error.Kind, failure.Error.Code));
    }

    [Fact]
    public async Task The_handshake_timeout_says_that_only_TLS_succeeded()
    {
        var time = new ManualTimeProvider();
        await using var pair = await SessionPair.CreateAsync(TransportKind.Stream,
            SessionPair.ClientOptions(Security, time), SessionPair.ServerOptions("tls/1.3", time));
        var shaking = pair.Client.HandshakeAsync(Cancellation);
        await pair.Server.HandshakeAsync(Cancellation).WaitAsync(SessionPair.Patience, Cancellation);
        await pair.Server.ReceiveAsync(Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation);
        time.Advance(TimeSpan.FromSeconds(10));

        var failure = await FailAsync(shaking);
        Assert.Equal((SessionErrorKind.TimedOut, SessionErrorCode.HandshakeTimeout), (failure.Error.Kind, failure.Error.Code));
        Assert.Contains("TLS handshake succeeded, but the peer did not send SessionParametersMessage", failure.Error.Message, StringComparison.Ordinal);
        Assert.Contains("'Security'", failure.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Role.Client)]
    [InlineData(Role.Server)]
    public async Task An_exception_of_the_observer_is_a_local_error(Role role)
    {
        var thrown = new InvalidOperationException("observed");
        void Observe(HandshakeProgress progress) => throw thrown;
        await using var pair = await SessionPair.CreateAsync(TransportKind.Stream,
            SessionPair.ClientOptions(Security) with { HandshakeObserver = role == Role.Client ? Observe : null },
            SessionPair.ServerOptions(Security) with { HandshakeObserver = role == Role.Server ? Observe : null });
        var (own, peer) = role == Role.Client ? (pair.Client, pair.Server) : (pair.Server, pair.Client);
        var peerHandshake = peer.HandshakeAsync(Cancellation);

        var failure = await FailAsync(own.HandshakeAsync(Cancellation));
        Assert.Equal((SessionErrorKind.LocalError, SessionErrorCode.CallbackFailed), (failure.Error.Kind, failure.Error.Code));
        Assert.Same(thrown, failure.InnerException);
        Assert.Contains("observed", failure.Error.Message, StringComparison.Ordinal);
        await own.DisposeAsync();

        // The observer may throw after the last message that the peer needs to complete its handshake.
        await Assert.ThrowsAsync<SessionException>(async () =>
        {
            await peerHandshake.WaitAsync(SessionPair.Patience, Cancellation);
            await peer.ReceiveAsync(Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task The_limit_of_messages_does_not_apply_to_the_handshake(int maxMessageSize)
    {
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Stream,
            SessionPair.ClientOptions(Security) with { MaxMessageSize = maxMessageSize },
            SessionPair.ServerOptions(Security) with { MaxMessageSize = maxMessageSize });
        await pair.Server.SendAsync(new Note(""), Cancellation);
        await pair.Server.FlushAsync(Cancellation);

        Assert.Equal("", (await SecureSessionTests.ReceiveAsync<Note>(pair.Client)).Text);
    }

    [Fact]
    public async Task A_server_with_application_protocols_refuses_a_client_that_offers_none()
    {
        await using var pair = await SessionPair.CreateAsync(TransportKind.Stream,
            SessionPair.ClientOptions(Security), SessionPair.ServerOptions(Security) with { ApplicationProtocols = ["bank/1"] });
        var (_, error) = await FailAsync(pair);

        Assert.Equal(
            (SessionErrorKind.Incompatible, SessionErrorCode.NoCommonProtocol, AlertDescription.NoApplicationProtocol), (error.Kind, error.Code, error.Alert));
        Assert.Contains("'bank/1'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_with_application_protocols_refuses_a_server_that_selects_none()
    {
        await using var pair = await SessionPair.CreateAsync(TransportKind.Stream,
            SessionPair.ClientOptions(Security) with { ApplicationProtocols = ["bank/1"] }, SessionPair.ServerOptions(Security));
        var (error, _) = await FailAsync(pair);

        Assert.Equal((SessionErrorKind.Incompatible, SessionErrorCode.NoCommonProtocol), (error.Kind, error.Code));
    }

    [Theory]
    [InlineData(Role.Client)]
    [InlineData(Role.Server)]
    public async Task An_application_protocol_that_is_not_required_may_be_absent(Role role)
    {
        IReadOnlyList<string> names = ["bank/1"];
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Stream,
            SessionPair.ClientOptions(Security) with { ApplicationProtocols = role == Role.Client ? names : [], RequireApplicationProtocol = false },
            SessionPair.ServerOptions(Security) with { ApplicationProtocols = role == Role.Server ? names : [], RequireApplicationProtocol = false });

        Assert.Null(pair.Client.Negotiated!.ApplicationProtocol);
        Assert.Null(pair.Server.Negotiated!.ApplicationProtocol);
    }

    private static async Task<(SessionError Client, SessionError Server)> FailAsync(SessionPair pair)
    {
        var (client, server) = (FailAsync(pair.Client.HandshakeAsync(Cancellation)), FailAsync(pair.Server.HandshakeAsync(Cancellation)));
        return ((await client).Error, (await server).Error);
    }

    private static Task<SessionException> FailAsync(Task shaking) =>
        Assert.ThrowsAsync<SessionException>(() => shaking.WaitAsync(SessionPair.Patience, Cancellation));
}
