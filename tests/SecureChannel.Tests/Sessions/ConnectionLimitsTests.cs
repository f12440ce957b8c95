using System.Net;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>The decisions of a listener about connections, without sockets and under virtual time.</summary>
public sealed class ConnectionLimitsTests
{
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(1);

    [Fact]
    public void At_the_limit_the_connection_that_waited_longest_without_a_ClientHello_is_evicted()
    {
        var limits = Create(options => options with { MaxPendingHandshakes = 3 });
        var complete = Admit(limits, 1, ConnectionPhase.Handshaking);
        var (partial, silent) = (Admit(limits, 2, ConnectionPhase.AwaitingClientHello), Admit(limits, 3));

        Assert.Equal(Admission.Admitted, limits.TryAdmit(Connection(4), Later, out var evicted));
        Assert.Same(partial, evicted);
        Assert.Equal((ConnectionRejection.Evicted, ConnectionPhase.Ended), (partial.Rejection!.Value, partial.Phase));
        Assert.Equal((ConnectionPhase.Handshaking, ConnectionPhase.AwaitingFirstByte), (complete.Phase, silent.Phase));

        Assert.Equal(Admission.Admitted, limits.TryAdmit(Connection(5), Later, out evicted));
        Assert.Same(silent, evicted);
    }

    [Fact]
    public void A_connection_is_not_evicted_within_the_grace_time_or_before_it_was_read()
    {
        var limits = Create(options => options with { MaxPendingHandshakes = 2 });
        Admit(limits, 1, ConnectionPhase.Accepted);
        var waiting = Admit(limits, 2);

        Assert.Equal(Admission.Full, limits.TryAdmit(Connection(3), ConnectionLimits.Grace - TimeSpan.FromTicks(1), out _));
        Assert.Equal(ConnectionLimits.Grace, limits.NextEviction);
        Assert.Equal(Admission.Admitted, limits.TryAdmit(Connection(3), ConnectionLimits.Grace, out var evicted));
        Assert.Same(waiting, evicted);
        Assert.Equal(Admission.Full, limits.TryAdmit(Connection(4), Later, out _));
    }

    [Fact]
    public void An_overloaded_listener_shortens_the_handshake_timeout_until_half_of_the_handshakes_are_complete()
    {
        var limits = Create(options => options with { MaxPendingHandshakes = 4, HandshakeTimeout = TimeSpan.FromSeconds(8) });
        var handshakes = Enumerable.Range(1, 4).Select(host => Admit(limits, host, ConnectionPhase.Handshaking)).ToList();
        Assert.Equal((ListenerLoad.Normal, null), (limits.Load, Expire(limits, Later).Next));

        Assert.Equal(Admission.Full, limits.TryAdmit(Connection(5), Later, out _));
        Assert.Equal((ListenerLoad.Overloaded, TimeSpan.FromSeconds(2)), (limits.Load, Expire(limits, Later).Next));

        limits.Advance(handshakes[0], ConnectionPhase.Established);
        limits.Advance(handshakes[1], ConnectionPhase.Established);
        Assert.Equal(ListenerLoad.Overloaded, limits.Load);
        var (expired, _) = Expire(limits, TimeSpan.FromSeconds(2));
        Assert.Same(handshakes[2], Assert.Single(expired));
        Assert.Equal(ConnectionRejection.ShortenedTimeout, handshakes[2].Rejection);
        Assert.Equal((ListenerLoad.Normal, ConnectionPhase.Handshaking), (limits.Load, handshakes[3].Phase));
    }

    [Fact]
    public void Only_a_connection_without_a_byte_exceeds_the_first_byte_timeout()
    {
        var limits = Create(options => options);
        var (silent, partial, unread) = (Admit(limits, 1), Admit(limits, 2, ConnectionPhase.AwaitingClientHello), Admit(limits, 3, ConnectionPhase.Accepted));

        Assert.Equal(TimeSpan.FromSeconds(3), Expire(limits, Later).Next);
        var (expired, next) = Expire(limits, TimeSpan.FromSeconds(3));
        Assert.Same(silent, Assert.Single(expired));
        Assert.Null(next);
        Assert.Equal(ConnectionRejection.FirstByteTimeout, silent.Rejection);
        Assert.True(partial.IsPending && unread.IsPending);
    }

    [Fact]
    public void An_address_at_its_limit_replaces_only_its_own_connections()
    {
        var limits = Create(options => options with { MaxHandshakesPerAddress = 2 });
        var other = Admit(limits, 9);
        var (first, second) = (Admit(limits, 1), Admit(limits, 1));

        Assert.Equal(Admission.Admitted, limits.TryAdmit(Connection(1), Later, out var evicted));
        Assert.Same(first, evicted);
        Assert.Equal(ConnectionRejection.MaxHandshakesPerAddress, first.Rejection);
        limits.Advance(second, ConnectionPhase.Handshaking);

        // The first one has not been read yet, the second one is in its handshake.
        var refused = Connection(1);
        Assert.Equal(Admission.Refused, limits.TryAdmit(refused, Later, out evicted));
        Assert.Equal((ConnectionRejection.MaxHandshakesPerAddress, null), (refused.Rejection!.Value, evicted));
        Assert.True(other.IsPending);

        limits.Advance(second, ConnectionPhase.Established);
        Assert.Equal(Admission.Admitted, limits.TryAdmit(Connection(1), Later, out _));
    }

    [Fact]
    public void Sessions_count_from_their_acceptance_until_they_end()
    {
        var limits = Create(options => options with { MaxSessions = 2 });
        var open = Admit(limits, 1, ConnectionPhase.Established);
        var silent = Admit(limits, 2);

        Assert.Equal(Admission.Admitted, limits.TryAdmit(Connection(3), Later, out var evicted));
        Assert.Same(silent, evicted);
        var refused = Connection(4);
        Assert.Equal(Admission.Refused, limits.TryAdmit(refused, Later, out _));
        Assert.Equal(ConnectionRejection.MaxSessions, refused.Rejection);

        Assert.True(limits.Advance(open, ConnectionPhase.Ended));
        Assert.False(limits.Advance(open, ConnectionPhase.Ended));
        Assert.Equal(Admission.Admitted, limits.TryAdmit(Connection(5), Later, out _));
        Assert.Equal(Admission.Refused, limits.TryAdmit(Connection(6), Later, out _));
    }

    [Fact]
    public void An_evicted_connection_cannot_be_established()
    {
        var limits = Create(options => options with { MaxPendingHandshakes = 1 });
        var evicted = Admit(limits, 1);
        limits.TryAdmit(Connection(2), Later, out _);
        Assert.False(limits.Advance(evicted, ConnectionPhase.Established));
        Assert.Equal(ConnectionPhase.Ended, evicted.Phase);
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1", true)]
    [InlineData("2001:db8:1:2::3", "2001:db8:1:2:ffff::4", true)]
    [InlineData("2001:db8:1:2::3", "2001:db8:1:3::3", false)]
    [InlineData("fe80::1%1", "fe80::2%2", true)]
    public void The_source_is_an_IPv4_address_or_the_first_64_bits_of_an_IPv6_address(string one, string other, bool areEqual) =>
        Assert.Equal(areEqual, AddressPrefix.Of(new IPEndPoint(IPAddress.Parse(one), 1)) == AddressPrefix.Of(new IPEndPoint(IPAddress.Parse(other), 2)));

    [Fact]
    public void Connections_without_an_IP_address_are_not_limited_by_address()
    {
        var limits = Create(options => options with { MaxHandshakesPerAddress = 1 });
        for (var i = 0; i < 3; i++)
            Assert.Equal(Admission.Admitted, limits.TryAdmit(new ListenerConnection(null), Later, out _));
    }

    [Fact]
    public void Rejected_connections_are_sampled_and_the_suppressed_ones_counted()
    {
        var sampler = new ReportSampler(3);
        Assert.Equal([0, 0, 0, null, null], Enumerable.Range(0, 5).Select(i => Take(sampler, TimeSpan.FromMilliseconds(i))));
        Assert.Null(Take(sampler, TimeSpan.FromMilliseconds(999)));
        Assert.Equal([3, 0, 0, null], Enumerable.Range(0, 4).Select(i => Take(sampler, TimeSpan.FromMilliseconds(1000 + i))));

        static int? Take(ReportSampler sampler, TimeSpan now) => sampler.TryTake(now, out var suppressed) ? suppressed : null;
    }

    private static ConnectionLimits Create(Func<ServerOptions, ServerOptions> change) => new(change(SessionPair.ServerOptions(SessionSecurity.Tls13.Name)));

    private static ListenerConnection Connection(int host) => new(new IPEndPoint(new IPAddress([10, 0, 0, (byte)host]), 1000));

    private static ListenerConnection Admit(ConnectionLimits limits, int host, ConnectionPhase phase = ConnectionPhase.AwaitingFirstByte)
    {
        var connection = Connection(host);
        Assert.Equal(Admission.Admitted, limits.TryAdmit(connection, TimeSpan.Zero, out _));
        Assert.True(limits.Advance(connection, phase));
        return connection;
    }

    private static (List<ListenerConnection> Expired, TimeSpan? Next) Expire(ConnectionLimits limits, TimeSpan now)
    {
        var expired = new List<ListenerConnection>();
        var next = limits.Expire(now, expired);
        return (expired, next);
    }
}
