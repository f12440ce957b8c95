using System.Collections.Concurrent;
using SecureChannel.CodeAnalysis;

namespace SecureChannel;

/// <summary>
/// The loop of <see cref="SecureListener.ServeAsync(SessionDelegate, CancellationToken)"/>: serves each session in a task of its own and, once stopped, drains.
/// </summary>
/// <param name="listener">The listener.</param>
/// <param name="options">The options of the listener.</param>
/// <param name="serve">The delegate that serves a session.</param>
internal sealed class ServerLoop(SecureListener listener, ServerOptions options, SessionDelegate serve)
{
    private static readonly SessionError HandlerFailed = new(
        SessionErrorKind.LocalError, SessionErrorCode.HandlerFailed, AlertDescription.InternalError, "The server's handler failed.");

    private static readonly SessionError Stopping = new(
        SessionErrorKind.LocalError, SessionErrorCode.Canceled, AlertDescription.GeneralError,
        $"The server stopped, and the session did not end within '{nameof(ServerOptions.DrainTimeout)}'.");

    private readonly ConcurrentDictionary<SecureSession, Task> _serving = new();

    /// <summary>Serves sessions until the token is canceled or the listener is disposed, and then drains.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stopHandlers = new CancellationTokenSource();
        try
        {
            while (true)
                Start(await listener.AcceptAsync(cancellationToken).ConfigureAwait(false), stopHandlers.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            await listener.StopAcceptingAsync().ConfigureAwait(false);
        }
        if (await WaitForSessionsAsync(options.DrainTimeout).ConfigureAwait(false))
            return;
        await stopHandlers.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // A handler may ignore its token, but not the end of its session.
        foreach (var session in _serving.Keys)
            _ = session.AbortAsync(Stopping).AsTask();
        await WaitForSessionsAsync(options.CloseTimeout).ConfigureAwait(false);
    }

    private void Start([InState(SessionState.Established)] SecureSession session, CancellationToken cancellationToken)
    {
        // A handler that blocks must not delay the next session.
        var serving = Task.Run(() => ServeAsync(session, cancellationToken), CancellationToken.None);
        _serving[session] = serving;
        serving.ContinueWith(
            (_, state) => _serving.TryRemove((SecureSession)state!, out var _), session, CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task ServeAsync([InState(SessionState.Established)] SecureSession session, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await serve(session, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failure = e;
            await session.AbortAsync(cancellationToken.IsCancellationRequested ? Stopping : HandlerFailed).ConfigureAwait(false);
        }
        await session.DisposeAsync().ConfigureAwait(false);
        if (failure is not null && !IsExpected(session, failure))
            Report(session, failure);
    }

    // The exception may belong to another session of the handler.
    private static bool IsExpected(SecureSession session, Exception failure) =>
        failure is SessionException { IsExpected: true } && session.End is { Reason: SessionEndReason.IdleTimeout or SessionEndReason.ClosedLocally };

    private async Task<bool> WaitForSessionsAsync(TimeSpan timeout)
    {
        try
        {
            await Task.WhenAll(_serving.Values).WaitAsync(timeout, options.TimeProvider).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void Report(SecureSession session, Exception failure)
    {
        try
        {
            options.SessionFailed?.Invoke(session, failure);
        }
        catch (Exception)
        {
            // The server must survive a callback that throws.
        }
    }
}
