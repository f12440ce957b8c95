namespace SecureChannel;

/// <summary>
/// The decision when queued sends are written. The first send after a flush, or after a wait for the peer, is written at once. Further sends are combined until
/// a thread-pool thread is available. For a sustained sender, the thread pool would write too little at a time, so a timer writes after 1 millisecond instead,
/// or after up to 8 milliseconds if the sender itself flushed each time. Not thread-safe.
/// </summary>
internal sealed class SendPacing
{
    // More sends than this between two delayed writes make a sustained sender.
    private const int SustainedSends = 16;

    private static readonly TimeSpan ShortDelay = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongDelay = TimeSpan.FromMilliseconds(8);

    private int _sendsPending;
    private int _sendsSinceDelayedWrite;
    private bool _hasFlushed;

    /// <summary>Gets a value that indicates whether sends are combined. If false, the next send is written at once.</summary>
    public bool IsCombining { get; private set; }

    /// <summary>Gets a value that indicates whether the sender sends so much that a timer delays its writes.</summary>
    public bool IsSustained { get; private set; }

    /// <summary>Gets the delay of the timer.</summary>
    public TimeSpan Delay { get; private set; } = ShortDelay;

    /// <summary>Records a send, after which sends are combined.</summary>
    public void CountSend() => _sendsPending++;

    /// <summary>Starts to combine sends.</summary>
    public void Combine() => IsCombining = true;

    /// <summary>Records that the sender flushed or waited for the peer, so that its next send is written at once.</summary>
    public void CountFlush()
    {
        _hasFlushed = true;
        IsCombining = false;
    }

    /// <summary>Records that the pending sends are being written.</summary>
    public void CountWrite()
    {
        _sendsSinceDelayedWrite += _sendsPending;
        _sendsPending = 0;
    }

    /// <summary>Adapts the pace to the sends since the last delayed write.</summary>
    /// <param name="writes">True if the pending sends are written now. A single send does not start a burst.</param>
    public void AdaptToDelayedWrite(bool writes)
    {
        IsSustained = _sendsSinceDelayedWrite + _sendsPending > SustainedSends;
        IsCombining = writes && _sendsPending > 1;
        _sendsSinceDelayedWrite = -_sendsPending;
        Delay = NextDelay(Delay, _hasFlushed);
        _hasFlushed = false;
    }

    /// <summary>Gets the delay before the next timed write. The delay grows if the sender flushed or waited for the peer since the last timed write.</summary>
    internal static TimeSpan NextDelay(TimeSpan delay, bool hasFlushed) => !hasFlushed ? ShortDelay : delay < LongDelay ? 2 * delay : LongDelay;
}
