using System.Text.Encodings.Web;
using System.Text.Json;
using SecureChannel.Cryptography;

namespace SecureChannel.Interop;

/// <summary>Writes a line of JSON for each session.</summary>
internal static class SessionReport
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly Lock Gate = new();

    /// <summary>Writes the port that the server listens on.</summary>
    public static void Listening(int port) => Write(new { listening = port });

    /// <summary>Writes the line of an established session. Its end is <c>close_notify</c> for an orderly end, or the error.</summary>
    public static void Session(SecureSession session, long received, long sent, string? text = null) => Write(new
    {
        role = session.Role == Role.Client ? "client" : "server",
        protocol = session.Negotiated?.Handshake,
        suite = session.Negotiated?.CipherSuite?.Name,
        group = session.Negotiated?.Group?.Name,
        signature = session.Negotiated?.SignatureScheme?.Name,
        alpn = session.Negotiated?.ApplicationProtocol,
        peer = session.PeerIdentity?.Name ?? session.PeerIdentity?.Certificate?.Subject,
        received,
        sent,
        text,
        end = session.End is { Error: { } error } ? error.ToString() : "close_notify",
    });

    /// <summary>Writes the line of a session that was not established.</summary>
    public static void Failure(string role, SessionError error) => Write(new { role, end = error.ToString() });

    private static void Write<T>(T line)
    {
        lock (Gate)
            Console.WriteLine(JsonSerializer.Serialize(line, Json));
    }
}
