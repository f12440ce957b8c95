using System.Text.Encodings.Web;
using System.Text.Json;
using SecureChannel.Cryptography;

namespace SecureChannel.Interop;

/// <summary>Writes the lines of JSON.</summary>
internal static class SessionReport
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly Lock Gate = new();

    public static void Listening(int port) => Write(new { listening = port });

    /// <summary>A session's line. Its end is <c>close_notify</c> where the peer closed in order, and else the reason in words.</summary>
    public static void Session(SecureSession session, long received, long sent, string? text = null) => Write(new
    {
        role = session.Role == Role.Client ? "client" : "server",
        protocol = session.Negotiated?.Handshake,
        suite = session.Negotiated?.CipherSuite,
        group = session.Negotiated?.Group?.Name,
        signature = session.Negotiated?.SignatureScheme?.Name,
        alpn = session.Negotiated?.ApplicationProtocol,
        peer = session.Negotiated?.PeerName,
        received,
        sent,
        text,
        end = session.End is { Error: { } error } ? error.ToString() : "close_notify",
    });

    public static void Failure(string role, SessionError error) => Write(new { role, end = error.ToString() });

    private static void Write<T>(T line)
    {
        lock (Gate)
            Console.WriteLine(JsonSerializer.Serialize(line, Json));
    }
}
