using SecureChannel.Testing;

namespace SecureChannel.Tests.Engine;

/// <summary>Transports that end at any byte. Only a complete close_notify ends a session in order.</summary>
public sealed class TruncationTests
{
    [Theory]
    [InlineData("Tls13")]
    [InlineData("KeyTransport")]
    public void A_transport_that_ends_before_the_end_of_the_close_notify_is_truncated(string security)
    {
        byte[] first = [1, 2, 3, 4], second = [5, 6];
        for (var cut = 0; ; cut++)
        {
            using var pair = security == "Tls13" ? Tls13Ends.CreatePair() : KeyTransportEnds.CreatePair();
            pair.Start().Run();
            pair.Write(Role.Client, first);
            pair.Write(Role.Client, second);
            pair.Client.Engine.Close(pair.Now, pair.Client.Output);
            var sent = pair.Client.TakeOutput();
            pair.Server.Deliver(sent.AsSpan(0, cut), pair.Now);
            pair.Server.Engine.ReadEnd(pair.Now, pair.Server.Output);

            const int Overhead = 5 + 1 + 16;
            byte[] expected = cut < Overhead + first.Length ? [] : cut < (2 * Overhead) + first.Length + second.Length ? first : [.. first, .. second];
            Assert.Equal(expected, pair.Server.Received);
            if (cut == sent.Length)
            {
                Assert.True(pair.Server.Engine.IsReadClosed);
                Assert.Null(pair.Server.Engine.End);
                pair.Server.Engine.Close(pair.Now, pair.Server.Output);
                Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), pair.Server.Engine.End);
                return;
            }

            Assert.False(pair.Server.Engine.IsReadClosed);
            Assert.Equal((SessionErrorKind.Truncated, SessionErrorCode.Truncated), (pair.Server.Error?.Kind, pair.Server.Error?.Code));
        }
    }

    [Theory]
    [InlineData("Tls13")]
    [InlineData("KeyTransport")]
    public void A_transport_that_ends_during_the_handshake_is_truncated(string security)
    {
        foreach (var role in new[] { Role.Client, Role.Server })
        {
            using var whole = (security == "Tls13" ? Tls13Ends.CreatePair() : KeyTransportEnds.CreatePair()).Start().Run();
            var length = whole.Sent[1 - role].Count;
            for (var cut = 0; cut < length - 200; cut += 37)
            {
                using var pair = security == "Tls13" ? Tls13Ends.CreatePair() : KeyTransportEnds.CreatePair();
                var left = cut;
                pair.Alter = (from, bytes) =>
                {
                    if (from == role)
                        return bytes;
                    bytes = bytes[..Math.Min(left, bytes.Length)];
                    left -= bytes.Length;
                    return bytes;
                };
                pair.Start().Run();
                pair[role].Engine.ReadEnd(pair.Now, pair[role].Output);
                Assert.Equal((SessionErrorKind.Truncated, SessionErrorCode.Truncated), (pair[role].Error?.Kind, pair[role].Error?.Code));
            }
        }
    }
}
