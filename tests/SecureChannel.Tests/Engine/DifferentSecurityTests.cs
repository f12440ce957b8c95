using SecureChannel.Handshakes;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Engine;

/// <summary>Endpoints that use different securities, or a peer without one. The errors of both endpoints say so.</summary>
public sealed class DifferentSecurityTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Both_endpoints_report_different_securities(bool isTlsClient)
    {
        using var client = isTlsClient ? Tls(Role.Client) : KeyTransport(Role.Client);
        using var server = isTlsClient ? KeyTransport(Role.Server) : Tls(Role.Server);
        server.Deliver(client.TakeOutput(), default);
        client.Deliver(server.TakeOutput(), default);

        var (first, second) = isTlsClient ? ("TLS", "key-transport/1") : ("key-transport/1", "TLS");
        AssertDifferent(server, $"the first bytes of the peer look like a record of {first}.");
        AssertDifferent(client, $"the first bytes of the peer look like the alert UnexpectedMessage of {second}.");
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n", "an HTTP request without TLS")]
    [InlineData("POST /", "an HTTP request without TLS")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n", "an HTTP response without TLS")]
    [InlineData("PRI * HTTP/2.0\r\n", "an HTTP/2 request without TLS")]
    [InlineData("SSH-2.0-OpenSSH_9.9\r\n", "SSH")]
    [InlineData("SSH", "SSH")]
    [InlineData("220 mail.example ESMTP\r\n", "text without TLS, such as HTTP or SSH")]
    [InlineData("G", "text without TLS, such as HTTP or SSH")]
    public void A_peer_without_a_security_is_recognized(string start, string name)
    {
        foreach (var end in new[] { Tls(Role.Client), Tls(Role.Server), KeyTransport(Role.Client), KeyTransport(Role.Server) })
        {
            using (end)
            {
                end.TakeOutput();
                end.Deliver(System.Text.Encoding.ASCII.GetBytes(start), default);
                AssertDifferent(end, $"look like {name}.");
            }
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x16 }, "a record of TLS")]
    [InlineData(new byte[] { 0x16, 3, 1, 2, 0, 1 }, "a record of TLS")]
    [InlineData(new byte[] { 0x15, 3, 3, 0, 2, 2, 40 }, "the alert HandshakeFailure of TLS")]
    [InlineData(new byte[] { 0x15, 3, 3 }, "an alert of TLS")]
    public void Key_transport_recognizes_TLS_at_its_first_byte(byte[] start, string name)
    {
        using var end = KeyTransport(Role.Client);
        end.Deliver(start, default);
        AssertDifferent(end, $"look like {name}.");
    }

    [Theory]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 0x80, 0x2E, 1 })]
    [InlineData(new byte[] { 0x16, 9, 9 })]
    public void Unknown_bytes_are_a_violation(byte[] start)
    {
        using var end = KeyTransport(Role.Server);
        end.Deliver(start, default);
        Assert.Equal((SessionErrorKind.ProtocolViolation, SessionErrorCode.UnexpectedMessage), (end.Error?.Kind, end.Error?.Code));
    }

    private static EngineEnd Tls(Role role) => Start(SessionSecurity.Tls13.Handshake!, protocol =>
        role == Role.Client ? protocol.CreateClient(Tls13Ends.Client) : protocol.CreateServer(Tls13Ends.Server));

    private static EngineEnd KeyTransport(Role role) => Start(SessionSecurity.KeyTransport.Handshake!, protocol =>
        role == Role.Client ? protocol.CreateClient(KeyTransportEnds.Client) : protocol.CreateServer(KeyTransportEnds.Server));

    private static EngineEnd Start(HandshakeProtocol protocol, Func<HandshakeProtocol, HandshakeMachine> create)
    {
        var end = new EngineEnd(new ChannelEngine(create(protocol), protocol.Records, EnginePair.HandshakeTimeout));
        end.Engine.Start(default, end.Output);
        return end;
    }

    private static void AssertDifferent(EngineEnd end, string text)
    {
        Assert.Equal(
            (SessionErrorKind.Incompatible, SessionErrorCode.DifferentSecurity, AlertDescription.UnexpectedMessage), (end.Error?.Kind, end.Error?.Code, end.Error?.Alert));
        Assert.Contains(text, end.Error!.Message, StringComparison.Ordinal);
    }
}
