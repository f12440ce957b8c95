using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using SecureChannel.Messages;
using SecureChannel.Protocols;

namespace SecureChannel.CompilerServices;

/// <summary>A generated method that decodes a received message as one of the message types that are legal in a state.</summary>
/// <typeparam name="TReply">The type of the reply: the message, and the token of the next state if a state token receives it.</typeparam>
/// <param name="incoming">The received message.</param>
/// <returns>The reply, or the result of <see cref="IncomingMessage.Reject"/> if the message is not legal in the state.</returns>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate TReply IncomingMessageReader<out TReply>(ref IncomingMessage incoming);

/// <summary>A received message whose type is not yet known.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct IncomingMessage
{
    private readonly ProtocolRun _run;
    private readonly long _version;
    private readonly ReceivedMessage _message;
    private string? _undecodable;

    internal IncomingMessage(ProtocolRun run, long version, ReceivedMessage message) => (_run, _version, _message) = (run, version, message);

    /// <summary>Gets the message type that was accepted, or null if the message was rejected.</summary>
    internal Type? AcceptedAs { get; private set; }

    /// <summary>Tries to decode the message as the given type.</summary>
    /// <typeparam name="TMessage">The expected message type.</typeparam>
    /// <param name="message">The decoded message.</param>
    /// <returns>True if the code matches and the body is well-formed; otherwise, false.</returns>
    public bool TryRead<TMessage>([MaybeNullWhen(false)] out TMessage message)
        where TMessage : ICodedMessage<TMessage>
    {
        message = default;
        if (_undecodable is not null || _message.Code != TMessage.Code)
            return false;
        if (WireSerializer.TryRead(_message.Body.Span, _run.Channel.ProtocolVersion, out message, out var error))
            return true;
        _undecodable = $"{typeof(TMessage).Name}: {error}";
        return false;
    }

    /// <summary>Accepts the message and creates the token of the next state.</summary>
    /// <typeparam name="TMessage">The type of the message.</typeparam>
    /// <typeparam name="TNext">The token of the next state.</typeparam>
    public TNext TransitionTo<TMessage, TNext>()
        where TNext : struct, IStateToken<TNext>
    {
        AcceptedAs = typeof(TMessage);
        return TNext.At(new StateCursor(_run, _version + 1));
    }

    /// <summary>Accepts the message and returns the item that the receiving lane yields for the message.</summary>
    /// <typeparam name="TMessage">The type of the message.</typeparam>
    /// <typeparam name="TItem">The type of the lane's items.</typeparam>
    /// <param name="item">The item that the lane returns.</param>
    public TItem Accept<TMessage, TItem>(TItem item)
    {
        AcceptedAs = typeof(TMessage);
        return item;
    }

    /// <summary>Rejects a message that is not legal in the state, by returning a default reply.</summary>
    /// <typeparam name="TReply">The type of the reply.</typeparam>
    public static TReply Reject<TReply>() => default!;

    internal readonly SessionError CreateError(ProtocolState state) => _undecodable is not null
        ? new SessionError(SessionErrorKind.MalformedMessage, SessionErrorCode.Malformed, AlertDescription.DecodeError, _undecodable)
        : new SessionError(SessionErrorKind.ProtocolViolation, SessionErrorCode.UnexpectedMessage, AlertDescription.UnexpectedMessage,
            $"A message with code {_message.Code} was received in state '{state.Name}' of {state.Protocol}; expected {state.Receives ?? "no message"}.");
}
