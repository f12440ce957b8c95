using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using SecureChannel.CompilerServices;
using SecureChannel.Messages;

namespace SecureChannel.Handshakes;

/// <content>
/// The run of the handshake. A received message is dispatched to its handler, added to the transcript and followed by a transition; then this endpoint sends
/// its messages until the peer sends next. The generated dispatch tables call the members that editors hide.
/// </content>
public abstract partial class HandshakeMachine<TState>
{
    private RecordLayer? _records;
    private Action<HandshakeProgress>? _observer;
    private ReadOnlyMemory<byte> _message;
    private int _messageStart;

    // The rest of a transition whose handler waits for an operation.
    private Func<HandshakeResult>? _resume;
    private string? _receivedMessage;
    private TState _stateAfterReceived;
    private Action? _sendAgain;

    /// <summary>
    /// Returns a value that indicates whether the identity of the peer must be proven in an established state, because the paths to it contain the proof. If true,
    /// no session is established in the state without that proof. The generator implements this member.
    /// </summary>
    /// <param name="state">The state.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected abstract bool RequiresPeerIdentity(TState state);

    private RecordLayer Records => _records ?? throw new InvalidOperationException(
        "The handshake has not started. Pass the machine to a ChannelEngine and call its Start method.");

    internal sealed override void ThrowIfStarted()
    {
        if (_records is not null)
            throw new InvalidOperationException("The machine was already started by an engine. Create a new machine for each session.");
    }

    internal sealed override void Start(RecordLayer records, Action<HandshakeProgress>? observer)
    {
        (_records, _observer) = (records, observer);
        SendMessages();
    }

    internal sealed override void Receive(ReadOnlyMemory<byte> message)
    {
        _message = message;
        var transition = Dispatch(message.Span[0]);
        ApplyResult(transition.Result, transition.Message, transition.Next, null);
        SendMessages();
    }

    internal sealed override void Resume()
    {
        var (resume, received, sendAgain) = (_resume!, _receivedMessage, _sendAgain);
        (Pending, _resume, _receivedMessage, _sendAgain) = (null, null, null, null);
        ApplyResult(resume(), received, _stateAfterReceived, sendAgain);
        SendMessages();
    }

    internal sealed override void ReleaseHandshake()
    {
        _message = default;
        _transcript.Dispose();
    }

    /// <summary>Calls the handler of a received message and returns the transition. The generator implements this member.</summary>
    /// <param name="code">The code of the message.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected abstract HandshakeTransition<TState> Dispatch(int code);

    /// <summary>
    /// Calls the handler that writes the next message and returns the transition. Returns the default value if the peer sends the next message. The generator
    /// implements this member.
    /// </summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected abstract HandshakeTransition<TState> WriteNext();

    /// <summary>Calls the <c>Enter...</c> method of a state. The generator implements this member.</summary>
    /// <param name="state">The state.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected abstract void EnterState(TState state);

    /// <summary>Returns a value that indicates whether the handshake is complete in a state. The generator implements this member.</summary>
    /// <param name="state">The state.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected abstract bool IsEstablished(TState state);

    /// <summary>Tries to decode the received message. The session fails if the message is malformed.</summary>
    /// <typeparam name="TMessage">The type of the message.</typeparam>
    /// <param name="message">The message, valid until its handler has finished.</param>
    /// <returns>True if the message was decoded; otherwise, false.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected bool TryRead<TMessage>([MaybeNullWhen(false)] out TMessage message)
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        if (WireSerializer.TryRead(_message.Span[HandshakeFraming.HeaderLength..], out message, out var error))
            return true;
        Fail(new SessionError(SessionErrorKind.MalformedMessage, SessionErrorCode.Malformed, AlertDescription.DecodeError, $"{typeof(TMessage).Name}: {PeerText.Printable(error.ToString())}"));
        return false;
    }

    /// <summary>Creates the sink of the message that a handler is about to write.</summary>
    /// <typeparam name="TMessage">The type of the message.</typeparam>
    /// <param name="sink">The sink.</param>
    /// <returns>True, so that one row of a dispatch table creates the sink and calls the handler.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected bool CreateSink<TMessage>(out MessageSink<TMessage> sink)
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        _messageStart = Records.Flight.Length;
        sink = new MessageSink<TMessage>(Records.Flight);
        return true;
    }

    /// <summary>Records the proof of the peer's identity. Fails the session if the handler accepted the message without a proof.</summary>
    /// <param name="result">The result of the handler of a message that proves the identity of the peer.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected HandshakeResult RecordProof(AuthenticationResult result)
    {
        if (result.Error is { } error)
            return error;
        if (result.Operation is not null)
            return RecordProofLater(result);
        if (result.Proof is null)
            return LocalError($"The handler of the message that proves the peer's identity returned no proof in state '{StateName}'. Return an IdentityProof.");

        PeerIdentity = result.Proof.Identity;
        return HandshakeResult.Continue;
    }

    /// <summary>Creates the transition that fails the session, because the current state does not receive the message.</summary>
    /// <param name="message">The name of the message; null if the handshake has no message with that code.</param>
    /// <param name="expected">The names of the messages that the state receives; null if it receives none.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected HandshakeTransition<TState> Unexpected(string? message, string? expected)
    {
        // A message that could not be decoded has failed the session already.
        var error = Error ?? new SessionError(
            SessionErrorKind.ProtocolViolation, SessionErrorCode.UnexpectedMessage,
            AlertDescription.UnexpectedMessage,
            $"{message ?? $"A message with code {_message.Span[0]}"} was received in state '{StateName}', which expects {expected ?? "no message"}.");
        return new HandshakeTransition<TState>(message ?? "", error, State);
    }

    /// <summary>Applies the result of a handler that wrote a message.</summary>
    /// <param name="transition">The transition.</param>
    /// <param name="sendAgain">Sends the message again after the operation that the handler waits for; null if the current state sends it by itself.</param>
    /// <exception cref="InvalidOperationException">The handler wrote no message.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected void Send(HandshakeTransition<TState> transition, Action? sendAgain)
    {
        if (!transition.Result.IsContinue)
        {
            Records.Flight.Truncate(_messageStart);
            ApplyResult(transition.Result, null, transition.Next, sendAgain);
            return;
        }

        if (Records.Flight.Length == _messageStart)
            throw new InvalidOperationException($"'Write{transition.Message}' returned without writing a message. Call 'sink.Write' once.");
        AppendToTranscript(Records.Flight.Written.Span[_messageStart..]);
        TransitionTo(transition.Next, transition.Message!, isSent: true);
    }

    private void SendMessages()
    {
        while (Error is null && Pending is null && !IsDisposed && WriteNext() is { Message: not null } transition)
        {
            // The peer cannot know yet what it has to answer.
            if (Records.Deframer.HasUnreadBytes)
                Fail(new SessionError(
                    SessionErrorKind.ProtocolViolation, SessionErrorCode.UnexpectedMessage, AlertDescription.UnexpectedMessage,
                    $"Handshake data was received before this endpoint sent {transition.Message} in state '{StateName}'."));
            else
                Send(transition, null);
        }
    }

    private void ApplyResult(HandshakeResult result, string? receivedMessage, TState next, Action? sendAgain)
    {
        if (result.Error is { } error)
        {
            Fail(error);
        }
        else if (result.Operation is { } operation)
        {
            (Pending, _resume) = (operation, result.Next);
            (_receivedMessage, _stateAfterReceived, _sendAgain) = (receivedMessage, next, sendAgain);
        }
        else if (receivedMessage is not null)
        {
            AppendToTranscript(_message.Span);
            _message = default;
            TransitionTo(next, receivedMessage, isSent: false);
        }
        else
        {
            sendAgain?.Invoke();
        }
    }

    private void TransitionTo(TState next, string message, bool isSent)
    {
        var isEntered = !EqualityComparer<TState>.Default.Equals(State, next);
        State = next;
        _observer?.Invoke(new HandshakeProgress(Role, isSent, message, StateName));

        // An observer may dispose the machine, and no new secret may be derived after that.
        if (!isEntered || IsDisposed)
            return;

        EnterState(next);
        if (Negotiated is null && IsEstablished(State))
            Fail(LocalError($"State '{StateName}' was entered without a session. Its 'Enter{StateName}' method must call '{nameof(Establish)}'."));
    }

    // RFC 9846 section 4.4.1: the transcript ends with the client's Finished.
    private void AppendToTranscript(ReadOnlySpan<byte> message)
    {
        if (Negotiated is null)
            _transcript.Append(message);
    }

    // In a method of its own, so that only a handler that waits allocates the closure.
    private HandshakeResult RecordProofLater(AuthenticationResult result) => HandshakeResult.Pending(result.Operation!, () => RecordProof(result.Next!()));

    private static SessionError LocalError(string message) => new(SessionErrorKind.LocalError, SessionErrorCode.CallbackFailed, AlertDescription.InternalError, message);
}
