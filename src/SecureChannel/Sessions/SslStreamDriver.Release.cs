namespace SecureChannel;

/// <content>The disposal of SslStream, which returns its buffers only if no call is in progress.</content>
internal sealed partial class SslStreamDriver
{
    // The calls of SslStream in progress, except the read of the base class.
    private int _calls;
    private SslStreamRelease _release;

    private enum SslStreamRelease
    {
        /// <summary>The session uses SslStream.</summary>
        None,

        /// <summary>SslStream is disposed when its last call completes.</summary>
        Requested,

        /// <summary>SslStream is disposed.</summary>
        Completed,
    }

    protected override void ReleaseProtection()
    {
        lock (Gate)
        {
            if (_release == SslStreamRelease.None)
                _release = SslStreamRelease.Requested;
        }
        DisposeIfUnused();
    }

    protected override void OnReadAfterEnd() => DisposeIfUnused();

    // Called under the gate.
    private bool TryBeginCall()
    {
        if (Lifetime.End is not null)
            return false;
        _calls++;
        return true;
    }

    private void EndCall()
    {
        lock (Gate)
            _calls--;
        DisposeIfUnused();
    }

    private void DisposeIfUnused()
    {
        lock (Gate)
        {
            if (_release != SslStreamRelease.Requested || _calls > 0 || IsReading)
                return;
            _release = SslStreamRelease.Completed;
        }
        _ssl.Dispose();
    }
}
