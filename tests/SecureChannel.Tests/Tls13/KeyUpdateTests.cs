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
    public void An_end_renews_its_keys_before_they_have_protected_all_the_records_that_they_may(Role sender)
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
    public void Several_requests_to_a_silent_end_get_one_answer_before_its_next_data(Role silent)
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

    // A JDK whose limit is reached takes anything else, the end too, for a reason to fail.
    [Theory]
    [InlineData(Role.Client, false)]
    [InlineData(Role.Client, true)]
    [InlineData(Role.Server, false)]
    [InlineData(Role.Server, true)]
    public void A_request_that_no_data_follows_is_answered_before_the_end(Role closing, bool isOwnDirectionAlone)
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
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), pair[1 - closing].Engine.End);
    }

    [Fact]
    public void An_update_that_asks_for_none_gets_none()
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
    public void New_keys_without_the_message_that_announces_them_do_not_authenticate()
    {
        using var pair = Tls13Ends.CreatePair().Start().Run();
        Update(pair, Role.Client);
        pair.Write(Role.Client, 1);
        pair.Run();
        Assert.Equal(AlertDescription.BadRecordMac, pair.Server.Error!.Alert);
        Assert.Empty(pair.Server.Received);
    }

    [Fact]
    public void Old_keys_after_the_message_that_ends_them_do_not_authenticate()
    {
        using var pair = Tls13Ends.CreatePair().Start().Run();
        HandshakeWire.WriterOf(pair.Client).Write(Format.Handshake, HandshakeWire.Frame(new KeyUpdate(KeyUpdateRequest.NotRequested)), pair.Client.Output);
        pair.Write(Role.Client, 1);
        pair.Run();
        Assert.Equal(AlertDescription.BadRecordMac, pair.Server.Error!.Alert);
    }

    [Fact]
    public void What_follows_an_update_in_its_record_is_an_unexpected_message()
    {
        using var pair = Tls13Ends.CreatePair().Start().Run();
        var update = HandshakeWire.Frame(new KeyUpdate(KeyUpdateRequest.NotRequested));
        HandshakeWire.WriterOf(pair.Client).Write(Format.Handshake, [.. update, 24], pair.Client.Output);
        pair.Run();
        Assert.Equal(AlertDescription.UnexpectedMessage, pair.Server.Error!.Alert);
    }

    // Under the old keys, and what follows under the new ones.
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
