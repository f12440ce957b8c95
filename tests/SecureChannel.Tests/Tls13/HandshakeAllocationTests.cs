using SecureChannel.Testing;

namespace SecureChannel.Tests.Tls13;

public sealed class HandshakeAllocationTests
{
    [Fact]
    public void A_full_handshake_with_the_platforms_cryptography_allocates_less_than_6_KB_an_end() =>
        Assert.InRange(HandshakeAllocation.OfBothEnds(SessionSecurity.Tls13.Handshake!, Tls13Ends.Client, Tls13Ends.Server), 1, 2 * 6 * 1024);
}
