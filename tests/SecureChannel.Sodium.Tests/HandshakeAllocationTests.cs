using SecureChannel.Testing;

namespace SecureChannel.Sodium.Tests;

public sealed class HandshakeAllocationTests
{
    [Fact]
    public void A_full_handshake_allocates_less_than_6_KB_per_endpoint()
    {
        var client = Tls13Ends.Client with { Cryptography = SodiumProvider.Instance };
        var server = Tls13Ends.Server with { Cryptography = SodiumProvider.Instance };
        Assert.InRange(HandshakeAllocation.OfBothEnds(SessionSecurity.Tls13.Handshake!, client, server), 1, 2 * 6 * 1024);
    }
}
