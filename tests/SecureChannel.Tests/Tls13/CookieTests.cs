using SecureChannel.Handshakes;
using SecureChannel.Testing;
using SecureChannel.Tls13;

namespace SecureChannel.Tests.Tls13;

/// <summary>HelloRetryRequests with cookies of any length. A ClientHello has room for 2^16 - 1 bytes of extensions.</summary>
public sealed class CookieTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(60_000, true)]
    [InlineData(65_300, true)]
    [InlineData(65_400, false)]
    [InlineData(65_518, false)]
    public void A_cookie_is_sent_back_or_refused_with_illegal_parameter(int length, bool fits)
    {
        var protocol = SessionSecurity.Tls13.Handshake!;
        using var client = new EngineEnd(new ChannelEngine(protocol.CreateClient(Tls13Ends.Client), protocol.Records, EnginePair.HandshakeTimeout, maxHandshakeMessageLength: 1 << 17));
        client.Engine.Start(default, client.Output);
        var hello = HandshakeWire.Messages(client.TakeOutput()).Single();
        using var server = new ScriptedServer(hello);
        var retry = server.HelloRetryRequest(
            new HelloRetryRequestExtension.SupportedVersions(ProtocolVersion.Tls13), new HelloRetryRequestExtension.Cookie(new byte[length]));
        foreach (var fragment in retry.Chunk(RecordFormat.MaxContentLength))
            client.Deliver(HandshakeWire.Record(protocol.Records, protocol.Records.Handshake, fragment), default);

        if (!fits)
        {
            Assert.Equal(
                (SessionErrorKind.ProtocolViolation, SessionErrorCode.IllegalParameter, AlertDescription.IllegalParameter),
                (client.Error?.Kind, client.Error?.Code, client.Error?.Alert));
            Assert.Contains($"a cookie of {length} bytes", client.Error!.Message, StringComparison.Ordinal);
            return;
        }

        Assert.Null(client.Error);
        var output = client.TakeOutput();

        // The record of the middlebox compatibility mode precedes the message.
        server.Receive(Assert.Single(HandshakeWire.Messages(output.AsSpan(6))));
        Assert.Equal(length, server.Offer.Cookie!.Value.Length);
    }
}
