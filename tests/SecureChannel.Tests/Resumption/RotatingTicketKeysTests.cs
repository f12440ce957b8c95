using SecureChannel.Testing;

namespace SecureChannel.Tests.Resumption;

public sealed class RotatingTicketKeysTests
{
    [Fact]
    public void A_new_key_protects_tickets_each_hour_and_each_key_opens_them_for_a_day_after_that()
    {
        var time = new ManualTimeProvider();
        var keys = new RotatingTicketKeys(time);
        var first = TicketKeysTests.Protect(keys);
        time.Advance(RotatingTicketKeys.Period - TimeSpan.FromTicks(1));
        Assert.Equal(first[..8], TicketKeysTests.Protect(keys)[..8]);
        time.Advance(TimeSpan.FromTicks(1));
        Assert.NotEqual(first[..8], TicketKeysTests.Protect(keys)[..8]);

        for (var hours = 1; hours < 25; hours++)
        {
            Assert.NotNull(TicketKeysTests.Unprotect(keys, first));
            time.Advance(TimeSpan.FromHours(1));
        }

        Assert.Null(TicketKeysTests.Unprotect(keys, first));
        Assert.Equal(25, keys.Count);
    }

    [Fact]
    public void Keys_that_were_not_used_for_two_days_are_gone()
    {
        var time = new ManualTimeProvider();
        var keys = new RotatingTicketKeys(time);
        var ticket = TicketKeysTests.Protect(keys);
        time.Advance(TimeSpan.FromDays(2));
        Assert.Null(TicketKeysTests.Unprotect(keys, ticket));
        Assert.Equal(1, keys.Count);
    }

    [Fact]
    public void Two_protectors_do_not_open_each_others_tickets()
    {
        var time = new ManualTimeProvider();
        Assert.Null(TicketKeysTests.Unprotect(new RotatingTicketKeys(time), TicketKeysTests.Protect(new RotatingTicketKeys(time))));
    }
}
