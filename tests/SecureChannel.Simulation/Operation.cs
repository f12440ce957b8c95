namespace SecureChannel.Simulation;

/// <summary>A kind of operation that an application performs on a session.</summary>
internal enum OperationKind
{
    Handshake,
    Send,
    Flush,
    Receive,
    CompleteWrites,
    Close,
    Abort,
    Dispose,
    RunProtocol,
}

/// <summary>The result of an operation, as its caller sees it.</summary>
internal enum Outcome
{
    Pending,
    Succeeded,

    /// <summary>The receive reported the orderly end of the peer's data.</summary>
    EndOfData,

    /// <summary>The operation threw because the caller canceled its token.</summary>
    Canceled,

    /// <summary>The operation threw a <see cref="SessionException"/>.</summary>
    Failed,

    /// <summary>The operation threw an <see cref="ObjectDisposedException"/>.</summary>
    Disposed,

    /// <summary>The operation threw an <see cref="InvalidOperationException"/>.</summary>
    Misused,

    /// <summary>The operation threw an <see cref="ArgumentException"/>.</summary>
    Refused,

    /// <summary>The operation threw the exception of a handler or callback of the application.</summary>
    ApplicationFailed,

    /// <summary>The operation threw an exception that the contract does not allow.</summary>
    Unexpected,
}

/// <summary>An operation of an application, with its times and its result.</summary>
internal sealed class Operation(OperationKind kind, TimeSpan begin)
{
    public OperationKind Kind => kind;

    public TimeSpan Begin => begin;

    public TimeSpan? End { get; private set; }

    public Outcome Outcome { get; private set; }

    /// <summary>Gets the kind of the error of a failed operation.</summary>
    public SessionErrorKind? ErrorKind { get; private set; }

    public Exception? Exception { get; private set; }

    /// <summary>Gets or sets the number of bytes that the operation sends.</summary>
    public int Size { get; init; }

    /// <summary>Gets or sets the time at which the caller cancels the operation.</summary>
    public TimeSpan? CanceledAt { get; set; }

    public bool IsPending => Outcome == Outcome.Pending;

    public void Complete(TimeSpan now, Outcome outcome) => (End, Outcome) = (now, outcome);

    public void Complete(TimeSpan now, Exception exception, CancellationToken token)
    {
        (End, Exception) = (now, exception);
        (Outcome, ErrorKind) = exception switch
        {
            _ when ReferenceEquals(exception, ApplicationErrors.OtherFailure) => (Outcome.ApplicationFailed, null),
            SessionException failure => (Outcome.Failed, failure.Error.Kind),
            OperationCanceledException canceled when token.IsCancellationRequested && canceled.CancellationToken == token => (Outcome.Canceled, null),
            ArgumentException => (Outcome.Refused, null),
            ObjectDisposedException => (Outcome.Disposed, null),
            ApplicationException => (Outcome.ApplicationFailed, null),
            InvalidOperationException => (Outcome.Misused, null),
            _ => (Outcome.Unexpected, (SessionErrorKind?)null),
        };
    }

    public override string ToString()
    {
        var time = End is { } end ? $"{begin.TotalSeconds:F3} to {end.TotalSeconds:F3} s" : $"since {begin.TotalSeconds:F3} s";
        return $"{kind} ({time}): {Outcome} {ErrorKind?.ToString() ?? Exception?.GetType().Name} {Exception?.Message}".TrimEnd();
    }
}

/// <summary>The exception of a handler or callback of the application.</summary>
internal sealed class ApplicationException() : Exception("A handler or callback of the simulation failed.");
