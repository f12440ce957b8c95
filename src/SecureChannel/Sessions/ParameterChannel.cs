using SecureChannel.Handshakes;
using SecureChannel.Protocols;

namespace SecureChannel;

/// <summary>The channel over which <see cref="ParameterExchange"/> runs: that of a driver whose session is not established.</summary>
internal sealed class ParameterChannel(SessionDriver driver, Role role, SecureSessionOptions options) : MessageChannel
{
    private const int MaxSize = 256;

    private const string DifferentSecurity =
        $"The endpoints use different securities: the first application data of the peer is not {nameof(SessionParametersMessage)}, which every session over "
        + "SslStream sends. Set the same 'Security' at both endpoints.";

    // A separate framer, because the session's limit of messages may be lower.
    private readonly MessageFramer _framer = new(MaxSize);

    public override Role Role => role;

    public override string? ApplicationProtocol => null;

    public override SessionEnd? End => driver.Lifetime.End;

    public override Task<SessionEnd> Completion => driver.Lifetime.Completion;

    /// <summary>Exchanges the parameters.</summary>
    /// <returns>The valid, encoded parameters of the peer.</returns>
    /// <exception cref="SessionException">The peer violated the protocol, or the session ended.</exception>
    public async Task<ReadOnlyMemory<byte>> ExchangeAsync()
    {
        var own = new SessionParametersMessage(options.SessionParameters.Encode());
        SessionParametersMessage received;
        if (role == Role.Client)
        {
            (received, _) = await ParameterExchangeClient.Begin(this).SendAsync(own).ReceiveAsync().ConfigureAwait(false);
        }
        else
        {
            (received, var answering) = await ParameterExchangeServer.Begin(this).ReceiveAsync().ConfigureAwait(false);
            await answering.SendAsync(own).ConfigureAwait(false);
        }
        driver.Messages.Supply(_framer.Unread);
        if (SessionParameters.Validate(received.Encoded.Span) is { } error)
            throw new SessionException(error);
        return SessionParameters.IsRecognized(received.Encoded.Span)
            ? received.Encoded
            : throw Fail(SessionErrorKind.Incompatible, SessionErrorCode.DifferentSecurity, AlertDescription.DecodeError, DifferentSecurity);
    }

    public override ValueTask SendAsync<TMessage>(scoped in TMessage message, CancellationToken cancellationToken = default)
    {
        var frame = new PooledBuffer();
        MessageFraming.Write(frame, message);
        return WriteAsync(frame);
    }

    public override ValueTask FlushAsync(CancellationToken cancellationToken = default) => default;

    public override async ValueTask<ReceivedMessage?> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        ReceivedMessage received;
        while (_framer.Read(out received, out var refusal) != FrameStatus.Complete)
        {
            if (refusal is not null)
                throw Fail(SessionErrorKind.Incompatible, SessionErrorCode.DifferentSecurity, refusal.Alert, DifferentSecurity);
            var chunk = await driver.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (chunk.IsEmpty)
            {
                throw Fail(SessionErrorKind.AlertReceived, SessionErrorCode.AlertReceived, AlertDescription.CloseNotify,
                    $"The peer closed the session before it sent {nameof(SessionParametersMessage)}. Check that both endpoints have the same 'Security'.");
            }
            _framer.Supply(chunk);
        }
        Observe(sent: false);
        return received;
    }

    // The driver owns the session and closes it.
    public override ValueTask CloseAsync(CancellationToken cancellationToken = default) => default;

    public override ValueTask AbortAsync(SessionError error) => new(driver.AbortAsync(error));

    public override ValueTask DisposeAsync()
    {
        _framer.Dispose();
        return default;
    }

    private protected override void ApplyLimits(MessageLimits limits) => _framer.Limits = limits;

    private async ValueTask WriteAsync(PooledBuffer frame)
    {
        using (frame)
        {
            if (!await driver.WriteAsync(frame.Written).ConfigureAwait(false))
                throw Fail(SessionErrorKind.TransportFailed, SessionErrorCode.TransportFailed, AlertDescription.InternalError, "The transport failed while writing.");
        }
        Observe(sent: true);
    }

    private void Observe(bool sent)
    {
        try
        {
            options.HandshakeObserver?.Invoke(new HandshakeProgress(role, sent, nameof(SessionParametersMessage), "Encrypted"));
        }
        catch (Exception e)
        {
            throw new SessionException(SslStreamHandshake.CreateCallbackError(e), innerException: e);
        }
    }

    private static SessionException Fail(SessionErrorKind kind, SessionErrorCode code, AlertDescription alert, string message) =>
        new(new SessionError(kind, code, alert, message));
}
