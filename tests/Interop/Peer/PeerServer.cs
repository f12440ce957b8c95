using System.Net;
using System.Text;
using SecureChannel.Cryptography;

namespace SecureChannel.Interop;

/// <summary>The command <c>peer serve</c>: concurrent sessions until Ctrl+C.</summary>
internal static class PeerServer
{
    private const int MaxRequestLength = 64 * 1024;

    public static async Task<int> RunAsync(PeerOptions options, CancellationToken stop)
    {
        using var identity = CertificateIdentity.FromPemFile(options.Certificate!, options.Key!);
        await using var listener = SecureListener.Start(
            options.Port!.Value, options.ToServerOptions(identity, failure => SessionReport.Failure("server", failure.Error)));
        SessionReport.Listening(((IPEndPoint)listener.LocalEndPoint).Port);
        var sessions = new List<Task>();
        try
        {
            while (true)
            {
                var session = await listener.AcceptAsync(stop);
                sessions.RemoveAll(task => task.IsCompleted);
                sessions.Add(ServeAsync(session, options.ServesPage));
            }
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }

    private static async Task ServeAsync(SecureSession session, bool servesPage)
    {
        var (received, sent) = (0L, 0L);
        await using (session)
        {
            try
            {
                var stream = session.AsStream();
                var buffer = new byte[64 * 1024];
                var request = new StringBuilder();
                while (await stream.ReadAsync(buffer) is var count and > 0)
                {
                    received += count;
                    var answer = servesPage ? CreatePage(session, request.Append(Encoding.Latin1.GetString(buffer, 0, count))) : buffer.AsMemory(0, count);
                    await stream.WriteAsync(answer);
                    await stream.FlushAsync();
                    sent += answer.Length;
                    if (servesPage && (sent > 0 || request.Length > MaxRequestLength))
                        break;
                }

                await session.CloseAsync();
            }
            catch (IOException)
            {
                // The line of the session has the reason.
            }
        }

        SessionReport.Session(session, received, sent);
    }

    private static ReadOnlyMemory<byte> CreatePage(SecureSession session, StringBuilder request)
    {
        if (!request.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
            return default;

        var negotiated = session.Negotiated!;
        var page = $"""
            handshake: {negotiated.Handshake}
            suite: {negotiated.CipherSuite?.Name}
            group: {negotiated.Group?.Name}
            signature: {negotiated.SignatureScheme?.Name}
            application protocol: {negotiated.ApplicationProtocol ?? "none"}
            request: {request.ToString().Split('\r')[0]}

            """.ReplaceLineEndings("\n");
        return Encoding.UTF8.GetBytes($"HTTP/1.0 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {Encoding.UTF8.GetByteCount(page)}\r\n\r\n{page}");
    }
}
