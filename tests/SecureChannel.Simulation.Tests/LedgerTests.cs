namespace SecureChannel.Simulation.Tests;

public sealed class LedgerTests
{
    [Fact]
    public void A_prefix_of_the_sent_bytes_is_correct()
    {
        var ledger = Stream(SendStatus.Accepted, SendStatus.NotSent, SendStatus.Pending);
        ledger.Receive(ContentOf(0, 100));
        ledger.Receive(ContentOf(2, 40));
        Assert.Null(ledger.FindDifference());
        Assert.Null(ledger.FindMissing());
    }

    [Fact]
    public void A_lost_byte_is_a_difference()
    {
        var ledger = Stream(SendStatus.Accepted);
        ledger.Receive(ContentOf(0, 100)[1..]);
        Assert.NotNull(ledger.FindDifference());
    }

    [Fact]
    public void A_repeated_send_is_a_difference()
    {
        var ledger = Stream(SendStatus.Accepted, SendStatus.Accepted);
        ledger.Receive(ContentOf(0, 100));
        ledger.Receive(ContentOf(0, 100));
        Assert.NotNull(ledger.FindDifference());
    }

    [Fact]
    public void A_send_that_was_reported_as_not_sent_is_a_difference()
    {
        var ledger = Stream(SendStatus.NotSent);
        ledger.Receive(ContentOf(0, 1));
        Assert.NotNull(ledger.FindDifference());
    }

    [Fact]
    public void An_accepted_send_that_was_not_received_in_whole_is_missing()
    {
        var ledger = Stream(SendStatus.Accepted, SendStatus.Accepted);
        ledger.Receive(ContentOf(0, 100));
        ledger.Receive(ContentOf(1, 99));
        Assert.Null(ledger.FindDifference());
        Assert.Equal(1, ledger.FindMissing()?.Number);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 0)]
    [InlineData(0, 2)]
    public void Messages_that_are_reordered_repeated_or_lost_are_a_difference(int first, int second)
    {
        var ledger = Messages(3);
        ledger.Receive(first, ContentOf(first, 100));
        ledger.Receive(second, ContentOf(second, 100));
        Assert.NotNull(ledger.FindDifference());
    }

    [Fact]
    public void A_message_with_changed_content_is_a_difference()
    {
        var ledger = Messages(1);
        ledger.Receive(0, ContentOf(1, 100));
        Assert.NotNull(ledger.FindDifference());
    }

    private static ReadOnlySpan<byte> ContentOf(int number, int size) => Content.Of(Role.Client, number, size).Span;

    private static Ledger Stream(params ReadOnlySpan<SendStatus> statuses)
    {
        var ledger = new Ledger(Role.Client, isStream: true);
        foreach (var status in statuses)
            ledger.BeginSend(100).Status = status;
        return ledger;
    }

    private static Ledger Messages(int count)
    {
        var ledger = new Ledger(Role.Client, isStream: false);
        for (var i = 0; i < count; i++)
            ledger.BeginSend(100).Status = SendStatus.Accepted;
        return ledger;
    }
}
