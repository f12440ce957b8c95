using System.Diagnostics.CodeAnalysis;
using SecureChannel.Messages;

namespace SecureChannel.Handshakes;

/// <summary>
/// The parameters of a session that each endpoint sends in its first flight. Both endpoints compute the same result from both. An endpoint that receives none
/// applies its own. Immutable and thread-safe.
/// </summary>
public sealed class SessionParameters
{
    /// <summary>The latest version of the parameters, of the control records and of the framing of messages.</summary>
    public const int LatestVersion = 1;

    // The largest size that the framing of messages can express.
    private const int MaxSize = (1 << 30) - 1;

    // "SecureCh" in ASCII: other uses of the same extension type begin with other bytes.
    private const ulong Magic = 0x5365_6375_7265_4368;

    private byte[]? _encoded;

    /// <summary>
    /// Gets the version: 1 to 255. Of two endpoints, the lower version applies. It determines the control records and the framing of messages.
    /// </summary>
    public int Version { get; init; } = LatestVersion;

    /// <summary>Gets the wanted idle timeout, 1 millisecond to about 49 days; null for none.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>Gets the wanted time without received records after which an endpoint sends a ping, 1 millisecond to about 49 days; null for none.</summary>
    public TimeSpan? KeepAliveInterval { get; init; }

    /// <summary>Gets the maximum size of a message that the endpoint receives, in bytes, 1 to 2^30 - 1.</summary>
    public int MaxMessageSize { get; init; } = 1 << 20;

    /// <summary>Encodes the parameters. Fractions of a millisecond are dropped.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public ReadOnlyMemory<byte> Encode()
    {
        if (_encoded is not null)
            return _encoded;
        ArgumentOutOfRangeException.ThrowIfLessThan(Version, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Version, byte.MaxValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxMessageSize, 1);
        return _encoded = WireSerializer.ToArray(new EncodedSessionParameters(
            Magic, (byte)Version, ToMilliseconds(IdleTimeout), ToMilliseconds(KeepAliveInterval), (uint)Math.Min(MaxMessageSize, MaxSize), default));
    }

    /// <summary>Checks parameters that the peer sent. Never throws.</summary>
    /// <param name="encoded">The received bytes.</param>
    /// <returns>The error, or null if the bytes are valid parameters or another use of the same field.</returns>
    public static SessionError? Validate(ReadOnlySpan<byte> encoded) => TryDecode(encoded, out _, out var error) ? null : error;

    /// <summary>Determines whether received bytes are parameters, and not another use of the same field.</summary>
    /// <param name="encoded">The received bytes.</param>
    /// <returns>True if they are parameters, which may be invalid; otherwise, false.</returns>
    public static bool IsRecognized(ReadOnlySpan<byte> encoded) => encoded.StartsWith("SecureCh"u8);

    /// <summary>Computes the parameters of a session from those of both endpoints: the shorter of two times, or the only one; and the limit of the peer.</summary>
    /// <param name="peer">
    /// The encoded parameters of the peer, for which <see cref="Validate"/> returned null; empty, or another use of the same field, if it sent none. The parameters
    /// of this endpoint then apply to this endpoint alone.
    /// </param>
    public AgreedParameters Agree(ReadOnlySpan<byte> peer)
    {
        TryDecode(peer, out var decoded, out _);
        return decoded is not { } read
            ? new(null, Round(IdleTimeout), null, null)
            : new(
                Math.Min(Version, read.Version),
                Shorter(Round(IdleTimeout), FromMilliseconds(read.IdleTimeout)),
                Shorter(Round(KeepAliveInterval), FromMilliseconds(read.KeepAliveInterval)),
                (int)read.MaxMessageSize);
    }

    private static bool TryDecode(ReadOnlySpan<byte> encoded, out EncodedSessionParameters? decoded, [NotNullWhen(false)] out SessionError? error)
    {
        (decoded, error) = (null, null);
        if (!IsRecognized(encoded))
            return true;
        if (!WireSerializer.TryRead<EncodedSessionParameters>(encoded, out var read, out var wrong))
        {
            error = new SessionError(
                SessionErrorKind.MalformedMessage, SessionErrorCode.Malformed, AlertDescription.DecodeError, $"Session parameters: {wrong}");
            return false;
        }
        if (Check(read) is { } reason)
        {
            error = new SessionError(
                SessionErrorKind.ProtocolViolation, SessionErrorCode.IllegalParameter, AlertDescription.IllegalParameter, $"Session parameters: {reason}");
            return false;
        }
        decoded = read;
        return true;
    }

    private static string? Check(EncodedSessionParameters read) =>
        read.Version == 0 ? "The version is 0. It must be 1 or more."
        : read.Version == LatestVersion && !read.Later.IsEmpty ? $"There are {read.Later.Length} bytes after the parameters of version {LatestVersion}."
        : read.IdleTimeout == 0 ? "The idle timeout is 0. It must be 1 millisecond or more."
        : read.KeepAliveInterval == 0 ? "The keep-alive interval is 0. It must be 1 millisecond or more."
        : read.MaxMessageSize is 0 or > MaxSize ? $"The maximum message size is {read.MaxMessageSize}. It must be 1 to {MaxSize} bytes."
        : null;

    private static TimeSpan? Shorter(TimeSpan? own, TimeSpan? other) => own is { } a && other is { } b ? (a < b ? a : b) : own ?? other;

    // Both endpoints must compute the same value, and the encoding has whole milliseconds.
    private static TimeSpan? Round(TimeSpan? time) => FromMilliseconds(ToMilliseconds(time));

    private static TimeSpan? FromMilliseconds(uint? milliseconds) => milliseconds is { } value ? TimeSpan.FromMilliseconds(value) : null;

    private static uint? ToMilliseconds(TimeSpan? time)
    {
        if (time is not { } value)
            return null;
        ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(1), nameof(time));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMilliseconds(uint.MaxValue), nameof(time));
        return (uint)value.TotalMilliseconds;
    }
}

/// <summary>The parameters on which both endpoints agreed.</summary>
/// <param name="Version">The value of <see cref="NegotiatedSession.ParametersVersion"/>.</param>
/// <param name="IdleTimeout">The value of <see cref="NegotiatedSession.IdleTimeout"/>.</param>
/// <param name="KeepAliveInterval">The value of <see cref="NegotiatedSession.KeepAliveInterval"/>.</param>
/// <param name="PeerMaxMessageSize">The value of <see cref="NegotiatedSession.PeerMaxMessageSize"/>.</param>
public readonly record struct AgreedParameters(int? Version, TimeSpan? IdleTimeout, TimeSpan? KeepAliveInterval, int? PeerMaxMessageSize);

/// <summary>The encoding of <see cref="SessionParameters"/>. Later versions add fields at the end, which earlier versions ignore.</summary>
/// <param name="Magic">The constant that distinguishes the parameters from other uses of the same field.</param>
/// <param name="Version">The version, 1 or more.</param>
/// <param name="IdleTimeout">The idle timeout in milliseconds, 1 or more; null for none.</param>
/// <param name="KeepAliveInterval">The keep-alive interval in milliseconds, 1 or more; null for none.</param>
/// <param name="MaxMessageSize">The maximum size of a received message, in bytes, 1 or more.</param>
/// <param name="Later">The fields of later versions.</param>
[Message]
internal readonly partial record struct EncodedSessionParameters(
    ulong Magic, byte Version, uint? IdleTimeout, uint? KeepAliveInterval, uint MaxMessageSize, [property: Remainder(0, 0xFFFF)] ReadOnlyMemory<byte> Later);
