using SecureChannel.Cryptography;
using SecureChannel.Testing;

namespace SecureChannel.Sodium.Tests;

public sealed class HandshakeAllocationTests
{
    /// <summary>A hybrid handshake carries a client's share of 1,216 bytes and a server's share of 1,120 bytes, and the offer also contains a share of X25519.</summary>
    [Theory]
    [InlineData(new[] { NamedGroup.X25519 }, 6 * 1024)]
    [InlineData(new[] { NamedGroup.X25519MLKem768, NamedGroup.X25519 }, 10 * 1024)]
    public void A_full_handshake_allocates_less_than_its_limit_per_endpoint(NamedGroup[] groups, int limit)
    {
        var client = Tls13Ends.Client with { Cryptography = SodiumProvider.Instance, Groups = [.. groups] };
        var server = Tls13Ends.Server with { Cryptography = SodiumProvider.Instance };
        Assert.InRange(HandshakeAllocation.OfBothEnds(SessionSecurity.Tls13.Handshake!, client, server), 1, 2 * limit);
    }
}
