using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using SecureChannel.Messages;
using SecureChannel.Protocols;

namespace SecureChannel.CompilerServices;

/// <summary>Reads a message that has arrived as one of those that are legal in a state. Generated, one for each state that receives.</summary>
/// <typeparam name="TReply">The message, together with the state after it where it is read for a token.</typeparam>
/// <param name="arrival">What has arrived.</param>
/// <returns>What <see cref="IncomingMessage.Refuse"/> gives if the message is none of them.</returns>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate TReply IncomingMessageReader<out TReply>(ref IncomingMessage arrival);

/// <summary>A message that has arrived, before it is known which.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct IncomingMessage
{
    private readonly ProtocolRun _run;
    private readonly long _version;
    private readonly ReceivedMessage _message;
    private string? _undecodable;

    internal IncomingMessage(ProtocolRun run, long version, ReceivedMessage message) => (_run, _version, _message) = (run, version, message);

    /// <summary>The message that it was read as; null if it was refused.</summary>
    internal Type? ReadAs { get; private set; }

    /// <summary>Reads the message if it is the one that is asked for.</summary>
    /// <typeparam name="TMessage">The message.</typeparam>
    /// <param name="message">The message.</param>
    /// <returns>Whether it is that message, and well-formed.</returns>
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

    /// <summary>Accepts the message for a token.</summary>
    /// <typeparam name="TMessage">What it is.</typeparam>
    /// <typeparam name="TNext">The state after it.</typeparam>
    public TNext To<TMessage, TNext>()
        where TNext : struct, IStateToken<TNext>
    {
        ReadAs = typeof(TMessage);
        return TNext.At(new StateCursor(_run, _version + 1));
    }

    /// <summary>Accepts the message for a lane.</summary>
    /// <typeparam name="TMessage">What it is.</typeparam>
    /// <typeparam name="TItem">What the lane gives.</typeparam>
    /// <param name="item">What the lane gives.</param>
    public TItem Take<TMessage, TItem>(TItem item)
    {
        ReadAs = typeof(TMessage);
        return item;
    }

    /// <summary>Says that the message is none of those that are legal.</summary>
    /// <typeparam name="TReply">What the caller returns.</typeparam>
    public static TReply Refuse<TReply>() => default!;

    internal readonly SessionError Explain(ProtocolState state) => _undecodable is not null
        ? new SessionError(SessionErrorKind.MalformedMessage, AlertDescription.DecodeError, _undecodable)
        : new SessionError(SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage,
            $"a message with code {_message.Code} arrived in {state.Name} of {state.Protocol}, where {(state.Receives is null ? "nothing" : "only " + state.Receives)} may");
}
