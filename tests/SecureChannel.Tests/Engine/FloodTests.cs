using SecureChannel.Handshakes;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Engine;

/// <summary>What a peer may not send for ever, and what it may not send at all, over the records of TLS 1.3.</summary>
public sealed class FloodTests
{
    // More than any peer needs, and few enough to be cheap.
    private const int Bound = 32;

    private static readonly RecordFormat Format = SessionSecurity.Tls13.Handshake!.Records;
    private static readonly CertificateIdentity Identity = KeyTransportEnds.Authority.IssueServer(KeyTransportEnds.ServerName, CertificatePurpose.TlsServer);
    private static readonly byte[] ChangeCipherSpec = HandshakeWire.Record(Format, Format.ChangeCipherSpec!.Value, 1);
    private static readonly byte[] UserCanceled = [1, (byte)AlertDescription.UserCanceled];

    [Fact]
    public void Empty_records_are_taken_until_there_are_too_many_in_a_row()
    {
        using var pair = Establish();
        var writer = HandshakeWire.WriterOf(pair.Client);
        for (var round = 0; round < 5; round++)
        {
            for (var n = 0; n < Bound; n++)
                writer.Write(Format.ApplicationData, [], pair.Client.Output);
            pair.Write(Role.Client, (byte)round);
            pair.Run();
        }

        Assert.Equal([0, 1, 2, 3, 4], pair.Server.Received);
        for (var n = 0; n <= Bound; n++)
            writer.Write(Format.ApplicationData, [], pair.Client.Output);
        pair.Run();
        AssertUnexpected(pair.Server, "without application data");
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.UnexpectedMessage), (pair.Client.Error!.Kind, pair.Client.Error.Alert));
    }

    [Fact]
    public void Renewed_keys_are_taken_until_there_are_too_many_in_a_row()
    {
        using var pair = Establish();
        for (var n = 0; n <= Bound; n++)
        {
            Assert.Null(pair.Server.Error);
            RenewClientKeys(pair);
        }

        AssertUnexpected(pair.Server, "without application data");
    }

    [Fact]
    public void Keys_may_be_renewed_once_more_for_each_record_that_was_sent_whatever_came_meanwhile()
    {
        // A JDK that has reached its limit asks for new keys with each record that it takes, and much of what was sent lies before the answer.
        const int Sent = 100;
        using var pair = Establish();
        pair.Write(Role.Server, new byte[(Sent - 1) * RecordFormat.MaxContentLength]);
        pair.Write(Role.Server, 1);
        pair.Write(Role.Client, 1);
        pair.Run();
        for (var n = 0; n <= Sent + Bound; n++)
        {
            Assert.Null(pair.Server.Error);
            RenewClientKeys(pair);
        }

        AssertUnexpected(pair.Server, "without application data");
    }

    [Fact]
    public void Warnings_are_taken_until_there_are_too_many_in_a_row()
    {
        using var pair = Establish();
        var writer = HandshakeWire.WriterOf(pair.Client);
        for (var n = 0; n <= Bound; n++)
        {
            Assert.Null(pair.Server.Error);
            writer.Write(Format.Alert, UserCanceled, pair.Client.Output);
            pair.Run();
        }

        AssertUnexpected(pair.Server, "without application data");
    }

    [Fact]
    public void Change_cipher_spec_is_dropped_during_the_handshake_until_there_are_too_many()
    {
        using var few = Start();
        few.Carry(Role.Client);
        // The client adds the one that makes it look like TLS 1.2.
        for (var n = 0; n < Bound - 1; n++)
            few.Server.Deliver(ChangeCipherSpec, few.Now);
        few.Client.Deliver(ChangeCipherSpec, few.Now);
        few.Run();
        Assert.True(few.IsEstablished);

        using var many = Start();
        many.Carry(Role.Client);
        for (var n = 0; n <= Bound; n++)
            many.Server.Deliver(ChangeCipherSpec, many.Now);
        AssertUnexpected(many.Server, "without application data");
    }

    [Fact]
    public void Change_cipher_spec_before_the_first_message_and_after_the_last_is_refused()
    {
        // RFC 9846 section 5: "before the first ClientHello message or after the peer's Finished message, it MUST be treated as an unexpected record type".
        using var early = Start();
        early.Server.Deliver(ChangeCipherSpec, early.Now);
        AssertUnexpected(early.Server, "change_cipher_spec");

        foreach (var role in new[] { Role.Client, Role.Server })
        {
            using var late = Establish();
            late[role].Deliver(ChangeCipherSpec, late.Now);
            AssertUnexpected(late[role], "change_cipher_spec");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(1, 1)]
    [InlineData]
    public void Change_cipher_spec_of_another_value_is_refused(params int[] content)
    {
        // RFC 9846 section 5: "any other change_cipher_spec value" leads to unexpected_message.
        using var pair = Start();
        pair.Carry(Role.Client);
        pair.Server.Deliver(HandshakeWire.Record(Format, Format.ChangeCipherSpec!.Value, [.. content.Select(value => (byte)value)]), pair.Now);
        Assert.Equal(AlertDescription.UnexpectedMessage, pair.Server.Error!.Alert);
    }

    [Fact]
    public void A_cancelled_handshake_ends_with_the_close_that_follows()
    {
        // RFC 9846 section 6.1: user_canceled "MUST be followed by a "close_notify"", until which the peer is read.
        using var pair = Start();
        pair.Client.TakeOutput();
        pair.Wait(EnginePair.HandshakeTimeout);
        var sent = pair.Client.TakeOutput();
        Assert.Equal(
            [.. HandshakeWire.Record(Format, Format.Alert, UserCanceled), .. HandshakeWire.Record(Format, Format.Alert, 1, (byte)AlertDescription.CloseNotify)], sent);

        using var other = Start();
        other.Server.Deliver(sent.AsSpan(0, 7), other.Now);
        Assert.Null(other.Server.Engine.End);
        other.Server.Deliver(sent.AsSpan(7), other.Now);
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.UserCanceled), (other.Server.Error!.Kind, other.Server.Error.Alert));
    }

    [Fact]
    public void An_alert_that_nobody_knows_is_an_error()
    {
        // RFC 9846 section 6: "Unknown Alert types MUST be treated as error alerts", whatever level they name.
        using var pair = Establish();
        HandshakeWire.WriterOf(pair.Client).Write(Format.Alert, [1, 222], pair.Client.Output);
        pair.Run();
        Assert.Equal((SessionErrorKind.AlertReceived, (AlertDescription)222), (pair.Server.Error!.Kind, pair.Server.Error.Alert));
    }

    [Fact]
    public void A_first_message_of_many_records_of_one_byte_costs_no_more_than_its_length()
    {
        using var pair = new EnginePair(SessionSecurity.Tls13.Handshake!, Client with { ApplicationProtocols = [.. Enumerable.Range(0, 200).Select(n => new string('x', 250) + n)] }, Server).Start();
        var hello = HandshakeWire.Messages(pair.Client.TakeOutput()).Single();
        Assert.True(hello.Length > 50_000);
        foreach (var value in hello)
            pair.Server.Deliver(HandshakeWire.Record(Format, Format.Handshake, value), pair.Now);
        Assert.Null(pair.Server.Error);
        Assert.NotEmpty(pair.Server.TakeOutput());
    }

    private static ClientHandshakeParameters Client => KeyTransportEnds.Client;

    private static ServerHandshakeParameters Server => new() { Identity = Identity };

    private static EnginePair Start() => new EnginePair(SessionSecurity.Tls13.Handshake!, Client, Server).Start();

    private static EnginePair Establish()
    {
        var pair = Start().Run();
        Assert.True(pair.IsEstablished, $"{pair.Client.Error} {pair.Server.Error}");
        return pair;
    }

    private static void RenewClientKeys(EnginePair pair)
    {
        var machine = (HandshakeMachine)typeof(ChannelEngine)
            .GetField("_machine", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(pair.Client.Engine)!;
        Assert.True(machine.UpdateWriteKeys());
        pair.Run();
    }

    private static void AssertUnexpected(EngineEnd end, string reason)
    {
        Assert.Equal((SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage), (end.Error?.Kind, end.Error?.Alert));
        Assert.Contains(reason, end.Error!.Message, StringComparison.Ordinal);
    }
}
