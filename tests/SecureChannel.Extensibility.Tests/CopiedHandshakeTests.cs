using System.Runtime.CompilerServices;
using SecureChannel.Handshakes;
using SecureChannel.KeyTransport;
using SecureChannel.Testing;

namespace SecureChannel.Extensibility.Tests;

public sealed class CopiedHandshakeTests
{
    [Fact]
    public void A_handshake_compiled_in_another_assembly_establishes_a_session()
    {
        using var pair = new EnginePair(KeyTransportProtocol.Instance, KeyTransportEnds.Client, KeyTransportEnds.Server).Start().Run();
        Assert.True(pair.IsEstablished);
        pair.Write(Role.Client, 1, 2, 3);
        pair.Run();
        Assert.Equal([1, 2, 3], pair.Server.Received);
    }

    [Fact]
    public void A_copied_handshake_interoperates_with_the_built_in_one()
    {
        var (here, there) = (KeyTransportProtocol.Instance, SessionSecurity.KeyTransport.Handshake!);
        using var pair = new EnginePair(here.Records, here.CreateClient(KeyTransportEnds.Client), there.CreateServer(KeyTransportEnds.Server)).Start().Run(1);
        Assert.True(pair.IsEstablished);
    }

    [Fact]
    public void The_copied_handshake_uses_only_public_types()
    {
        Assert.IsNotType<KeyTransportProtocol>(SessionSecurity.KeyTransport.Handshake!);
        Assert.DoesNotContain(
            typeof(HandshakeProtocol).Assembly.GetCustomAttributes(typeof(InternalsVisibleToAttribute), false).Cast<InternalsVisibleToAttribute>(),
            friend => friend.AssemblyName == typeof(CopiedHandshakeTests).Assembly.GetName().Name);
    }
}
