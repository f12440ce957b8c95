using System.Text;

namespace SecureChannel.Bogo;

/// <summary>The exchange of data that the runner expects after a handshake: this endpoint returns every byte that it receives, inverted.</summary>
internal static class Exchange
{
    // The runner expects decompression_failure, which TLS 1.3 does not have.
    private const AlertDescription ExpectedAlert = (AlertDescription)30;

    private static readonly int[] RecordSizes = [0, 1, 255, 256, 257, 16383, 16384, 16385, 32767, 32768, 32769];

    /// <summary>Runs the exchange until the peer ends the session.</summary>
    public static async Task RunAsync(SecureSession session, ShimFlags flags)
    {
        var stream = session.AsStream();
        if (flags.Number("-export-keying-material") is > 0 and var length)
            await stream.WriteAsync(Export(session, flags, length));
        if (flags.Has("-send-alert"))
        {
            await session.AbortAsync(new SessionError(
                SessionErrorKind.LocalError, SessionErrorCode.Aborted, ExpectedAlert, "The runner requires an alert."));
            return;
        }

        await WriteFirstAsync(stream, flags);
        if (!flags.Has("-shim-shuts-down"))
        {
            await EchoAsync(session, stream, flags);
            return;
        }

        await session.CompleteWritesAsync();
        if (flags.Has("-check-close-notify"))
            await stream.CopyToAsync(Stream.Null);
    }

    private static byte[] Export(SecureSession session, ShimFlags flags, int length)
    {
        var material = new byte[length];
        session.ExportKeyingMaterial(flags.Value("-export-label") ?? "", Encoding.UTF8.GetBytes(flags.Value("-export-context") ?? ""), material);
        return material;
    }

    private static async Task WriteFirstAsync(SecureStream stream, ShimFlags flags)
    {
        if (flags.Has("-write-different-record-sizes"))
        {
            foreach (var size in RecordSizes)
                await stream.WriteAsync(Enumerable.Repeat((byte)0x42, size).ToArray());
        }
        else if (flags.Has("-shim-writes-first") || flags.Has("-read-with-unfinished-write"))
        {
            for (var i = 0; i < (flags.Number("-repeat-shim-initial-write") ?? 1); i++)
                await stream.WriteAsync(Encoding.UTF8.GetBytes(flags.Value("-shim-initial-write") ?? "hello"));
        }

        await stream.FlushAsync();
    }

    private static async Task EchoAsync(SecureSession session, SecureStream stream, ShimFlags flags)
    {
        var buffer = new byte[flags.Number("-read-size") ?? 512];
        try
        {
            while (await stream.ReadAsync(buffer) is > 0 and var length)
            {
                foreach (ref var value in buffer.AsSpan(0, length))
                    value ^= 0xFF;
                if (flags.Has("-use-exporter-between-reads"))
                    Export(session, flags, 16);
                await stream.WriteAsync(buffer.AsMemory(0, length));
                await stream.FlushAsync();
            }

            await session.CloseAsync();
        }
        catch (SessionException exception) when (exception.Error.Code == SessionErrorCode.Truncated && !flags.Has("-check-close-notify"))
        {
            // The runner may close its connection without a close_notify.
        }
    }
}
