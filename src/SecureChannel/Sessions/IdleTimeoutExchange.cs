using SecureChannel.Handshakes;
using SecureChannel.Messages;
using SecureChannel.Protocols;

namespace SecureChannel;

/// <summary>
/// The negotiation of the idle timeout over SslStream, whose handshake cannot carry it: the client sends <see cref="IdleTimeoutProposal"/>, and the server
/// answers with <see cref="IdleTimeoutAnswer"/>, before every other message.
/// </summary>
internal sealed class IdleTimeoutExchange(SessionDriver driver, Role role, SecureSessionOptions options)
{
    // The messages have at most 5 bytes.
    private const int MaxMessageSize = 16;

    /// <summary>Gets the name of the message that this endpoint waits for.</summary>
    public static string AwaitedBy(Role role) => role == Role.Client ? nameof(IdleTimeoutAnswer) : nameof(IdleTimeoutProposal);

    /// <summary>Negotiates the idle timeout.</summary>
    /// <returns>The negotiated idle timeout, or null if neither endpoint wants one.</returns>
    /// <exception cref="SessionException">The peer violated the protocol, or the session ended.</exception>
    public Task<TimeSpan?> RunAsync() => role == Role.Client ? ProposeAsync() : AnswerAsync();

    private async Task<TimeSpan?> ProposeAsync()
    {
        var proposed = IdleTimeoutNegotiation.ToMilliseconds(options.IdleTimeout);
        await SendAsync(new IdleTimeoutProposal(proposed)).ConfigureAwait(false);
        var answer = await ReceiveAsync<IdleTimeoutAnswer>().ConfigureAwait(false);
        return IdleTimeoutNegotiation.IsLegal(answer.Milliseconds, proposed)
            ? IdleTimeoutNegotiation.FromMilliseconds(answer.Milliseconds)
            : throw Fail(SessionErrorKind.ProtocolViolation, SessionErrorCode.IllegalParameter, AlertDescription.IllegalParameter,
                $"The server answered a proposed idle timeout of {proposed} ms with {answer.Milliseconds} ms; "
                + "expected at least 1 ms and at most the proposed value.");
    }

    private async Task<TimeSpan?> AnswerAsync()
    {
        var proposal = await ReceiveAsync<IdleTimeoutProposal>().ConfigureAwait(false);
        if (proposal.Milliseconds == 0)
        {
            throw Fail(SessionErrorKind.ProtocolViolation, SessionErrorCode.IllegalParameter, AlertDescription.IllegalParameter,
                "The client proposed an idle timeout of 0 ms; expected at least 1 ms.");
        }
        var agreed = IdleTimeoutNegotiation.Negotiate(proposal.Milliseconds, IdleTimeoutNegotiation.ToMilliseconds(options.IdleTimeout));
        await SendAsync(new IdleTimeoutAnswer(agreed)).ConfigureAwait(false);
        return IdleTimeoutNegotiation.FromMilliseconds(agreed);
    }

    private async ValueTask SendAsync<TMessage>(TMessage message)
        where TMessage : ICodedMessage<TMessage>
    {
        using var frame = new PooledBuffer();
        MessageFraming.Write(frame, message);
        if (!await driver.WriteAsync(frame.Written).ConfigureAwait(false))
            throw Fail(
                SessionErrorKind.TransportFailed, SessionErrorCode.TransportFailed, AlertDescription.InternalError, "The transport failed while writing.");
        Observe(sent: true, typeof(TMessage).Name);
    }

    // A separate framer, because the session's limit of messages may be lower.
    private async ValueTask<TMessage> ReceiveAsync<TMessage>()
        where TMessage : ICodedMessage<TMessage>
    {
        var name = typeof(TMessage).Name;
        using var framer = new MessageFramer(MaxMessageSize);
        framer.Limits = new MessageLimits("the negotiation of the idle timeout", [(TMessage.Code, MaxMessageSize)], []);
        ReceivedMessage received;
        while (framer.Read(out received, out var refusal) != FrameStatus.Complete)
        {
            if (refusal is not null)
            {
                throw Fail(SessionErrorKind.Incompatible, SessionErrorCode.DifferentSecurity, refusal.Alert,
                    $"The endpoints use different securities: the first application data of the peer is not {name}, which every session over SslStream sends. "
                    + "Set the same 'Security' at both endpoints.");
            }
            var chunk = await driver.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            if (chunk.IsEmpty)
            {
                throw Fail(SessionErrorKind.AlertReceived, SessionErrorCode.AlertReceived, AlertDescription.CloseNotify,
                    $"The peer closed the session before it sent {name}. Check that both endpoints have the same 'Security'.");
            }
            framer.Supply(chunk);
        }
        driver.Messages.Supply(framer.Unread);
        if (!WireSerializer.TryRead<TMessage>(received.Body.Span, out var message, out var error))
            throw Fail(SessionErrorKind.MalformedMessage, SessionErrorCode.Malformed, AlertDescription.DecodeError, $"{name}: {error}");
        Observe(sent: false, name);
        return message;
    }

    private void Observe(bool sent, string message)
    {
        try
        {
            options.HandshakeObserver?.Invoke(new HandshakeProgress(role, sent, message, "Encrypted"));
        }
        catch (Exception e)
        {
            throw new SessionException(SslStreamHandshake.CreateCallbackError(e), innerException: e);
        }
    }

    private static SessionException Fail(SessionErrorKind kind, SessionErrorCode code, AlertDescription alert, string message) =>
        new(new SessionError(kind, code, alert, message));
}
