using SecureChannel.Handshakes;
using SecureChannel.Testing;
using SecureChannel.Tls13;

namespace SecureChannel.Tests.Tls13;

/// <summary>RFC 9846 sections 4.7.3 and 5.5.</summary>
public sealed class KeyUpdateTests
{
    private static readonly RecordFormat Format = SessionSecurity.Tls13.Handshake!.Records;

    [Theory]
    [InlineData(Role.Client)]
    [InlineData(Role.Server)]
    public void An_endpoint_updates_its_keys_before_their_record_limit(Role sender)
    {
        using var pair = Tls13Ends.CreatePair().Start().Run();
        List<byte> expected = [];
        for (byte value = 0; value < 20; value++)
        {
            HandshakeWire.WriteKeysOf(pair[sender]).RecordLimit = 4;
            pair.Write(sender, value);
            expected.Add(value);
        }

        pair.Run();
        Assert.Equal(expected, pair[1 - sender].Received);
        Assert.True(pair.IsEstablished);
        Assert.True(pair.Steps.Count(step => step is { Sent: false, Message: "KeyUpdate" }) >= 5);
    }

    [Theory]
    [InlineData(Role.Client)]
    [InlineData(Role.Server)]
    public void Several_key_update_requests_get_one_answer_before_the_next_data(Role silent)
    {
        using var pair = Tls13Ends.CreatePair().Start().Run();
        for (var request = 0; request < 3; request++)
            Send(pair, 1 - silent, KeyUpdateRequest.Requested);
        pair.Run();
        Assert.DoesNotContain(pair.Steps, step => step is { Sent: true, Message: "KeyUpdate" } && step.Role == silent);

        pair.Write(silent, 1);
        pair.Write(silent, 2);
        pair.Run();
        Assert.Equal([1, 2], pair[1 - silent].Received);
        Assert.Single(pair.Steps, step => step is { Sent: true, Message: "KeyUpdate" } && step.Role == silent);

        pair.Write(1 - silent, 3);
        pair.Run();
        Assert.Equal([3], pair[silent].Received);
        Assert.True(pair.IsEstablished);
    }

    // A JDK at its record limit fails on any other message, even on a close_notify.
    [Theory]
    [InlineData(Role.Client, false)]
    [InlineData(Role.Client, true)]
    [InlineData(Role.Server, false)]
    [InlineData(Role.Server, true)]
    public void A_key_update_request_is_answered_before_the_close_notify(Role closing, bool isOwnDirectionAlone)
    {
        using var pair = Tls13Ends.CreatePair().Start().Run();
        Send(pair, 1 - closing, KeyUpdateRequest.Requested);
        pair.Run();
        if (isOwnDirectionAlone)
            pair[closing].Engine.CloseWrite(pair.Now, pair[closing].Output);
        else
            pair[closing].Engine.Close(pair.Now, pair[closing].Output);
        pair.Run();
        Assert.Single(pair.Steps, step => step is { Sent: true, Message: "KeyUpdate" } && step.Role == closing);
        Assert.True(pair[1 - closing].Engine.IsReadClosed);
        Assert.Null(pair[1 - closing].Engine.End);

        pair[1 - closing].Engine.Close(pair.Now, pair[1 - closing].Output);
        pair.Run();
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), pair[1 - closing].Engine.End);
        Assert.Equal(new SessionEnd(isOwnDirectionAlone ? SessionEndReason.ClosedByPeer : SessionEndReason.ClosedLocally), pair[closing].Engine.End);
    }

    [Fact]
    public void A_key_update_without_a_request_gets_no_answer()
    {
        using var pair = Tls13Ends.CreatePair().Start().Run();
        Send(pair, Role.Client, KeyUpdateRequest.NotRequested);
        pair.Run();
        pair.Write(Role.Server, 1);
        pair.Run();
        Assert.Equal([1], pair.Client.Received);
        Assert.DoesNotContain(pair.Steps, step => step is { Role: Role.Server, Sent: true, Message: "KeyUpdate" });
    }

    [Fact]
    public void A_record_under_new_keys_without_a_key_update_is_a_bad_record_mac()
    {
        using var pair = Tls13Ends.CreatePair().Start().Run();
        Update(pair, Role.Client);
        pair.Write(Role.Client, 1);
        pair.Run();
        Assert.Equal(AlertDescription.BadRecordMac, pair.Server.Error!.Alert);
        Assert.Empty(pair.Server.Received);
    }

    [Fact]
    public void A_record_under_old_keys_after_a_key_update_is_a_bad_record_mac()
    {
        using var pair = Tls13Ends.CreatePair().Start().Run();
        HandshakeWire.WriterOf(pair.Client).Write(Format.Handshake, HandshakeWire.Frame(new KeyUpdate(KeyUpdateRequest.NotRequested)), pair.Client.Output);
        pair.Write(Role.Client, 1);
        pair.Run();
        Assert.Equal(AlertDescription.BadRecordMac, pair.Server.Error!.Alert);
    }

    [Fact]
    public void Data_after_a_key_update_in_the_same_record_is_an_unexpected_message()
    {
        using var pair = Tls13Ends.CreatePair().Start().Run();
        var update = HandshakeWire.Frame(new KeyUpdate(KeyUpdateRequest.NotRequested));
        HandshakeWire.WriterOf(pair.Client).Write(Format.Handshake, [.. update, 24], pair.Client.Output);
        pair.Run();
        Assert.Equal(AlertDescription.UnexpectedMessage, pair.Server.Error!.Alert);
    }

    // Sends the message under the old keys, and the following records under the new keys.
    private static void Send(EnginePair pair, Role sender, KeyUpdateRequest request)
    {
        HandshakeWire.WriterOf(pair[sender]).Write(Format.Handshake, HandshakeWire.Frame(new KeyUpdate(request)), pair[sender].Output);
        Update(pair, sender);
    }

    private static void Update(EnginePair pair, Role sender)
    {
        var machine = typeof(ChannelEngine).GetField("_machine", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(pair[sender].Engine)!;
        var keys = (SessionKeys)machine.GetType().GetField("_keys", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(machine)!;
        HandshakeWire.WriterOf(pair[sender]).UseKeys(keys.UpdateWriteKeys(sender)!);
    }
}
