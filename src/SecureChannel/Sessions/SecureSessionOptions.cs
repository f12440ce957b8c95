using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel;

/// <summary>The options that clients and servers share. Options are immutable; copy them with a <c>with</c> expression.</summary>
/// <remarks>
/// Options are validated when a session or listener is created. Two options are equal only if they are the same instance. Options own nothing: the caller
/// disposes identities.
/// </remarks>
public abstract record SecureSessionOptions
{
    // A copy of options by 'with' has parameters of its own.
    private static readonly ConditionalWeakTable<SecureSessionOptions, SessionParameters> Parameters = [];

    // A ClientHello has about 200 bytes without names, and the certificate of an RSA key about 1 KB.
    private protected const int MinHandshakeMessageSize = 512;

    private protected SecureSessionOptions()
    {
    }

    /// <summary>
    /// Gets the security of the session. The default is <see cref="SessionSecurity.Tls13"/>. Both endpoints must use the same security, because there is no
    /// fallback.
    /// </summary>
    public SessionSecurity Security { get; init; } = SessionSecurity.Tls13;

    /// <summary>Gets the provider of cryptography. <see cref="SessionSecurity.SslStream"/> does not use it.</summary>
    public CryptographyProvider Cryptography { get; init; } = CryptographyProvider.Platform;

    /// <summary>
    /// Gets the cipher suites, in order of preference. The default, an empty list, selects the cipher suites of <see cref="Cryptography"/>. The provider must
    /// support every entry. The server selects: its order counts.
    /// </summary>
    public IReadOnlyList<CipherSuite> CipherSuites { get; init => field = Copy(value); } = [];

    /// <summary>
    /// Gets the groups of the key exchange, in order of preference. The default, an empty list, selects the groups of <see cref="Cryptography"/>. The provider must
    /// support every entry. The server selects the first of its groups for which the client sent a key share. It requests another key share only for a hybrid group
    /// that it prefers, or if the client sent no share that it supports.
    /// </summary>
    public IReadOnlyList<NamedGroup> Groups { get; init => field = Copy(value); } = [];

    /// <summary>
    /// Gets the schemes of handshake signatures, in order of preference. The default, an empty list, selects the schemes of <see cref="Cryptography"/> to verify
    /// signatures, and those of the key to sign. The provider must support every entry, and RSASSA-PKCS1-v1_5 is not allowed (RFC 9846 section 4.3.3). The
    /// endpoint that signs selects the scheme: its order counts.
    /// </summary>
    public IReadOnlyList<SignatureScheme> SignatureSchemes { get; init => field = Copy(value); } = [];

    /// <summary>
    /// Gets the callback that receives the secrets of TLS 1.3 sessions, as lines in the SSLKEYLOGFILE format (RFC 9850), so that tools such as Wireshark can
    /// decrypt captured traffic. Use it only for tests and debugging: the lines let anyone read and forge all traffic. Sessions that share the options invoke
    /// the callback concurrently. If null, no secrets are logged; environment variables have no effect.
    /// </summary>
    public Action<string>? KeyLog { get; init; }

    /// <summary>
    /// Gets the application protocols that this endpoint supports, in order of preference (RFC 7301). Each name has 1 to 255 bytes of UTF-8. For names that
    /// differ only in the version after the last slash, the highest common version is negotiated, regardless of its position. If the list is empty, no
    /// protocol is negotiated.
    /// </summary>
    public IReadOnlyList<string> ApplicationProtocols { get; init => field = Copy(value); } = [];

    /// <summary>
    /// Gets a value that indicates whether a peer that negotiates none of <see cref="ApplicationProtocols"/> is refused with no_application_protocol. The
    /// default is true. If false, a peer that names no protocol is accepted; a client that names only other protocols is still refused. The option has no
    /// effect if the list is empty.
    /// </summary>
    public bool RequireApplicationProtocol { get; init; } = true;

    /// <summary>
    /// Gets the idle timeout: the time without authenticated traffic after which the session ends, or null for none. The default is 2 minutes; the range is 1
    /// millisecond to 24 days. If both endpoints set a value, the smaller one applies; if only one does, that one. A peer that does not use this library is not
    /// asked. An idle timeout fails pending operations, so that a read never reports it as the end of the data. The time pauses while received data waits for the
    /// application.
    /// </summary>
    public TimeSpan? IdleTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Gets the time without received records after which each endpoint sends a ping, or null for no pings. The default is null; the range is 1 millisecond to
    /// 24 days. If both endpoints set a value, the smaller one applies; if only one does, that one. The peer must use this library too. Pings do not restart
    /// <see cref="IdleTimeout"/>. <see cref="SessionSecurity.SslStream"/> cannot send pings.
    /// </summary>
    public TimeSpan? KeepAliveInterval { get; init; }

    /// <summary>
    /// Gets the time for which an endpoint waits for any record after it sent a ping. The default is 10 seconds; the range is 1 millisecond to 24 days. After
    /// that time, the session fails with <see cref="SessionErrorCode.KeepAliveTimeout"/>.
    /// </summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets the timeout of the whole handshake, which includes connecting. The default is 10 seconds; the range is 1 millisecond to 24 days. A session over an
    /// existing transport counts from the start of the handshake. A <see cref="SecureListener"/> shortens the timeout to a quarter while it is overloaded.
    /// </summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets the time for which closing and disposing may write sent data. The default is 5 seconds; the range is 1 millisecond to 24 days. If the peer does not
    /// read the data in this time, the session fails.
    /// </summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Gets a value that indicates whether this endpoint may continue to send after the peer's close_notify (RFC 9846 section 6.1). The default is true: the
    /// peer's end never discards data that this endpoint sends. If false, the session ends with the peer's close_notify: in order if this endpoint has
    /// completed its writes or its protocol has reached a final state; otherwise with an error at the peer.
    /// </summary>
    public bool AllowHalfClose { get; init; } = true;

    /// <summary>
    /// Gets the maximum size of a received message, in bytes, without its framing. The default is 1 MiB; the minimum is 1. The peer learns it in the handshake, so
    /// that a longer message fails before it is sent.
    /// </summary>
    public int MaxMessageSize { get; init; } = 1 << 20;

    /// <summary>
    /// Gets the maximum size of a received handshake message, in bytes. The default is 64 KiB; the minimum is 512. <see cref="SessionSecurity.SslStream"/> does
    /// not use it.
    /// </summary>
    public int MaxHandshakeMessageSize { get; init; } = 1 << 16;

    /// <summary>Gets the clock for deadlines, timers and certificate validity. The default is the system clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Gets the clock for the delay of combined sends: the system clock, so that messages are sent even if a test stops the session's clock.</summary>
    internal TimeProvider DelayClock { get; init; } = TimeProvider.System;

    /// <summary>
    /// Gets the callback that receives the progress of the handshake. The callback runs on the thread that performs the handshake and must not use the session.
    /// </summary>
    public Action<HandshakeProgress>? HandshakeObserver { get; init; }

    /// <summary>Determines whether two options are the same instance.</summary>
    /// <param name="other">The options to compare with.</param>
    /// <returns>True if both are the same instance; otherwise, false.</returns>
    public virtual bool Equals(SecureSessionOptions? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>Returns the name of the type, without any values.</summary>
    /// <returns>The name of the type.</returns>
    public sealed override string ToString() => GetType().Name;

    /// <summary>Gets the role of an endpoint with these options.</summary>
    internal abstract Role Role { get; }

    internal abstract void Validate();

    /// <summary>Gets the parameters that this endpoint sends to the peer.</summary>
    internal SessionParameters SessionParameters => Parameters.GetValue(this, static options => new()
    {
        IdleTimeout = options.IdleTimeout,
        KeepAliveInterval = options.KeepAliveInterval,
        MaxMessageSize = options.MaxMessageSize,
    });

    private protected static IReadOnlyList<T> Copy<T>(IReadOnlyList<T> list) => list is null ? null! : [.. list];

    private protected void ValidateShared()
    {
        ArgumentNullException.ThrowIfNull(Security);
        ArgumentNullException.ThrowIfNull(Cryptography);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentNullException.ThrowIfNull(ApplicationProtocols);
        ThrowIfUnsupported(CipherSuites, Cryptography.CipherSuites, suite => suite.Name, nameof(CipherSuites));
        ThrowIfUnsupported(Groups, Cryptography.Groups, group => group.Name, nameof(Groups));
        ThrowIfUnsupported(
            SignatureSchemes, [.. Cryptography.SignatureSchemes.Where(scheme => scheme.IsForHandshakes)], scheme => scheme.Name, nameof(SignatureSchemes));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxMessageSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxHandshakeMessageSize, MinHandshakeMessageSize);
        ThrowIfOutOfRange(HandshakeTimeout, nameof(HandshakeTimeout));
        ThrowIfOutOfRange(CloseTimeout, nameof(CloseTimeout));
        if (IdleTimeout is { } idle)
            ThrowIfOutOfRange(idle, nameof(IdleTimeout));
        ThrowIfOutOfRange(KeepAliveTimeout, nameof(KeepAliveTimeout));
        if (KeepAliveInterval is { } interval)
        {
            ThrowIfOutOfRange(interval, nameof(KeepAliveInterval));
            if (Security.Handshake?.Records.Control is null)
            {
                throw new ArgumentException(
                    $"The security '{Security.Name}' cannot send pings. Set '{nameof(KeepAliveInterval)}' to null, or use another 'Security'.",
                    nameof(KeepAliveInterval));
            }
        }

        // RFC 7301 section 3.1: a protocol name is 1 to 255 bytes.
        foreach (var name in ApplicationProtocols)
        {
            if (string.IsNullOrEmpty(name) || Encoding.UTF8.GetByteCount(name) > 255)
            {
                throw new ArgumentException(
                    $"'{name}' is not a valid application protocol. A name must have 1 to 255 bytes of UTF-8.", nameof(ApplicationProtocols));
            }
        }
    }

    private protected void ThrowIfUnsupported<T>(IReadOnlyList<T> chosen, ImmutableArray<T> supported, Func<T, string> nameOf, string option)
    {
        ArgumentNullException.ThrowIfNull(chosen, option);
        foreach (var value in chosen)
        {
            if (!supported.Contains(value))
            {
                var list = string.Join(", ", supported.Select(nameOf));
                throw new ArgumentException($"The provider '{Cryptography.Name}' does not support {nameOf(value)}. It supports {list}.", option);
            }
        }
    }

    private protected void ThrowIfNotResumable(string option)
    {
        if (Security == SessionSecurity.KeyTransport || Security == SessionSecurity.SslStream)
            throw new ArgumentException($"The security '{Security.Name}' cannot resume sessions. Leave '{option}' null, or use '{nameof(SessionSecurity.Tls13)}'.", option);
    }

    private protected static void ThrowIfOutOfRange(TimeSpan value, string option)
    {
        if (value < TimeSpan.FromMilliseconds(1) || value > TimeSpan.FromDays(24))
            throw new ArgumentOutOfRangeException(option, value, $"'{option}' must be between 1 millisecond and 24 days.");
    }
}
