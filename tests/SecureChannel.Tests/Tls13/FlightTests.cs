using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Testing;
using SecureChannel.Tls13;

namespace SecureChannel.Tests.Tls13;

/// <summary>The limits of a flight: data behind it, records within its messages, and the record that precedes the client's second flight.</summary>
public sealed class FlightTests
{
    private static readonly RecordFormat Format = SessionSecurity.Tls13.Handshake!.Records;
    private static readonly ClientHandshakeParameters Retrying = Tls13Ends.Client with { Groups = [NamedGroup.Secp256r1, NamedGroup.Secp384r1] };
    private static readonly byte[] ChangeCipherSpec = [20, 3, 3, 0, 1, 1];

    [Theory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public void Data_behind_a_hello_is_refused_before_the_HelloRetryRequest(int length)
    {
        using var server = new EngineEnd(CreateServer([NamedGroup.Secp384r1]));
        server.Engine.Start(default, server.Output);
        using var client = new ScriptedClient(Retrying);
        var hello = client.Hello();
        server.Deliver(HandshakeWire.Record(Format, Format.Handshake, [.. hello, .. hello.Take(length)]), default);
        AssertRefused(server);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public void Data_behind_a_HelloRetryRequest_is_refused_before_the_second_hello(int length)
    {
        using var client = new EngineEnd(new ChannelEngine(SessionSecurity.Tls13.Handshake!.CreateClient(Retrying), Format, EnginePair.HandshakeTimeout));
        client.Engine.Start(default, client.Output);
        using var server = new ScriptedServer(HandshakeWire.Messages(client.TakeOutput())[0]);
        var retry = server.HelloRetryRequest(
            new HelloRetryRequestExtension.KeyShare(NamedGroup.Secp384r1), new HelloRetryRequestExtension.SupportedVersions(ProtocolVersion.Tls13));
        client.Deliver(HandshakeWire.Record(Format, Format.Handshake, [.. retry, .. retry.Take(length)]), default);
        AssertRefused(client, ChangeCipherSpec);
    }

    [Fact]
    public void Data_behind_a_hello_is_refused_before_the_ServerHello()
    {
        using var server = new EngineEnd(CreateServer([NamedGroup.Secp256r1]));
        server.Engine.Start(default, server.Output);
        using var client = new ScriptedClient();
        server.Deliver(HandshakeWire.Record(Format, Format.Handshake, [.. client.Hello(), 1]), default);
        AssertRefused(server);
    }

    [Theory]
    [InlineData(AlertDescription.CloseNotify)]
    [InlineData(AlertDescription.UserCanceled)]
    [InlineData(AlertDescription.HandshakeFailure)]
    public void An_alert_within_a_message_is_unexpected(AlertDescription alert)
    {
        // RFC 9846 section 5.1: "if a handshake message is split over two or more records, there MUST NOT be any other records between them."
        using var pair = Tls13Ends.CreatePair().Start();
        var hello = pair.Client.TakeOutput();
        pair.Server.Deliver(HandshakeWire.Record(Format, Format.Handshake, hello.AsSpan(5, 40)), pair.Now);
        pair.Server.Deliver(HandshakeWire.Record(Format, Format.Alert, 1, (byte)alert), pair.Now);
        Assert.Equal((SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage), (pair.Server.Error!.Kind, pair.Server.Error.Alert));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_client_sends_change_cipher_spec_before_a_protected_alert(bool isRetried)
    {
        // RFC 9846 appendix E.4: "immediately before its second flight", which is the alert.
        using var pair = isRetried ? Tls13Ends.CreatePair(Retrying, Tls13Ends.Server with { Groups = [NamedGroup.Secp384r1] }) : Tls13Ends.CreatePair();
        pair.Start();
        pair.Carry(Role.Client);
        if (isRetried)
        {
            pair.Carry(Role.Server);
            pair.Carry(Role.Client);
        }

        // The record after ServerHello and change_cipher_spec cannot be decrypted.
        pair.Alter = (from, bytes) => from == Role.Server ? [.. bytes[..^1], (byte)(bytes[^1] ^ 1)] : bytes;
        pair.Carry(Role.Server);
        Assert.Equal(AlertDescription.BadRecordMac, pair.Client.Error!.Alert);
        var sent = pair.Client.TakeOutput();
        Assert.Equal(isRetried ? [23] : ChangeCipherSpec.Append((byte)23), sent.Take(isRetried ? 1 : 7));
        pair.Alter = (_, bytes) => bytes;
        pair.Server.Deliver(sent, pair.Now);
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.BadRecordMac), (pair.Server.Error!.Kind, pair.Server.Error.Alert));
    }

    [Fact]
    public void A_client_sends_no_change_cipher_spec_before_an_alert_that_is_not_protected()
    {
        using var client = new EngineEnd(new ChannelEngine(SessionSecurity.Tls13.Handshake!.CreateClient(Tls13Ends.Client), Format, EnginePair.HandshakeTimeout));
        client.Engine.Start(default, client.Output);
        client.TakeOutput();
        client.Deliver(HandshakeWire.Record(Format, Format.Handshake, 2, 0, 0, 1, 0), default);
        Assert.Equal([Format.Alert, 3, 3, 0, 2, 2, (byte)AlertDescription.DecodeError], client.TakeOutput());
    }

    private static ChannelEngine CreateServer(NamedGroup[] groups) =>
        new(SessionSecurity.Tls13.Handshake!.CreateServer(Tls13Ends.Server with { Groups = [.. groups] }), Format, EnginePair.HandshakeTimeout);

    // Nothing but an unprotected alert was sent, in a client's second flight after change_cipher_spec.
    private static void AssertRefused(EngineEnd end, params byte[] prefix)
    {
        Assert.Equal((SessionErrorCode.UnexpectedMessage, AlertDescription.UnexpectedMessage), (end.Error?.Code, end.Error?.Alert));
        Assert.Equal([.. prefix, Format.Alert, 3, 3, 0, 2, 2, (byte)AlertDescription.UnexpectedMessage], end.TakeOutput());
    }
}
