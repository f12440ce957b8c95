using SecureChannel;
using SecureChannel.Cryptography;

namespace Samples.Banking;

/// <summary>Writes the progress of a handshake, with the seven steps of the textbook for KeyTransport, and its result.</summary>
internal static class HandshakeLog
{
    public static void Write(HandshakeProgress progress)
    {
        string[] lines = (progress.Message, progress.Sent) switch
        {
            // The client's side.
            ("ClientRequest", true) => ["step 1: requested a secure connection"],
            ("ServerCertificate", false) =>
            [
                "step 2: received the server's certificate",
                "step 3: verified it with the authority's public key",
            ],
            ("ClientKey", true) =>
            [
                "step 4: generated an ephemeral symmetric key",
                "step 5: encrypted it with the server's public key",
                "step 6: sent the encrypted key",
            ],
            ("ClientFinished", true) => ["        proved possession of the key and agreement on all messages so far"],
            ("ServerAcknowledge", false) => ["step 7: received the acknowledgment; both endpoints use keys derived from the ephemeral key"],

            // The server's side.
            ("ClientRequest", false) => ["step 1: a client requests a secure connection"],
            ("ServerCertificate", true) => ["step 2: sent the certificate"],
            ("ClientKey", false) => ["step 6: received the encrypted key"],
            ("ClientFinished", false) => ["        the client has the key and agrees on all messages so far"],
            ("ServerAcknowledge", true) => ["step 7: acknowledged; both endpoints use keys derived from the ephemeral key"],

            // Any other handshake.
            (var message, var sent) => [$"{(sent ? "sent" : "received")} {message}"],
        };
        foreach (var line in lines)
            Console.WriteLine($"  {line}");
    }

    public static void Write(NegotiatedSession negotiated, PeerIdentity? peer)
    {
        Console.WriteLine($"secured by {negotiated.Handshake}, {negotiated.CipherSuite?.Name}");
        Console.WriteLine($"peer: {peer?.Name}");
        Console.WriteLine($"negotiated idle timeout: {negotiated.IdleTimeout?.TotalSeconds} s");
    }
}
