using System.Net.Sockets;

namespace SecureChannel.Simulation;

/// <summary>
/// One direction of the network. Bytes are accepted up to a capacity, delivered in chunks after a latency, and then read. Chunks are independent of writes.
/// </summary>
internal sealed class SimulatedLink(Role sender, LinkPlan plan, VirtualTime time, Dice dice, Trace trace, Incidents incidents)
{
    private static readonly TimeSpan Gap = TimeSpan.FromMicroseconds(50);

    private readonly byte[] _ring = new byte[plan.Capacity];
    private int _start;
    private int _count;
    private int _delivered;
    private long _position;
    private bool _isScheduled;
    private bool _isEnded;
    private bool _vanishes;
    private bool _isReaderClosed;
    private bool _isRefused;
    private LinkFault _fault = plan.Fault;
    private PendingWrite? _write;
    private PendingRead? _read;

    /// <summary>Gets the other direction's end of the connection, which a reset breaks too.</summary>
    public SimulatedLink? Opposite { get; set; }

    /// <summary>Gets the exception of every operation after a reset, or null.</summary>
    public Exception? Broken { get; private set; }

    /// <summary>Gets the number of delivered bytes that the reader has not read.</summary>
    public int Unread => _delivered;

    /// <summary>Gets the time since which delivered bytes have waited for a read.</summary>
    public TimeSpan UnreadSince { get; private set; }

    /// <summary>Gets the time at which bytes were last accepted, delivered or read.</summary>
    public TimeSpan LastActivity { get; private set; }

    private Role Reader => sender == Role.Client ? Role.Server : Role.Client;

    private string Name => sender == Role.Client ? "c->s" : "s->c";

    private bool IsAtEnd => _isEnded && _count == 0;

    /// <summary>Writes bytes, and completes the write when the last one is accepted.</summary>
    public void Write(PendingWrite write)
    {
        if (Broken is { } broken)
            write.Fail(broken);
        else if (_isRefused)
            write.Fail(new IOException("The peer closed the connection.", new SocketException((int)SocketError.Shutdown)));
        else
            Accept(write);
        // Like a TCP connection: a write after the peer has closed succeeds, is answered with a reset, and the next write fails.
        if (_isReaderClosed && plan.WritesThrowAfterPeerClosed)
            time.Schedule(plan.Latency, () => _isRefused = true);
    }

    /// <summary>Reads delivered bytes, and completes the read when there are any, or at the end.</summary>
    public void Read(PendingRead read, bool isDelayed)
    {
        _read = read;
        if (isDelayed)
            ThreadPool.UnsafeQueueUserWorkItem(static link => link.ServeRead(), this, preferLocal: false);
        else
            ServeRead();
    }

    public void CancelRead() => _read = null;

    public void CancelWrite() => _write = null;

    /// <summary>Ends the direction: the reader reads the end of the stream after the accepted bytes.</summary>
    public void CloseWriter()
    {
        _isEnded = true;
        _write = null;
        ServeRead();
    }

    /// <summary>Discards everything from now on.</summary>
    public void CloseReader()
    {
        _isReaderClosed = true;
        _read = null;
        Vanish();
    }

    private void Accept(PendingWrite write)
    {
        var room = _vanishes ? write.Bytes.Length : Math.Min(plan.Capacity - _count, write.Bytes.Length);
        if (!_vanishes)
            Append(write.Bytes.Span[..room]);
        write.Bytes = write.Bytes[room..];
        if (!write.Bytes.IsEmpty)
        {
            _write = write;
            return;
        }
        _write = null;
        write.Complete();
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        var end = (_start + _count) % plan.Capacity;
        var first = Math.Min(bytes.Length, plan.Capacity - end);
        bytes[..first].CopyTo(_ring.AsSpan(end));
        bytes[first..].CopyTo(_ring);
        _count += bytes.Length;
        LastActivity = time.Now;
        ScheduleDelivery(plan.Latency);
    }

    private void ScheduleDelivery(TimeSpan delay)
    {
        if (_isScheduled || _count == _delivered || _vanishes)
            return;
        _isScheduled = true;
        time.Schedule(delay, Deliver);
    }

    private void Deliver()
    {
        _isScheduled = false;
        var arriving = Math.Min(_count - _delivered, 1 + dice.Below(plan.MaxChunk));
        var isFaulty = _fault != LinkFault.None && _position + arriving > plan.FaultPosition;
        if (isFaulty)
            arriving = (int)(plan.FaultPosition - _position) + (_fault == LinkFault.Flip ? 1 : 0);
        if (_delivered == 0 && arriving > 0)
            UnreadSince = time.Now;
        (_delivered, _position, LastActivity) = (_delivered + arriving, _position + arriving, time.Now);
        trace.Add(Name, "deliver", arriving, _position);
        if (isFaulty)
            Fail();
        else
            ScheduleDelivery(Gap);
        ServeRead();
    }

    private void Fail()
    {
        var fault = _fault;
        _fault = LinkFault.None;
        switch (fault)
        {
            case LinkFault.Stall:
                incidents.Add(IncidentKind.Stalled, Reader);
                ScheduleDelivery(plan.StallTime);
                break;
            case LinkFault.Flip:
                incidents.Add(IncidentKind.Flipped, Reader);
                _ring[(_start + _delivered - 1) % plan.Capacity] ^= (byte)(1 << dice.Below(8));
                ScheduleDelivery(Gap);
                break;
            case LinkFault.Drop:
                incidents.Add(IncidentKind.Dropped, Reader);
                _isEnded = false;
                Vanish();
                break;
            case LinkFault.Truncate:
                incidents.Add(IncidentKind.Truncated, Reader);
                Vanish();
                _isEnded = true;
                break;
            case LinkFault.Reset:
                incidents.Add(IncidentKind.Reset, Role.Client);
                incidents.Add(IncidentKind.Reset, Role.Server);
                Break();
                Opposite!.Break();
                break;
        }
    }

    private void Vanish()
    {
        _vanishes = true;
        _count = _delivered;
        if (_write is { } write)
            Accept(write);
    }

    private void Break()
    {
        Broken = new IOException("The connection was reset.", new SocketException((int)SocketError.ConnectionReset));
        Vanish();
        ServeRead();
    }

    private void ServeRead()
    {
        if (_read is not { } read)
            return;
        if (_delivered > 0)
        {
            _read = null;
            read.Complete(Take(read));
        }
        else if (Broken is { } broken)
        {
            _read = null;
            read.Fail(broken);
        }
        else if (IsAtEnd)
        {
            _read = null;
            trace.Add(Name, "end of stream");
            read.Complete(0);
        }
    }

    private int Take(PendingRead read)
    {
        var count = Math.Min(_delivered, read.Buffer.Length);
        if (count > 1 && dice.Chance(read.ShortReadPercent))
            count = 1 + dice.Below(count);
        var first = Math.Min(count, plan.Capacity - _start);
        _ring.AsSpan(_start, first).CopyTo(read.Buffer.Span);
        _ring.AsSpan(0, count - first).CopyTo(read.Buffer.Span[first..]);
        (_start, _count, _delivered) = ((_start + count) % plan.Capacity, _count - count, _delivered - count);
        UnreadSince = LastActivity = time.Now;
        if (_write is not null)
            time.Schedule(plan.Latency, ContinueWrite);
        trace.Add(Name, "read", count);
        return count;
    }

    private void ContinueWrite()
    {
        if (_write is { } write)
            Accept(write);
    }
}
