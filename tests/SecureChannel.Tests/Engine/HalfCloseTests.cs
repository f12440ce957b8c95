using SecureChannel.Testing;

namespace SecureChannel.Tests.Engine;

/// <summary>RFC 9846 section 6.1: a close_notify ends one direction.</summary>
public sealed class HalfCloseTests
{
    [Fact]
    public void An_endpoint_still_receives_after_it_closed_its_direction()
    {
        using var pair = Establish();
        pair.Write(Role.Client, 1);
        pair.Client.Engine.CloseWrite(pair.Now, pair.Client.Output);
        pair.Client.Engine.CloseWrite(pair.Now, pair.Client.Output);
        pair.Run();
        Assert.Equal([1], pair.Server.Received);
        Assert.True(pair.Server.Engine.IsReadClosed);
        Assert.True(pair.IsEstablished);
        Assert.Throws<InvalidOperationException>(() => pair.Write(Role.Client, 2));

        pair.Write(Role.Server, 3, 4);
        pair.Run();
        Assert.Equal([3, 4], pair.Client.Received);

        pair.Server.Engine.Close(pair.Now, pair.Server.Output);
        pair.Run();
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), pair.Server.Engine.End);
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), pair.Client.Engine.End);
        Assert.Empty(pair.Client.TakeOutput());
    }

    [Fact]
    public void Data_after_the_close_notify_of_the_peer_is_ignored()
    {
        using var pair = Establish();
        pair.Client.Engine.CloseWrite(pair.Now, pair.Client.Output);
        pair.Run();
        pair.Server.Deliver([1, 2, 3], pair.Now);
        pair.Server.Engine.ReadEnd(pair.Now, pair.Server.Output);
        Assert.Null(pair.Server.Error);
        pair.Write(Role.Server, 1);
        Assert.NotEmpty(pair.Server.TakeOutput());
    }

    [Fact]
    public void A_direction_that_ends_without_close_notify_after_the_other_was_closed_is_truncated()
    {
        using var pair = Establish();
        pair.Client.Engine.CloseWrite(pair.Now, pair.Client.Output);
        pair.Client.TakeOutput();
        pair.Client.Engine.ReadEnd(pair.Now, pair.Client.Output);
        Assert.Equal(SessionErrorKind.Truncated, pair.Client.Error!.Kind);

        // RFC 9846 section 6.1: an endpoint sends nothing after its close_notify, and so no alert either.
        Assert.Empty(pair.Client.TakeOutput());
    }

    [Fact]
    public void A_direction_cannot_be_closed_before_the_session_is_established()
    {
        using var pair = KeyTransportEnds.CreatePair().Start();
        Assert.Throws<InvalidOperationException>(() => pair.Client.Engine.CloseWrite(pair.Now, pair.Client.Output));
    }

    [Fact]
    public void Closing_the_direction_after_the_peer_closed_its_own_ends_the_session()
    {
        using var pair = Establish();
        pair.Client.Engine.CloseWrite(pair.Now, pair.Client.Output);
        pair.Run();
        pair.Server.Engine.CloseWrite(pair.Now, pair.Server.Output);
        pair.Run();
        Assert.Equal(SessionEndReason.ClosedByPeer, pair.Server.Engine.End!.Reason);
        Assert.Equal(SessionEndReason.ClosedByPeer, pair.Client.Engine.End!.Reason);
    }

    private static EnginePair Establish()
    {
        var pair = new EnginePair(SessionSecurity.KeyTransport.Handshake!, KeyTransportEnds.Client, KeyTransportEnds.Server).Start().Run();
        Assert.True(pair.IsEstablished);
        return pair;
    }
}
