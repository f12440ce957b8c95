using System.Net.Sockets;
using System.Net.WebSockets;

namespace SecureChannel.Simulation;

/// <summary>A stream over a socket that stalls, reads short, ignores its tokens and throws, as the plan says.</summary>
internal sealed class SoakStream(NetworkStream inner, SoakPlan plan, Role role, Action<string> report) : Stream
{
    private static readonly TimeSpan MaxStall = TimeSpan.FromMilliseconds(100);

    private readonly Dice _readDice = new(plan.Seed ^ (role == Role.Client ? 3UL : 4));
    private readonly Dice _writeDice = new(plan.Seed ^ (role == Role.Client ? 5UL : 6));
    private readonly bool _isVictim = plan.Fault == SoakFault.Throw && plan.Victim == role;
    private readonly int _faultyCall = 1 + (int)(plan.Seed % 17);
    private int _calls;
    private int _reads;
    private int _writes;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Interlocked.Increment(ref _reads) != 1)
            report($"{role}: reads of the transport overlap");
        try
        {
            await DisturbAsync(_readDice);
            var size = buffer.IsEmpty || !_readDice.Chance(20) ? buffer.Length : 1 + _readDice.Below(buffer.Length);
            return await inner.ReadAsync(buffer[..size], plan.IgnoresTokens ? CancellationToken.None : cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _reads);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Interlocked.Increment(ref _writes) != 1)
            report($"{role}: writes of the transport overlap");
        try
        {
            await DisturbAsync(_writeDice);
            await inner.WriteAsync(buffer, plan.IgnoresTokens ? CancellationToken.None : cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _writes);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask DisturbAsync(Dice dice)
    {
        if (_isVictim && Interlocked.Increment(ref _calls) == _faultyCall)
        {
            if (dice.Chance(50))
                await Task.Yield();
            throw dice.Pick<Exception>(
                new IOException(), new TimeoutException(), new WebSocketException(), new OperationCanceledException(), new InvalidOperationException());
        }
        if (dice.Chance(plan.StallPercent))
            await Task.Delay(dice.Duration(MaxStall), CancellationToken.None);
    }
}
