using SecureChannel.Testing;

namespace SecureChannel.Tests.Tls13;

public sealed class HandshakeAllocationTests
{
    [Fact]
    public void A_full_handshake_with_the_platform_provider_allocates_less_than_6_KB_per_endpoint() =>
        Assert.InRange(HandshakeAllocation.OfBothEnds(SessionSecurity.Tls13.Handshake!, Tls13Ends.Client, Tls13Ends.Server), 1, 2 * 6 * 1024);

    [Fact]
    public void A_mutual_handshake_with_the_platform_provider_allocates_less_than_8_KB_per_endpoint() =>
        Assert.InRange(HandshakeAllocation.OfBothEnds(SessionSecurity.Tls13.Handshake!, Tls13Ends.ClientWithIdentity, Tls13Ends.ServerOfClients), 1, 2 * 8 * 1024);
}
