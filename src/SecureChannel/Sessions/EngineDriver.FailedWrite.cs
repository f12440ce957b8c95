using System.Net.Sockets;
using System.Security.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel;

// What the peer said before it stopped taking bytes.
internal sealed partial class EngineDriver
{
    // What came before a reset is there at once; a peer that neither takes bytes nor says why is not waited for.
    private static readonly TimeSpan HearingGrace = TimeSpan.FromSeconds(1);

    // An end that only sends learns by a failed write that the peer is gone, though the alert that says why may have come: it is read before the session fails.
    private async ValueTask FailWriteAsync(Exception cause)
    {
        if (End is null && cause is (IOException or SocketException))
            await ReadFinalAlertAsync(cause).ConfigureAwait(false);
        WriteFailed(cause);
    }

    private async ValueTask ReadFinalAlertAsync(Exception cause)
    {
        using var grace = new CancellationTokenSource(HearingGrace, Options.TimeProvider);
        try
        {
            if (TryTakeTransport())
                await ReadToEndAsync(cause, grace.Token).ConfigureAwait(false);
            else
                await Completion.WaitAsync(grace.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfTransport(e))
        {
            // It says nothing: the failure of the write is the reason.
        }
    }

    // What was received stays where it is until the next receive, so this is read elsewhere: in memory that goes back to nobody, to which a transport that cannot
    // be cancelled may write for ever.
    private async ValueTask ReadToEndAsync(Exception cause, CancellationToken cancellationToken)
    {
        var (buffer, filled) = TakeUnread();
        var dropsData = false;
        try
        {
            while (TryReadRecords(cause, buffer, ref filled, ref dropsData) && await MoreAsync(buffer.AsMemory(filled)).ConfigureAwait(false) is > 0 and var count)
                filled += count;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }

        Task<int> MoreAsync(Memory<byte> room) => Transport.ReadAsync(room, cancellationToken).AsTask().WaitAsync(cancellationToken);
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

    // False: nothing more is to be heard.
    private bool TryReadRecords(Exception cause, Span<byte> buffer, ref int filled, ref bool dropsData)
    {
        lock (Gate)
        {
            var start = 0;
            while (End is null && !_engine.IsReadClosed && _engine.Pending is null)
            {
                var result = _engine.Read(buffer[start..filled], Timer.Now, _output);
                start += result.Consumed;
                dropsData |= result.ContentLength > 0;
                // An end in order would tell the application that it has received all.
                if (dropsData && _engine.End is { Error: null })
                    WriteFailed(cause);
                AfterEngine();
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
