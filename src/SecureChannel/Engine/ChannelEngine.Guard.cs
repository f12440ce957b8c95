using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace SecureChannel.Handshakes;

/// <content>
/// The calls of code that may throw: the handshake, its observer and key log, the cryptography provider, and pending operations. An exception ends the session.
/// </content>
[SuppressMessage("Design", "CA1031", Justification = "Every exception of a callback ends the session, so that none leaves the engine half-updated.")]
public sealed partial class ChannelEngine
{
    /// <summary>Gets the exception of the local endpoint's code that ended the session, or null. The peer never learns it.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>
    /// Ends the session because the operation in <see cref="Pending"/> threw an exception. Does nothing if the session has ended.
    /// </summary>
    /// <param name="exception">The exception.</param>
    /// <param name="now">The current time.</param>
    /// <param name="output">Receives the bytes for the peer.</param>
    /// <exception cref="InvalidOperationException">No operation is pending.</exception>
    public void FailPending(Exception exception, TimeSpan now, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (Status == EngineStatus.Closed)
            return;
        if (Pending is null)
            throw new InvalidOperationException("No operation is pending. Call FailPending only if the operation in Pending threw an exception.");
        _records.Output = output;
        FailLocally(exception);
    }

    private void WriteRecords(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            // One record is reserved for the message that updates the keys, and one for the alert that ends the session.
            var isAtLimit = _records.Writer.RecordsLeft <= 2;
            if ((isAtLimit || _machine.RequiresKeyUpdate) && !UpdateWriteKeys() && isAtLimit)
            {
                Fail(new SessionError(
                    SessionErrorKind.LocalError, SessionErrorCode.InvalidConfiguration, AlertDescription.InternalError,
                    "The write keys have reached their record limit. Open a new session."));
            }

            if (Status == EngineStatus.Closed)
                return;
            var fragment = data[..Math.Min(data.Length, RecordFormat.MaxContentLength)];
            _records.WriteApplicationData(fragment);
            data = data[fragment.Length..];
        }
    }

    /// <summary>
    /// Updates the write keys and requests that the peer updates its write keys (RFC 9846 section 4.7.3). The peer answers before it sends more data.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="output">Receives the bytes for the peer.</param>
    /// <exception cref="InvalidOperationException">
    /// The session is not established, the local endpoint has closed its direction, or the handshake cannot update keys.
    /// </exception>
    public void RequestKeyUpdate(TimeSpan now, IBufferWriter<byte> output)
    {
        if (Status != EngineStatus.Established || IsWriteClosed)
            throw new InvalidOperationException("Keys are updated only in an established session whose local direction is open.");
        _records.Output = output;
        bool isRequested;
        try
        {
            isRequested = _machine.RequestKeyUpdate();
            if (_machine.Error is { } error)
                Fail(error);
        }
        catch (Exception exception)
        {
            FailLocally(exception);
            return;
        }

        if (!isRequested && Status == EngineStatus.Established)
            throw new InvalidOperationException("The handshake of this session cannot update its keys. Use SessionSecurity.Tls13.");
    }

    private bool UpdateWriteKeys()
    {
        var isUpdated = _machine.UpdateWriteKeys();
        if (_machine.Error is { } error)
            Fail(error);
        return isUpdated;
    }

    // RFC 9846 section 4.7.3 requires the answer only before more data, but a peer at its limit cannot receive a close_notify under the old keys either.
    private void AnswerKeyUpdateRequest()
    {
        try
        {
            if (_machine.RequiresKeyUpdate && _records.Writer.RecordsLeft > 1)
                UpdateWriteKeys();
        }
        catch (Exception exception)
        {
            FailLocally(exception);
        }
    }

    private void FailLocally(Exception exception)
    {
        if (Status == EngineStatus.Closed)
            return;
        Failure = exception;
        Fail(new SessionError(
            SessionErrorKind.LocalError, SessionErrorCode.CallbackFailed, AlertDescription.InternalError,
            $"Code of the local endpoint threw {exception.GetType().Name}: {PeerText.Printable(exception.Message)}"));
    }

    // A session whose cryptography throws ends without an alert.
    private void WriteLastAlert(AlertDescription alert)
    {
        try
        {
            _records.WriteAlert(alert);
        }
        catch (Exception exception)
        {
            Failure ??= exception;
        }
    }

    private void Wipe()
    {
        try
        {
            _machine.Dispose();
        }
        catch (Exception exception)
        {
            Failure ??= exception;
        }

        try
        {
            _records.Dispose();
        }
        catch (Exception exception)
        {
            Failure ??= exception;
        }
    }
}
