using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SecureChannel.Interop;

/// <summary><c>peer connect</c>: sessions one after another.</summary>
internal static class PeerClient
{
    private const int LongestText = 1000;

    /// <summary>1 if a session failed.</summary>
    public static async Task<int> RunAsync(PeerOptions options, CancellationToken stop)
    {
        var result = 0;
        var made = options.ToClientOptions();
        for (var times = 0; times < options.Times; times++)
        {
            if (!await ConnectAsync(options, made, stop))
                result = 1;
        }

        return result;
    }

    private static async Task<bool> ConnectAsync(PeerOptions options, ClientOptions made, CancellationToken stop)
    {
        SecureSession session;
        try
        {
            session = await SecureSession.ConnectAsync(new DnsEndPoint(options.Host, options.Port!.Value), made, stop);
        }
        catch (Exception exception) when (exception is SessionException or SocketException)
        {
            SessionReport.Failure("client", (exception as SessionException)?.Error ?? new SessionError(SessionErrorKind.Truncated, AlertDescription.InternalError, exception.Message));
            return false;
        }

        var (received, sent) = (new MemoryStream(), 0L);
        var isRight = true;
        await using (session)
        {
            try
            {
                var stream = session.AsStream();
                var bytes = options.Bulk is { } size ? CreateBulk(size) : Encoding.UTF8.GetBytes(options.Get is { } path ? $"GET {path} HTTP/1.0\r\n\r\n" : (options.Send ?? "hello") + "\n");
                sent = bytes.Length;
                var writing = WriteAsync(session, stream, bytes, closes: options.Get is null);
                await stream.CopyToAsync(received, stop);
                await writing;
                isRight = options.Bulk is null || received.ToArray().AsSpan().SequenceEqual(bytes);
                await session.CloseAsync(stop);
            }
            catch (IOException)
            {
                // The line tells it.
            }
        }

        var text = received.Length <= LongestText ? Encoding.UTF8.GetString(received.ToArray()) : null;
        SessionReport.Session(session, received.Length, sent, isRight ? text : "other bytes came back than were sent");
        return isRight && session.End is { Error: null };
    }

    private static async Task WriteAsync(SecureSession session, SecureStream stream, byte[] bytes, bool closes)
    {
        await stream.WriteAsync(bytes);
        await stream.FlushAsync();
        if (closes)
            await session.CompleteWritesAsync();
    }

    // No period of 256 nor of a record: bytes that are swapped or repeated show.
    private static byte[] CreateBulk(int size)
    {
        var bytes = new byte[size];
        for (var index = 0; index < size; index++)
            bytes[index] = (byte)((index * 7) + (index >> 8));
        return bytes;
    }
}
