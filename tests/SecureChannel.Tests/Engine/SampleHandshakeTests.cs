using SecureChannel.Handshakes;
using SecureChannel.Messages;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Engine;

public sealed class SampleHandshakeTests
{
    [Theory]
    [InlineData(false, "Offer Decision Confirm")]
    [InlineData(true, "Offer Retry Offer Decision Confirm")]
    public void Both_endpoints_follow_the_choice_of_the_server(bool retries, string messages)
    {
        using var pair = CreatePair(retries).Start().Run();
        Assert.True(pair.IsEstablished);
        Assert.Equal(messages, string.Join(' ', pair.Steps.Where(step => step.Role == Role.Client).Select(step => step.Message)));
        Assert.Equal(messages, string.Join(' ', pair.Steps.Where(step => step.Role == Role.Server).Select(step => step.Message)));
    }

    [Fact]
    public void A_variant_is_rejected_in_a_state_that_expects_only_the_plain_message()
    {
        using var pair = CreatePair(true);
        pair.Start();
        pair.Alter = (from, bytes) => from == Role.Server && pair.Steps.Count(step => step.Role == Role.Server) == 4 && bytes is [1, ..]
            ? HandshakeWire.Record(SampleKeys.Records, 1, HandshakeWire.Frame(new Decision(0)))
            : bytes;
        pair.Run();
        Assert.Equal(AlertDescription.UnexpectedMessage, pair.Client.Error!.Alert);
        Assert.StartsWith("Retry was received in state 'Reoffered', which expects Decision.", pair.Client.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variant_wraps_only_a_message_that_matches()
    {
        Assert.Throws<ArgumentException>(() => new Retry(new Decision(1)));
        Assert.True(WireSerializer.TryRead<Retry>([0], out var retry, out _));
        Assert.Equal(0, retry.Message.Value);
        Assert.False(WireSerializer.TryRead<Retry>([1], out _, out _));
        Assert.Equal([0], WireSerializer.ToArray(retry));
    }

    [Fact]
    public void Keys_are_updated_by_a_message_of_the_established_state_before_their_record_limit()
    {
        var server = new SampleServer(false);
        using var pair = new EnginePair(SampleKeys.Records, new SampleClient(), server).Start().Run();
        HandshakeWire.WriteKeysOf(pair.Client).RecordLimit = 4;
        for (byte value = 0; value < 8; value++)
            pair.Write(Role.Client, value);
        pair.Run();

        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], pair.Server.Received);
        Assert.Equal(1, server.Generation);
        Assert.True(pair.IsEstablished);
    }

    [Fact]
    public void A_message_sent_by_a_call_is_written_again_after_its_handler_waited_and_sent_once()
    {
        var (client, server) = (new SampleClient(), new SampleServer(false));
        using var pair = new EnginePair(SampleKeys.Records, client, server).Start().Run();
        client.RenewalWaitsFor = new Nothing();
        client.Renew(7);
        Assert.NotNull(pair.Client.Engine.Pending);
        pair.Client.Deliver([], pair.Now);
        pair.Run();

        Assert.Equal(["Renewal", "Renewal"], pair.Steps.Select(step => step.Message).Where(message => message == "Renewal"));
        Assert.Equal(7, server.Generation);
        Assert.True(pair.IsEstablished);
    }

    [Fact]
    public void No_session_is_established_without_confirmed_keys()
    {
        using var pair = new EnginePair(SampleKeys.Records, new SampleClient(confirms: false), new SampleServer(false)).Start().Run();
        Assert.False(pair.Client.IsEstablished);
        Assert.Equal((SessionErrorKind.LocalError, AlertDescription.InternalError), (pair.Client.Error!.Kind, pair.Client.Error.Alert));
        Assert.Contains("not confirmed", pair.Client.Error.Message, StringComparison.Ordinal);
    }

    private static EnginePair CreatePair(bool retries) => new(SampleKeys.Records, new SampleClient(), new SampleServer(retries));

    private sealed class Nothing : PendingOperation
    {
        public override ValueTask RunAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
