using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SecureChannel.Interop;

/// <summary>The command <c>peer connect</c>: consecutive sessions.</summary>
internal static class PeerClient
{
    private const int MaxTextLength = 1000;

    /// <summary>Runs the sessions.</summary>
    /// <returns>The exit code: 0, or 1 if a session failed.</returns>
    public static async Task<int> RunAsync(PeerOptions options, CancellationToken stop)
    {
        var result = 0;
        var clientOptions = options.ToClientOptions();
        for (var times = 0; times < options.Times; times++)
        {
            if (!await ConnectAsync(options, clientOptions, stop))
                result = 1;
        }

        return result;
    }

    private static async Task<bool> ConnectAsync(PeerOptions options, ClientOptions clientOptions, CancellationToken stop)
    {
        SecureSession session;
        try
        {
            session = await SecureSession.ConnectAsync(new DnsEndPoint(options.Host, options.Port!.Value), clientOptions, stop);
        }
        catch (Exception exception) when (exception is SessionException or SocketException)
        {
            SessionReport.Failure("client", (exception as SessionException)?.Error ?? new SessionError(SessionErrorKind.TransportFailed, SessionErrorCode.TransportFailed, AlertDescription.InternalError, exception.Message));
            return false;
        }

        var (received, sent) = (new MemoryStream(), 0L);
        var isCorrect = true;
        await using (session)
        {
            try
            {
                var stream = session.AsStream();
                var bytes = options.Bulk is { } size ? CreateBulk(size) : Encoding.UTF8.GetBytes(options.Get is { } path ? $"GET {path} HTTP/1.0\r\n\r\n" : (options.Send ?? "hello") + "\n");
                sent = bytes.Length;
                var writing = WriteAsync(session, stream, bytes, completeWrites: options.Get is null);
                await stream.CopyToAsync(received, stop);
                await writing;
                isCorrect = options.Bulk is null || received.ToArray().AsSpan().SequenceEqual(bytes);
                await session.CloseAsync(stop);
            }
            catch (IOException)
            {
                // The line of the session has the reason.
            }
        }

        var text = received.Length <= MaxTextLength ? Encoding.UTF8.GetString(received.ToArray()) : null;
        SessionReport.Session(session, received.Length, sent, isCorrect ? text : "the received bytes differ from the sent bytes");
        return isCorrect && session.End is { Error: null };
    }

    private static async Task WriteAsync(SecureSession session, SecureStream stream, byte[] bytes, bool completeWrites)
    {
        await stream.WriteAsync(bytes);
        await stream.FlushAsync();
        if (completeWrites)
            await session.CompleteWritesAsync();
    }

    // The period is neither 256 nor the size of a record, so that swapped or repeated bytes are detected.
    private static byte[] CreateBulk(int size)
    {
        var bytes = new byte[size];
        for (var index = 0; index < size; index++)
            bytes[index] = (byte)((index * 7) + (index >> 8));
        return bytes;
    }
}
