using SecureChannel;
using SecureChannel.Cryptography;

namespace Samples.Banking;

/// <summary>Says in words what a handshake does, by the seven steps of the textbook.</summary>
internal static class Narration
{
    public static void Tell(HandshakeProgress step)
    {
        string[] lines = (step.Message, step.Sent) switch
        {
            ("ClientRequest", true) => ["step 1: asked for a secure connection"],
            ("ServerCertificate", false) =>
            [
                "step 2: received the server's certificate",
                "step 3: checked it with the authority's public key",
            ],
            ("ClientKey", true) =>
            [
                "step 4: made an ephemeral symmetric key",
                "step 5: encrypted it with the server's public key",
                "step 6: sent it",
            ],
            ("ClientFinished", true) => ["        and showed that it holds the key and saw the same messages"],
            ("ServerAcknowledge", false) => ["step 7: the server acknowledged; both ends use keys from it"],

            ("ClientRequest", false) => ["step 1: a client asks for a secure connection"],
            ("ServerCertificate", true) => ["step 2: answered with the certificate"],
            ("ClientKey", false) => ["step 6: received the encrypted key"],
            ("ClientFinished", false) => ["        the client holds the key and saw the same messages"],
            ("ServerAcknowledge", true) => ["step 7: acknowledged; both ends use keys from it"],

            (var message, var sent) => [$"{(sent ? "sent" : "received")} {message}"],
        };
        foreach (var line in lines)
        {
            Console.WriteLine($"  {line}");
        }
    }

    public static void Tell(NegotiatedSession negotiated, PeerIdentity? peer)
    {
        Console.WriteLine($"secured by {negotiated.Handshake}, {negotiated.CipherSuite?.Name}");
        Console.WriteLine($"peer: {peer?.Name}");
        Console.WriteLine($"agreed idle timeout: {negotiated.IdleTimeout?.TotalSeconds} s");
    }
}
