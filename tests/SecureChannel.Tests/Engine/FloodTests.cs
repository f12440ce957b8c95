using SecureChannel.Handshakes;
using SecureChannel.Testing;
using SecureChannel.Tls13;

namespace SecureChannel.Tests.Engine;

/// <summary>Limits for records without data, and records that are never allowed, over the record format of TLS 1.3.</summary>
public sealed class FloodTests
{
    // The limit of the engine.
    private const int Limit = 32;

    private static readonly RecordFormat Format = SessionSecurity.Tls13.Handshake!.Records;
    private static readonly CertificateIdentity Identity = KeyTransportEnds.Authority.IssueServer(KeyTransportEnds.ServerName, CertificatePurpose.TlsServer);
    private static readonly byte[] ChangeCipherSpec = HandshakeWire.Record(Format, Format.ChangeCipherSpec!.Value, 1);
    private static readonly byte[] UserCanceled = [1, (byte)AlertDescription.UserCanceled];

    [Fact]
    public void Too_many_consecutive_empty_records_are_rejected()
    {
        using var pair = Establish();
        var writer = HandshakeWire.WriterOf(pair.Client);
        for (var round = 0; round < 5; round++)
        {
            for (var n = 0; n < Limit; n++)
                writer.Write(Format.ApplicationData, [], pair.Client.Output);
            pair.Write(Role.Client, (byte)round);
            pair.Run();
        }

        Assert.Equal([0, 1, 2, 3, 4], pair.Server.Received);
        for (var n = 0; n <= Limit; n++)
            writer.Write(Format.ApplicationData, [], pair.Client.Output);
        pair.Run();
        AssertUnexpected(pair.Server, "without application data");
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.UnexpectedMessage), (pair.Client.Error!.Kind, pair.Client.Error.Alert));
    }

    [Fact]
    public void Too_many_consecutive_key_updates_are_rejected()
    {
        using var pair = Establish();
        for (var n = 0; n <= Limit; n++)
        {
            Assert.Null(pair.Server.Error);
            UpdateClientKeys(pair);
        }

        AssertUnexpected(pair.Server, "without application data");
    }

    [Fact]
    public void Many_tickets_in_one_flight_are_accepted_and_a_flood_of_them_is_rejected()
    {
        using var pair = Establish();
        var writer = HandshakeWire.WriterOf(pair.Server);
        for (var n = 0; n < 8 * Limit; n++)
            SendTicket();
        Assert.Null(pair.Client.Error);
        pair.Now += TimeSpan.FromSeconds(1);
        for (var n = 0; n < 8 * Limit; n++)
            SendTicket();
        Assert.Null(pair.Client.Error);
        SendTicket();
        AssertUnexpected(pair.Client, "with handshake messages");

        void SendTicket()
        {
            writer.Write(Format.Handshake, HandshakeWire.Frame(new NewSessionTicket(7200, 1, new byte[1], new byte[16], [])), pair.Server.Output);
            pair.Run();
        }
    }

    [Fact]
    public void Each_sent_record_allows_one_more_key_update()
    {
        // A JDK at its record limit requests new keys with each record that it receives.
        const int Sent = 100;
        using var pair = Establish();
        pair.Write(Role.Server, new byte[(Sent - 1) * RecordFormat.MaxContentLength]);
        pair.Write(Role.Server, 1);
        pair.Write(Role.Client, 1);
        pair.Run();
        for (var n = 0; n <= Sent + Limit; n++)
        {
            Assert.Null(pair.Server.Error);
            UpdateClientKeys(pair);
        }

        AssertUnexpected(pair.Server, "without application data");
    }

    [Fact]
    public void Too_many_consecutive_warnings_are_rejected()
    {
        using var pair = Establish();
        var writer = HandshakeWire.WriterOf(pair.Client);
        for (var n = 0; n <= Limit; n++)
        {
            Assert.Null(pair.Server.Error);
            writer.Write(Format.Alert, UserCanceled, pair.Client.Output);
            pair.Run();
        }

        AssertUnexpected(pair.Server, "without application data");
    }

    [Fact]
    public void Too_many_change_cipher_spec_records_during_the_handshake_are_rejected()
    {
        using var few = Start();
        few.Carry(Role.Client);
        // The client also sends the record of the middlebox compatibility mode.
        for (var n = 0; n < Limit - 1; n++)
            few.Server.Deliver(ChangeCipherSpec, few.Now);
        few.Client.Deliver(ChangeCipherSpec, few.Now);
        few.Run();
        Assert.True(few.IsEstablished);

        using var many = Start();
        many.Carry(Role.Client);
        for (var n = 0; n <= Limit; n++)
            many.Server.Deliver(ChangeCipherSpec, many.Now);
        AssertUnexpected(many.Server, "without application data");
    }

    [Fact]
    public void Change_cipher_spec_before_the_first_message_and_after_the_last_is_rejected()
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
    public void Change_cipher_spec_with_another_value_is_rejected(params int[] content)
    {
        // RFC 9846 section 5: "any other change_cipher_spec value" leads to unexpected_message.
        using var pair = Start();
        pair.Carry(Role.Client);
        pair.Server.Deliver(HandshakeWire.Record(Format, Format.ChangeCipherSpec!.Value, [.. content.Select(value => (byte)value)]), pair.Now);
        Assert.Equal(AlertDescription.UnexpectedMessage, pair.Server.Error!.Alert);
    }

    [Fact]
    public void A_canceled_handshake_ends_with_the_close_notify_that_follows()
    {
        // RFC 9846 section 6.1: user_canceled "MUST be followed by a "close_notify""; the peer is read until then.
        using var pair = Start();
        pair.Client.TakeOutput();
        pair.Client.Engine.Cancel(pair.Now, pair.Client.Output);
        var sent = pair.Client.TakeOutput();
        Assert.Equal(
            [.. HandshakeWire.Record(Format, Format.Alert, UserCanceled), .. HandshakeWire.Record(Format, Format.Alert, 1, (byte)AlertDescription.CloseNotify)], sent);

        using var other = Start();
        other.Server.Deliver(sent.AsSpan(0, 7), other.Now);
        Assert.Null(other.Server.Engine.End);
        other.Server.Deliver(sent.AsSpan(7), other.Now);
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.UserCanceled), (other.Server.Error!.Kind, other.Server.Error.Alert));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_canceled_handshake_is_not_an_orderly_end_even_if_the_receiver_is_established(bool withData)
    {
        using var pair = Start();
        pair.Carry(Role.Client);
        pair.Carry(Role.Server);
        Assert.Equal((true, false), (pair.Client.IsEstablished, pair.Server.IsEstablished));
        pair.Client.TakeOutput();
        if (withData)
        {
            // A server may send data before it has received the Finished message of the client.
            HandshakeWire.WriterOf(pair.Server).Write(Format.ApplicationData, [1], pair.Server.Output);
            pair.Carry(Role.Server);
            Assert.Equal([1], pair.Client.Received);
        }

        pair.Server.Engine.Cancel(pair.Now, pair.Server.Output);
        pair.Carry(Role.Server);
        Assert.Equal(withData, pair.Client.Engine.IsReadClosed);
        Assert.Equal(withData ? null : (SessionErrorKind.AlertReceived, AlertDescription.UserCanceled), AlertOf(pair.Client));
    }

    [Theory]
    [InlineData(AlertDescription.CloseNotify)]
    [InlineData(AlertDescription.UserCanceled)]
    public void An_error_with_a_closure_alert_is_refused(AlertDescription alert)
    {
        // RFC 9846 section 6.1 calls both closure alerts: the peer would see an orderly end.
        using var pair = Establish();
        var error = new SessionError(SessionErrorKind.LocalError, SessionErrorCode.Aborted, alert, "aborted");
        Assert.Throws<ArgumentException>(() => pair.Server.Engine.Abort(error, pair.Now, pair.Server.Output));
        Assert.True(pair.IsEstablished);
        Assert.Empty(pair.Server.TakeOutput());
    }

    [Fact]
    public void An_unknown_alert_is_an_error()
    {
        // RFC 9846 section 6: "Unknown Alert types MUST be treated as error alerts", at any level.
        using var pair = Establish();
        HandshakeWire.WriterOf(pair.Client).Write(Format.Alert, [1, 222], pair.Client.Output);
        pair.Run();
        Assert.Equal((SessionErrorKind.AlertReceived, (AlertDescription)222), (pair.Server.Error!.Kind, pair.Server.Error.Alert));
    }

    [Fact]
    public void A_first_message_in_many_records_of_one_byte_allocates_in_proportion_to_its_length()
    {
        using var pair = new EnginePair(SessionSecurity.Tls13.Handshake!, Client with { ApplicationProtocols = [.. Enumerable.Range(0, 60).Select(n => new string('x', 250) + n)] }, Server).Start();
        var hello = HandshakeWire.Messages(pair.Client.TakeOutput()).Single();
        Assert.InRange(hello.Length, 15_000, ChannelEngine.DefaultMaxClientHelloLength);
        var records = hello.Select(value => HandshakeWire.Record(Format, Format.Handshake, value)).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var record in records)
            pair.Server.Engine.Read(record, pair.Now, pair.Server.Output);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, hello.Length, 16 * hello.Length);
        Assert.NotNull(pair.Server.Engine.Pending);
        pair.Server.Deliver([], pair.Now);
        Assert.Null(pair.Server.Error);
        Assert.NotEmpty(pair.Server.TakeOutput());
    }

    [Fact]
    public void The_credit_for_answers_to_sent_records_is_bounded()
    {
        // 4 GiB sent to a peer that reads them all allows as many answers as 256 MiB.
        using var pair = Establish();
        var allow = typeof(ChannelEngine).GetMethod("AllowAnswers", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!;
        for (var n = 0; n < 4096; n++)
            allow.Invoke(pair.Server.Engine, [1 << 20]);
        var credit = -(int)typeof(ChannelEngine)
            .GetField("_recordsWithoutData", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(pair.Server.Engine)!;
        Assert.Equal(1 << 14, credit);
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

    private static void UpdateClientKeys(EnginePair pair)
    {
        var machine = (HandshakeMachine)typeof(ChannelEngine)
            .GetField("_machine", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(pair.Client.Engine)!;
        Assert.True(machine.UpdateWriteKeys());
        pair.Run();
    }

    private static (SessionErrorKind Kind, AlertDescription Alert)? AlertOf(EngineEnd end) => end.Error is { } error ? (error.Kind, error.Alert) : null;

    private static void AssertUnexpected(EngineEnd end, string text)
    {
        Assert.Equal((SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage), (end.Error?.Kind, end.Error?.Alert));
        Assert.Contains(text, end.Error!.Message, StringComparison.Ordinal);
    }
}
