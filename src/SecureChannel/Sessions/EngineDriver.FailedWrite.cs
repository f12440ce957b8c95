using System.Net.Sockets;
using System.Security.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel;

// Reading the peer's final alert after a failed write.
internal sealed partial class EngineDriver
{
    // An alert that was sent before a reset is available at once, so a short wait is enough.
    private static readonly TimeSpan FinalAlertTimeout = TimeSpan.FromSeconds(1);

    // An endpoint that only sends does not read the peer's alert, so it is read here, before the session reports the failed write.
    private async ValueTask FailWriteAsync(Exception cause)
    {
        if (End is null && cause is (IOException or SocketException))
            await ReadFinalAlertAsync(cause).ConfigureAwait(false);
        EndWithWriteFailure(cause);
    }

    private async ValueTask ReadFinalAlertAsync(Exception cause)
    {
        using var grace = new CancellationTokenSource(FinalAlertTimeout, Options.TimeProvider);
        try
        {
            if (TryAcquireTransportInput())
                await ReadToEndAsync(cause, grace.Token).ConfigureAwait(false);
            else
                await Completion.WaitAsync(grace.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (IsTransportFailure(e))
        {
            // No alert was received, so the write failure is the reason.
        }
    }

    // Uses its own buffer, which is never reused: received data stays valid until the next receive, and a transport that ignores cancellation may still write.
    private async ValueTask ReadToEndAsync(Exception cause, CancellationToken cancellationToken)
    {
        var (buffer, filled) = TakeUnread();
        var discardsData = false;
        try
        {
            while (TryReadRecords(cause, buffer, ref filled, ref discardsData)
                && await ReadMoreAsync(buffer.AsMemory(filled)).ConfigureAwait(false) is > 0 and var count)
            {
                filled += count;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }

        Task<int> ReadMoreAsync(Memory<byte> room) => Transport.ReadAsync(room, cancellationToken).AsTask().WaitAsync(cancellationToken);
    }

    private (byte[] Buffer, int Filled) TakeUnread()
    {
        lock (Gate)
        {
            var unread = Input.Unread;
            var buffer = GC.AllocateArray<byte>(unread.Length + RecordFormat.MaxRecordLength, pinned: true);
            unread.Span.CopyTo(buffer);
            Input.Consume(unread.Length);
            return (buffer, unread.Length);
        }
    }

    // Returns false if no more records are expected.
    private bool TryReadRecords(Exception cause, Span<byte> buffer, ref int filled, ref bool discardsData)
    {
        lock (Gate)
        {
            var start = 0;
            while (End is null && !_engine.IsReadClosed && _engine.Pending is null)
            {
                var result = _engine.Read(buffer[start..filled], Timer.Now, _output);
                start += result.Consumed;
                discardsData |= result.ContentLength > 0;
                // After discarded data, an orderly end would wrongly report that everything was received.
                if (discardsData && _engine.End is { Error: null })
                    EndWithWriteFailure(cause);
                ApplyEngineState();
                if (!result.NeedsMoreData)
                    continue;

                buffer[start..filled].CopyTo(buffer);
                filled -= start;
                return true;
            }
            return false;
        }
    }
}
