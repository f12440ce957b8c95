using SecureChannel.Handshakes;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Engine;

public sealed class EngineTests
{
    private static readonly RecordFormat Format = SessionSecurity.KeyTransport.Handshake!.Records;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_stalled_handshake_times_out_on_both_endpoints()
    {
        using var pair = KeyTransportEnds.CreatePair().Start();
        Assert.Equal(pair.Now + EnginePair.HandshakeTimeout, pair.Server.Engine.Deadline);

        pair.Wait(EnginePair.HandshakeTimeout - Second);
        Assert.Null(pair.Client.Engine.End);
        pair.Client.TakeOutput();
        pair.Wait(Second);

        Assert.Equal(SessionErrorKind.TimedOut, pair.Client.Error!.Kind);
        Assert.Contains("Requested", pair.Client.Error.Message, StringComparison.Ordinal);
        Assert.Equal(SessionErrorKind.TimedOut, pair.Server.Error!.Kind);
        // A timer never sends a closure alert.
        Assert.Equal(HandshakeWire.Record(Format, Format.Alert, 2, (byte)AlertDescription.GeneralError), pair.Client.TakeOutput());
        Assert.Null(pair.Client.Engine.Deadline);
    }

    [Fact]
    public void Bytes_without_progress_do_not_extend_the_handshake_timeout()
    {
        using var pair = KeyTransportEnds.CreatePair().Start();
        for (var second = 0; second < 10; second++)
        {
            pair.Server.Deliver([second switch { 0 => Format.Handshake, 2 => 1, 4 => 200, _ => 0 }], pair.Now);
            pair.Wait(Second);
        }

        Assert.Equal(SessionErrorKind.TimedOut, pair.Server.Error!.Kind);
    }

    [Fact]
    public void A_session_without_traffic_ends_after_the_negotiated_idle_timeout()
    {
        using var pair = EstablishIdle(20);
        pair.Wait(19 * Second);
        pair.Write(Role.Client, 1);
        pair.Run();
        pair.Wait(19 * Second);
        Assert.True(pair.IsEstablished);

        pair.Wait(Second);
        foreach (var end in new[] { pair.Client, pair.Server })
        {
            Assert.Equal(SessionEndReason.IdleTimeout, end.Engine.End!.Reason);
            Assert.Equal(
                (SessionErrorKind.TimedOut, SessionErrorCode.IdleTimeout, AlertDescription.GeneralError), (end.Error!.Kind, end.Error.Code, end.Error.Alert));
        }
    }

    [Fact]
    public void An_idle_timeout_is_not_an_orderly_end_for_the_peer_and_a_close_before_it_is()
    {
        using var late = EstablishIdle(20);
        late.Now += 20 * Second;
        late.Client.Engine.Tick(late.Now, late.Client.Output);
        late.Run();
        Assert.Equal(SessionEndReason.IdleTimeout, late.Client.Engine.End!.Reason);
        Assert.False(late.Server.Engine.IsReadClosed);
        Assert.Equal(SessionEndReason.IdleTimeout, late.Server.Engine.End!.Reason);
        Assert.Equal((SessionErrorKind.TimedOut, AlertDescription.GeneralError), (late.Server.Error!.Kind, late.Server.Error.Alert));

        using var early = EstablishIdle(20);
        early.Now += 19 * Second;
        early.Client.Engine.Close(early.Now, early.Client.Output);
        early.Run();
        Assert.Equal(SessionEndReason.ClosedLocally, early.Client.Engine.End!.Reason);
        Assert.True(early.Server.Engine.IsReadClosed);
        early.Server.Engine.Close(early.Now, early.Server.Output);
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), early.Server.Engine.End);
    }

    [Fact]
    public void Only_authenticated_records_count_as_traffic()
    {
        using var pair = EstablishIdle(20);
        var deadline = pair.Server.Engine.Deadline;
        pair.Now += Second;
        pair.Server.Deliver([Format.ApplicationData, 0, 1, 0, 200, 1, 2, 3], pair.Now);
        Assert.Equal(deadline, pair.Server.Engine.Deadline);

        pair.Wait(19 * Second);
        Assert.Equal(SessionEndReason.IdleTimeout, pair.Server.Engine.End!.Reason);
    }

    [Fact]
    public void A_closed_session_neither_sends_nor_reads()
    {
        using var pair = KeyTransportEnds.CreatePair().Start().Run();
        pair.Write(Role.Client, 1);
        pair.Client.Engine.Close(pair.Now, pair.Client.Output);
        pair.Client.Engine.Close(pair.Now, pair.Client.Output);
        pair.Run();

        Assert.Equal([1], pair.Server.Received);
        Assert.Null(pair.Server.Error);
        Assert.Throws<InvalidOperationException>(() => pair.Write(Role.Client, 2));
        Assert.Equal(default, pair.Client.Engine.Read([Format.ApplicationData, 0, 1, 0, 1, 1], pair.Now, pair.Client.Output));
        Assert.Empty(pair.Client.TakeOutput());

        // The peer's close_notify ends one direction: the session of the server ends when the server closes the other direction too.
        Assert.Null(pair.Server.Engine.End);
        pair.Server.Engine.Close(pair.Now, pair.Server.Output);
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), pair.Server.Engine.End);
        Assert.NotEmpty(pair.Server.TakeOutput());
        Assert.Throws<InvalidOperationException>(() => pair.Write(Role.Server, 2));
        Assert.Equal(default, pair.Server.Engine.Read([Format.ApplicationData, 0, 1, 0, 1, 1], pair.Now, pair.Server.Output));
        Assert.Empty(pair.Server.TakeOutput());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_transport_that_ends_without_close_notify_truncates_the_session(bool established)
    {
        using var pair = KeyTransportEnds.CreatePair().Start();
        if (established)
            pair.Run();
        pair.Server.Engine.ReadEnd(pair.Now, pair.Server.Output);
        Assert.Equal(SessionErrorKind.Truncated, pair.Server.Error!.Kind);

        pair.Client.Engine.Close(pair.Now, pair.Client.Output);
        pair.Client.Engine.ReadEnd(pair.Now, pair.Client.Output);
        Assert.Equal(SessionEndReason.ClosedLocally, pair.Client.Engine.End!.Reason);
    }

    [Fact]
    public void A_close_notify_during_the_handshake_fails_the_session()
    {
        using var pair = KeyTransportEnds.CreatePair().Start();
        pair.Server.Engine.Close(pair.Now, pair.Server.Output);
        pair.Run();
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.CloseNotify), (pair.Client.Error!.Kind, pair.Client.Error.Alert));
        Assert.Empty(pair.Client.TakeOutput());
    }

    [Fact]
    public void Abort_sends_one_alert_and_only_the_first_error_counts()
    {
        using var pair = KeyTransportEnds.CreatePair().Start().Run();
        var error = new SessionError(SessionErrorKind.ProtocolViolation, SessionErrorCode.NotAuthorized, AlertDescription.AccessDenied, "not you");
        pair.Server.Engine.Abort(error, pair.Now, pair.Server.Output);
        pair.Server.Engine.Abort(error with { Alert = AlertDescription.InternalError }, pair.Now, pair.Server.Output);
        pair.Run();
        Assert.Equal(error, pair.Server.Error);
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.AccessDenied), (pair.Client.Error!.Kind, pair.Client.Error.Alert));
    }

    [Fact]
    public void A_message_can_be_split_into_records_of_one_byte()
    {
        using var pair = KeyTransportEnds.CreatePair();
        pair.Alter = (_, bytes) => bytes is [0xA1, ..]
            ? [.. HandshakeWire.Messages(bytes).SelectMany(message => message).SelectMany(value => HandshakeWire.Record(Format, Format.Handshake, value))]
            : bytes;
        pair.Start().Run();
        Assert.True(pair.IsEstablished);
    }

    [Fact]
    public void A_record_of_another_type_inside_a_split_message_is_rejected()
    {
        using var pair = KeyTransportEnds.CreatePair().Start().Run();
        var writer = HandshakeWire.WriterOf(pair.Client);
        writer.Write(Format.Handshake, [1, 0, 0], pair.Client.Output);
        writer.Write(Format.ApplicationData, [1], pair.Client.Output);
        pair.Run();
        Assert.Equal(AlertDescription.UnexpectedMessage, pair.Server.Error!.Alert);
        Assert.Empty(pair.Server.Received);
    }

    [Fact]
    public void A_message_that_spans_a_change_of_keys_is_rejected()
    {
        using var pair = Tls13Ends.CreatePair().Start();
        pair.Carry(Role.Client);
        var output = pair.Server.TakeOutput();
        var hello = output.AsSpan(RecordFormat.HeaderLength, (output[3] << 8) + output[4]);
        var records = SessionSecurity.Tls13.Handshake!.Records;
        pair.Client.Deliver(HandshakeWire.Record(records, records.Handshake, [.. hello, 1]), pair.Now);
        Assert.Equal(AlertDescription.UnexpectedMessage, pair.Client.Error!.Alert);
        Assert.Contains("spans a change of keys", pair.Client.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_that_announces_an_excessive_length_is_rejected_before_its_body_is_received()
    {
        using var pair = KeyTransportEnds.CreatePair().Start();
        pair.Server.Deliver(HandshakeWire.Record(Format, Format.Handshake, 1, 1, 0, 1), pair.Now);
        Assert.Equal((SessionErrorKind.MalformedMessage, AlertDescription.GeneralError), (pair.Server.Error!.Kind, pair.Server.Error.Alert));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void An_alert_without_exactly_two_bytes_is_malformed(int length)
    {
        using var pair = KeyTransportEnds.CreatePair().Start();
        pair.Server.Deliver(HandshakeWire.Record(Format, Format.Alert, new byte[length]), pair.Now);
        Assert.Equal((SessionErrorKind.MalformedMessage, AlertDescription.DecodeError), (pair.Server.Error!.Kind, pair.Server.Error.Alert));
    }

    [Fact]
    public void Random_bytes_end_the_session_with_one_alert_and_never_throw()
    {
        var random = new Random(20261123);
        for (var round = 0; round < 500; round++)
        {
            var role = (Role)(round % 2);
            using var pair = KeyTransportEnds.CreatePair().Start();
            pair[role].TakeOutput();
            var garbage = new byte[random.Next(1, 200)];
            random.NextBytes(garbage);
            if (round % 3 > 0)
                garbage = HandshakeWire.Record(Format, Format.Handshake, round % 3 == 1 ? garbage : [1, 0, 0, (byte)garbage.Length, .. garbage]);
            pair[role].Deliver(garbage, pair.Now);
            pair.Wait(EnginePair.HandshakeTimeout);
            Assert.NotNull(pair[role].Error);
            Assert.Equal(HandshakeWire.Record(Format, Format.Alert, 2, (byte)pair[role].Error!.Alert), pair[role].TakeOutput());
        }
    }

    [Fact]
    public void Data_of_any_length_arrives()
    {
        using var pair = KeyTransportEnds.CreatePair().Start().Run();
        var data = new byte[100_000];
        new Random(1).NextBytes(data);
        pair.Write(Role.Server, data);
        pair.Write(Role.Server);
        pair.Run(4000);
        Assert.Equal(data, pair.Client.Received);
    }

    [Fact]
    public void Write_keys_at_their_record_limit_end_the_session_with_an_alert()
    {
        using var pair = KeyTransportEnds.CreatePair().Start().Run();
        HandshakeWire.WriteKeysOf(pair.Client).RecordLimit = 4;
        pair.Write(Role.Client, 1);
        pair.Write(Role.Client, 2);
        pair.Write(Role.Client, 3);
        pair.Run();
        Assert.Equal([1, 2], pair.Server.Received);
        Assert.Equal(SessionErrorKind.LocalError, pair.Client.Error!.Kind);
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.InternalError), (pair.Server.Error!.Kind, pair.Server.Error.Alert));
    }

    [Fact]
    public void Misuse_of_the_engine_throws()
    {
        using var pair = KeyTransportEnds.CreatePair();
        Assert.Throws<InvalidOperationException>(() => pair.Client.Engine.Read([], pair.Now, pair.Client.Output));
        pair.Start();
        Assert.Throws<InvalidOperationException>(() => pair.Client.Engine.Start(pair.Now, pair.Client.Output));
        Assert.Throws<InvalidOperationException>(() => pair.Client.Engine.Resume(pair.Now, pair.Client.Output));
    }

    [Fact]
    public void Only_a_successful_check_creates_a_proof()
    {
        Assert.True(KeysConfirmed.TryCheck([1, 2], [1, 2], out _));
        Assert.False(KeysConfirmed.TryCheck([1, 2], [1, 3], out _));
        Assert.False(KeysConfirmed.TryCheck([1, 2], [1], out _));
        Assert.False(KeysConfirmed.TryCheck([], [], out var nothing));
        using var pair = KeyTransportEnds.CreatePair();
        ChainHarness.TryValidate(
            KeyTransportEnds.Identity.Chain, KeyTransportEnds.ServerName, CertificatePurpose.KeyTransportServer, KeyTransportEnds.Client.Trust, DateTimeOffset.UtcNow, out var chain, out _);
        var wrapped = WrappedKey.Wrap(chain!, new byte[KeyUnwrapper.KeyLength]);
        Assert.Throws<ArgumentException>(() => new IdentityProof(wrapped, nothing));
        Assert.Throws<ArgumentException>(() => new IdentityProof(wrapped, default));
    }

    private static EnginePair EstablishIdle(int seconds) =>
        KeyTransportEnds.CreatePair(KeyTransportEnds.Client with { Session = new() { IdleTimeout = seconds * Second } }).Start().Run();
}
