using System.Security.Cryptography;
using SecureChannel.Records;

namespace SecureChannel;

// Who reads: a receive, or a write that has failed and wants to know why.
internal sealed partial class EngineDriver
{
    private const int Nobody = 0;
    private const int Receive = 1;
    private const int FailedWrite = 2;

    // What came before a reset is there at once; a peer that neither takes bytes nor says why is not waited for.
    private static readonly TimeSpan HearingGrace = TimeSpan.FromSeconds(1);

    private int _reader;

    // False: a write has failed, and reads until the session has ended.
    private bool TryBeginReading() => Interlocked.CompareExchange(ref _reader, Receive, Nobody) != FailedWrite;

    private void EndReading() => Interlocked.CompareExchange(ref _reader, Nobody, Receive);

    // An end that only sends learns by a failed write that the peer is gone, though the alert that says why may have come: it is read before the session fails.
    private async ValueTask HearOutAsync()
    {
        using var grace = new CancellationTokenSource(HearingGrace, Options.TimeProvider);
        try
        {
            if (Interlocked.CompareExchange(ref _reader, FailedWrite, Nobody) == Nobody)
                await ReadToEndAsync(grace.Token).ConfigureAwait(false);
            else if (IsReading)
                await Completion.WaitAsync(grace.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfTransport(e))
        {
            // It says nothing: the failure of the write is the reason.
        }
    }

    // What was received stays where it is until the next receive, so this is read elsewhere: in memory that goes back to nobody, to which a transport that cannot
    // be cancelled may write for ever.
    private async ValueTask ReadToEndAsync(CancellationToken cancellationToken)
    {
        var (buffer, filled) = TakeUnread();
        try
        {
            while (TryReadRecords(buffer, ref filled) && await MoreAsync(buffer.AsMemory(filled)).ConfigureAwait(false) is > 0 and var count)
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
    private bool TryReadRecords(Span<byte> buffer, ref int filled)
    {
        lock (Gate)
        {
            var start = 0;
            while (End is null && !_engine.IsReadClosed && _engine.Pending is null)
            {
                var result = _engine.Read(buffer[start..filled], Timer.Now, _output);
                start += result.Consumed;
                AfterEngine();
                if (!result.NeedsMore)
                    continue;

                buffer[start..filled].CopyTo(buffer);
                filled -= start;
                return true;
            }
            return false;
        }
    }
}
