using System.Collections.Frozen;
using System.Runtime.CompilerServices;

namespace SecureChannel.Protocols;

/// <summary>
/// The messages that one role of a protocol can receive, each with the maximum size of its body. Messages outside these limits are refused as soon as their
/// header is received. Thread-safe.
/// </summary>
internal sealed class MessageLimits
{
    // The fast path reads smaller codes from an array.
    private const int FirstLargeCode = 4096;

    private readonly string? _protocol;
    private readonly FrozenSet<int> _sentCodes = [];
    private readonly int[] _sizes;
    private readonly FrozenDictionary<int, int> _largeCodes;
    // The maximum body size for the fast path if the code is not in the array.
    private readonly int _otherwise;

    private MessageLimits() => (_sizes, _largeCodes, _otherwise) = ([], FrozenDictionary<int, int>.Empty, int.MaxValue);

    /// <param name="protocol">The name of the protocol, such as <c>bank/1</c>.</param>
    /// <param name="messages">The code and the maximum body size of each message. A code may be repeated; then its largest size applies.</param>
    /// <param name="sentCodes">The codes of the messages that the role can send.</param>
    public MessageLimits(string protocol, IEnumerable<(int Code, int MaxSize)> messages, IEnumerable<int> sentCodes)
    {
        var sizes = messages.GroupBy(message => message.Code, message => message.MaxSize).ToDictionary(group => group.Key, group => group.Max());
        (_protocol, _sentCodes) = (protocol, sentCodes.ToFrozenSet());
        _sizes = new int[sizes.Keys.Where(code => code < FirstLargeCode).DefaultIfEmpty(-1).Max() + 1];
        Array.Fill(_sizes, -1);
        foreach (var (code, size) in sizes.Where(message => message.Key < FirstLargeCode))
            _sizes[code] = size;
        _largeCodes = sizes.Where(message => message.Key >= FirstLargeCode).ToFrozenDictionary();
        _otherwise = -1;
    }

    /// <summary>Gets limits that allow every message.</summary>
    public static MessageLimits None { get; } = new();

    /// <summary>Determines whether a message is within the limits. For codes that are large, the answer may be false although the message is allowed.</summary>
    /// <param name="code">The code of the message.</param>
    /// <param name="bodySize">The size of the body, in bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Allows(int code, int bodySize) => bodySize <= ((uint)code < (uint)_sizes.Length ? _sizes[code] : _otherwise);

    /// <summary>Gets the error for a message that is outside the limits.</summary>
    /// <param name="header">The code of the message and the size of its body.</param>
    /// <param name="maxMessageSize">The maximum size of a message body in the channel, in bytes.</param>
    /// <returns>The error, or null if the message is allowed.</returns>
    public SessionError? CheckHeader(FrameHeader header, int maxMessageSize)
    {
        if (header.BodySize > maxMessageSize)
            return MessageFraming.CreateError(header, maxMessageSize);
        return MaxSizeOf(header.Code) is not { } maxSize ? CreateCodeError(header.Code)
            : header.BodySize > maxSize ? MessageFraming.CreateError(header, maxSize, "the limit of its type")
            : null;
    }

    private SessionError CreateCodeError(int code) => _sentCodes.Contains(code)
        ? new SessionError(
            SessionErrorKind.ProtocolViolation, SessionErrorCode.UnexpectedMessage, AlertDescription.UnexpectedMessage,
            $"A message with code {code} was received, which only this endpoint may send in {_protocol}.")
        : new SessionError(
            SessionErrorKind.MalformedMessage, SessionErrorCode.UnknownMessage, AlertDescription.UnexpectedMessage,
            $"A message with code {code} was received, which {_protocol} does not define.");

    // Returns null if the code is not defined.
    private int? MaxSizeOf(int code)
    {
        if (_protocol is null)
            return int.MaxValue;
        if ((uint)code < (uint)_sizes.Length)
            return _sizes[code] >= 0 ? _sizes[code] : null;
        return _largeCodes.TryGetValue(code, out var size) ? size : null;
    }
}
