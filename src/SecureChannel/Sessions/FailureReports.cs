using System.Net;
using System.Net.Sockets;

namespace SecureChannel;

/// <summary>
/// The reports of a listener to <see cref="ServerOptions.HandshakeFailed"/>. Rejected connections are sampled, so that an attack does not flood the log. The
/// callback never delays the listener, and its exceptions are ignored.
/// </summary>
/// <param name="options">The options with the callback.</param>
internal sealed class FailureReports(ServerOptions options)
{
    /// <summary>The maximum number of rejected connections that are reported in one second.</summary>
    public const int MaxRejectionsPerSecond = 10;

    private readonly ReportSampler _rejections = new(MaxRejectionsPerSecond);

    /// <summary>Reports a connection that was rejected, unless too many were reported in the last second.</summary>
    public void ReportRejection(EndPoint? remote, ConnectionRejection rejection, TimeSpan now)
    {
        if (!_rejections.TryTake(now, out var suppressed))
            return;
        var error = rejection.CreateError(options);
        if (suppressed > 0)
            error = error with { Message = $"{error.Message} {suppressed} more rejected connections were not reported before this one." };
        Report(new HandshakeFailure(remote, error, new SessionException(error)));
    }

    /// <summary>Reports a handshake that failed, or an error of the listening socket.</summary>
    public void Report(EndPoint? remote, Exception exception)
    {
        var (kind, code) = exception is IOException or SocketException
            ? (SessionErrorKind.TransportFailed, SessionErrorCode.TransportFailed)
            : (SessionErrorKind.LocalError, SessionErrorCode.CallbackFailed);
        var error = (exception as SessionException)?.Error ?? new SessionError(kind, code, AlertDescription.InternalError, exception.Message);
        Report(new HandshakeFailure(remote, error, exception));
    }

    private void Report(HandshakeFailure failure)
    {
        if (options.HandshakeFailed is { } callback)
            ThreadPool.UnsafeQueueUserWorkItem(static report => Invoke(report.callback, report.failure), (callback, failure), preferLocal: false);
    }

    private static void Invoke(Action<HandshakeFailure> callback, HandshakeFailure failure)
    {
        try
        {
            callback(failure);
        }
        catch (Exception)
        {
            // The listener must survive a callback that throws.
        }
    }
}

/// <summary>A limit of reports for each second. Thread-safe.</summary>
/// <param name="limit">The maximum number of reports in one second.</param>
internal sealed class ReportSampler(int limit)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private TimeSpan? _start;
    private int _taken;
    private int _suppressed;

    /// <summary>Tries to take a report.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="suppressed">Receives the number of reports that were suppressed since the last one that was not.</param>
    /// <returns>True if the report is within the limit; otherwise, false.</returns>
    public bool TryTake(TimeSpan now, out int suppressed)
    {
        lock (this)
        {
            suppressed = 0;
            if (_start is null || now - _start >= Window)
                (_start, _taken) = (now, 0);
            if (_taken == limit)
            {
                _suppressed++;
                return false;
            }
            _taken++;
            (suppressed, _suppressed) = (_suppressed, 0);
            return true;
        }
    }
}
