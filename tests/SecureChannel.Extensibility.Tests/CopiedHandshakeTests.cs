using System.Runtime.CompilerServices;
using SecureChannel.Handshakes;
using SecureChannel.KeyTransport;
using SecureChannel.Testing;

namespace SecureChannel.Extensibility.Tests;

public sealed class CopiedHandshakeTests
{
    [Fact]
    public void A_handshake_compiled_here_runs_with_a_session_of_its_own()
    {
        using var pair = new EnginePair(KeyTransportProtocol.Instance, KeyTransportEnds.Client, KeyTransportEnds.Server).Start().Run();
        Assert.True(pair.IsEstablished);
        pair.Write(Role.Client, 1, 2, 3);
        pair.Run();
        Assert.Equal([1, 2, 3], pair.Server.Received);
    }

    [Fact]
    public void It_understands_the_librarys_own()
    {
        var (here, there) = (KeyTransportProtocol.Instance, SessionSecurity.KeyTransport.Handshake!);
        using var pair = new EnginePair(here.Records, here.CreateClient(KeyTransportEnds.Client), there.CreateServer(KeyTransportEnds.Server)).Start().Run(1);
        Assert.True(pair.IsEstablished);
    }

    [Fact]
    public void This_assembly_sees_only_what_is_public()
    {
        Assert.IsNotType<KeyTransportProtocol>(SessionSecurity.KeyTransport.Handshake!);
        Assert.DoesNotContain(
            typeof(HandshakeProtocol).Assembly.GetCustomAttributes(typeof(InternalsVisibleToAttribute), false).Cast<InternalsVisibleToAttribute>(),
            friend => friend.AssemblyName == typeof(CopiedHandshakeTests).Assembly.GetName().Name);
    }
}
