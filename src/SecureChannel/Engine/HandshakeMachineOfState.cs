using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using SecureChannel.Cryptography;
using SecureChannel.Messages;

namespace SecureChannel.Handshakes;

/// <summary>What a generated machine stands on: moves through the states of its declaration. Hand-written code uses <see cref="State"/> alone.</summary>
/// <typeparam name="TState">The enum with <see cref="HandshakeAttribute"/>.</typeparam>
/// <param name="cryptography">Where ciphers and randomness come from.</param>
public abstract class HandshakeMachine<TState>(CryptographyProvider cryptography) : HandshakeMachine(cryptography)
    where TState : struct, Enum
{
    /// <inheritdoc/>
    public sealed override string StateName => State.ToString();

    // What goes on after a handler that waits: the arrival of a message with this name, to this state, or what sends one.
    private string? _arrived;
    private TState _afterArrival;
    private Action? _sendAgain;

    /// <summary>The state that the handshake is in.</summary>
    protected TState State { get; private set; }

    private protected sealed override bool IsComplete => IsEstablished(State);

    /// <summary>Whether the handshake is complete in a state. Generated.</summary>
    /// <param name="state">The state.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected abstract bool IsEstablished(TState state);

    /// <summary>Calls the hook of a state that was entered. Generated.</summary>
    /// <param name="state">The state.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected abstract void Enter(TState state);

    /// <summary>Decodes the message that has arrived; fails the session if it is not well-formed.</summary>
    /// <typeparam name="TMessage">What it must be.</typeparam>
    /// <param name="message">The message, valid until its handler is done.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected bool TryRead<TMessage>([MaybeNullWhen(false)] out TMessage message)
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        if (WireSerializer.TryRead(Message.Span[HandshakeFraming.HeaderLength..], out message, out var error))
            return true;
        Fail(new SessionError(SessionErrorKind.MalformedMessage, AlertDescription.DecodeError, $"{typeof(TMessage).Name}: {error}"));
        return false;
    }

    /// <summary>Does what the handler of a message said.</summary>
    /// <typeparam name="TMessage">The message.</typeparam>
    /// <param name="step">What its handler said.</param>
    /// <param name="next">The state after it.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected void Received<TMessage>(HandshakeResult step, TState next)
        where TMessage : allows ref struct
    {
        (_arrived, _afterArrival) = (typeof(TMessage).Name, next);
        ApplyResult(step);
    }

    /// <summary>Does what the handler of a message that proves the peer's identity said.</summary>
    /// <typeparam name="TMessage">The message.</typeparam>
    /// <param name="step">What its handler said.</param>
    /// <param name="next">The state after it.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected void Received<TMessage>(AuthenticationResult step, TState next)
        where TMessage : allows ref struct => Received<TMessage>(RecordProof(step), next);

    /// <summary>Makes what takes the message that a handler is about to write.</summary>
    /// <typeparam name="TMessage">The message.</typeparam>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected MessageSink<TMessage> Begin<TMessage>()
        where TMessage : ICodedMessage<TMessage>, allows ref struct => new(Host.Flight);

    /// <summary>Does what the handler that writes a message said.</summary>
    /// <typeparam name="TMessage">The message.</typeparam>
    /// <param name="flight">What the handler wrote.</param>
    /// <param name="step">What it said.</param>
    /// <param name="next">The state after the message.</param>
    /// <param name="again">Sends the message after what the handler waits for; null where it is this end's turn then as now.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected void Sent<TMessage>(in MessageSink<TMessage> flight, HandshakeResult step, TState next, Action? again = null)
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        var output = Host.Flight;
        if (!step.IsContinue)
        {
            output.Truncate(flight.Start);
            _sendAgain = again;
            ApplyResult(step);
            return;
        }

        if (!flight.IsWritten)
            throw new InvalidOperationException($"Nothing was written where {typeof(TMessage).Name} is to be sent.");
        AppendToTranscript(output.Written.Span[flight.Start..]);
        TransitionTo(true, typeof(TMessage).Name, next);
    }

    /// <summary>Fails the session: the message that has arrived is not legal in this state.</summary>
    /// <param name="message">The message's name; null if the declaration has none with that code.</param>
    /// <param name="legal">What may arrive here; null if nothing may.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected void Refuse(string? message, string? legal) => Fail(new SessionError(
        SessionErrorKind.ProtocolViolation,
        AlertDescription.UnexpectedMessage,
        $"{message ?? $"A message of code {Message.Span[0]}"} arrived in state {State}, where {(legal is null ? "nothing" : "only " + legal)} may"));

    private protected sealed override void Proceed()
    {
        var (message, send) = (_arrived, _sendAgain);
        (_arrived, _sendAgain) = (null, null);
        if (message is not null)
            FinishReceiving(message);
        else
            send?.Invoke();
    }

    private void FinishReceiving(string message)
    {
        AppendToTranscript(Message.Span);
        Message = default;
        TransitionTo(false, message, _afterArrival);
    }

    private void TransitionTo(bool sent, string message, TState next)
    {
        var isEntered = !EqualityComparer<TState>.Default.Equals(State, next);
        State = next;
        Host.Observer?.Invoke(new HandshakeProgress(Role, sent, message, StateName));
        if (!isEntered)
            return;

        Enter(next);
        if (IsComplete && Negotiated is null)
            Fail(LocalError($"state {StateName} was entered without a session: its hook must call {nameof(Establish)}"));
    }

    private HandshakeResult RecordProof(AuthenticationResult step)
    {
        if (step.Error is { } error)
            return error;
        if (step.Operation is not null)
            return RecordProofLater(step);
        if (step.Proof is null)
            return LocalError($"a message that must prove the peer's identity was accepted without a proof in state {StateName}");

        PeerIdentity = step.Proof.Identity;
        return HandshakeResult.Continue;
    }

    private HandshakeResult RecordProofLater(AuthenticationResult step) => HandshakeResult.Pending(step.Operation!, () => RecordProof(step.Next!()));
}
