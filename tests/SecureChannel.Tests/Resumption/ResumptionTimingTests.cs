using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using SecureChannel.Cryptography;
using SecureChannel.Testing;
using SecureChannel.Tests.Tls13;
using SecureChannel.Tls13;

namespace SecureChannel.Tests.Resumption;

/// <summary>The duration of a refusal does not reveal how much of a ticket or a binder was right. Each pair of kinds differs only in the position of the error.</summary>
public sealed class ResumptionTimingTests
{
    private const double MaxRatio = 1.3;

    [Fact]
    public void Opening_a_ticket_takes_equal_time_wherever_it_was_changed()
    {
        var keys = new TicketKeys(RandomNumberGenerator.GetBytes(32));
        var output = new ArrayBufferWriter<byte>();
        keys.Protect(new byte[256], output);
        var ticket = output.WrittenSpan.ToArray();

        // The salt, the first and the last byte of the ciphertext, the first and the last byte of the tag.
        byte[][] changed = [.. new[] { 8, 40, ticket.Length - 17, ticket.Length - 16, ticket.Length - 1 }.Select(index => Change(ticket, index))];
        var opened = new ArrayBufferWriter<byte>(1024);
        AssertEqual(changed.Length, 2000, kind => Assert.False(keys.TryUnprotect(changed[kind], opened)));
        Assert.Equal(0, opened.WrittenCount);
    }

    [Fact]
    public void A_wrong_binder_takes_equal_time_wherever_it_is_wrong()
    {
        using var ends = new ResumptionEnds();
        ends.Connect().Dispose();
        Assert.True(ends.Client.TryTakeSession(out var session));
        using var _ = session;
        using var secret = new PreSharedSecret(new KeyDerivation(CryptographyProvider.Platform, session.CipherSuite), session.Key);
        using var offer = ClientOffer.Create(ends.Client);
        using var transcript = new TranscriptHash(CryptographyProvider.Platform);
        offer.Resume(new PskIdentity(session.Ticket, 0), secret, session.Key.Length, transcript.View);
        var hello = HandshakeWire.Frame(offer.Hello);

        // The binder is at the end of the message.
        byte[][] changed = [.. new[] { 1, session.Key.Length / 2, session.Key.Length }.Select(fromEnd => Change(hello, hello.Length - fromEnd))];
        AssertEqual(changed.Length, 400, kind =>
        {
            using var server = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateServer(ends.Server)).Start();
            server.Accept(changed[kind]);
            Assert.Equal(AlertDescription.DecryptError, server.Error!.Alert);
        });
    }

    // Compares the medians of kinds that alternate. Another load of the machine affects all kinds alike, and a few attempts absorb the rest.
    private static void AssertEqual(int kinds, int rounds, Action<int> run)
    {
        double[] medians = [];
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var times = Enumerable.Range(0, kinds).Select(_ => new List<long>()).ToArray();
            for (var round = 0; round < rounds; round++)
            {
                for (var kind = 0; kind < kinds; kind++)
                {
                    var start = Stopwatch.GetTimestamp();
                    run(kind);
                    times[kind].Add(Stopwatch.GetTimestamp() - start);
                }
            }

            medians = [.. times.Select(list => (double)list.Order().ElementAt(list.Count / 2))];
            if (medians.Max() / medians.Min() < MaxRatio)
                return;
        }

        Assert.Fail(string.Join(" ", medians));
    }

    private static byte[] Change(byte[] bytes, int index)
    {
        var changed = bytes.ToArray();
        changed[index] ^= 0x80;
        return changed;
    }
}
