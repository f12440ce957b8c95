using System.Collections.Immutable;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>What both ends of a session can choose. Options are read when a session is made; changing them later has no effect on it.</summary>
public abstract class SecureSessionOptions
{
    private protected SecureSessionOptions()
    {
    }

    /// <summary>What makes the session secure; <see cref="SessionSecurity.Tls13"/> if not set. Both ends must choose the same: there is no fallback.</summary>
    public SessionSecurity Security { get; init; } = SessionSecurity.Tls13;

    /// <summary>Where cryptography comes from, for every security but <see cref="SessionSecurity.SslStream"/>, which brings its own.</summary>
    public CryptographyProvider Cryptography { get; init; } = CryptographyProvider.Platform;

    /// <summary>The cipher suites to use, best first; empty: the provider's. Each must be one of them.</summary>
    public IReadOnlyList<CipherSuite> CipherSuites { get; init; } = [];

    /// <summary>The groups of key agreement to use, best first; empty: the provider's. Each must be one of them.</summary>
    public IReadOnlyList<NamedGroup> Groups { get; init; } = [];

    /// <summary>
    /// Takes the secrets of sessions as lines in the format of SSLKEYLOGFILE (RFC 9850), so that tools like Wireshark can read what was captured: for TLS 1.3, for
    /// tests and for looking for faults only, since whoever sees the lines can read and forge everything. Called from several threads at once where several
    /// sessions share the options. Null: nothing is told; no variable of the environment changes that.
    /// </summary>
    public Action<string>? KeyLog { get; init; }

    /// <summary>
    /// The application protocols this end speaks, best first (RFC 7301): each 1 to 255 bytes of UTF-8. Of names that differ only in the version after the last
    /// slash, the highest that both ends speak is agreed, wherever it stands. Empty: none is negotiated.
    /// </summary>
    public IReadOnlyList<string> ApplicationProtocols { get; init; } = [];

    /// <summary>
    /// After how long without authentic traffic the session ends; 2 minutes if not set. From 1 millisecond to 24 days. A client proposes it, a server answers
    /// with its own or the proposal, whichever is less. Null: this end wants none, and what the other wants is agreed.
    /// </summary>
    public TimeSpan? IdleTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the whole handshake may take; 10 seconds if not set. From 1 millisecond to 24 days.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether the peer's explicit end ends its direction alone: this end may go on sending until it closes too (RFC 9846 section 6.1). If not set, the peer's
    /// end is answered at once, and the session has ended. Not for <see cref="SessionSecurity.SslStream"/>.
    /// </summary>
    public bool AllowHalfClose { get; init; }

    /// <summary>The largest message accepted from the peer, in bytes without its frame; 1 MiB if not set. At least 1.</summary>
    public int MaxMessageSize { get; init; } = 1 << 20;

    /// <summary>The clock of deadlines, timers and certificate validity; the system's if not set.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Is told each step of the handshake as it happens, from whichever thread does it; must not use the session.</summary>
    public Action<HandshakeProgress>? HandshakeObserver { get; init; }

    internal virtual void Validate()
    {
        ArgumentNullException.ThrowIfNull(Security);
        ArgumentNullException.ThrowIfNull(Cryptography);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentNullException.ThrowIfNull(ApplicationProtocols);
        CheckChoice(CipherSuites, Cryptography.CipherSuites, suite => suite.Name, nameof(CipherSuites));
        CheckChoice(Groups, Cryptography.Groups, group => group.Name, nameof(Groups));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxMessageSize, 1);
        CheckDuration(HandshakeTimeout, nameof(HandshakeTimeout));
        if (IdleTimeout is { } idle)
            CheckDuration(idle, nameof(IdleTimeout));

        // RFC 7301 section 3.1: a protocol name is 1 to 255 bytes.
        foreach (var name in ApplicationProtocols)
        {
            if (string.IsNullOrEmpty(name) || System.Text.Encoding.UTF8.GetByteCount(name) > 255)
                throw new ArgumentException($"\"{name}\" is no application protocol: a name has 1 to 255 bytes of UTF-8.", nameof(ApplicationProtocols));
        }
    }

    private protected void CheckChoice<T>(IReadOnlyList<T> chosen, ImmutableArray<T> known, Func<T, string> nameOf, string option)
    {
        ArgumentNullException.ThrowIfNull(chosen, option);
        foreach (var value in chosen)
        {
            if (!known.Contains(value))
                throw new ArgumentException($"{Cryptography.Name} does not have {nameOf(value)}, only {string.Join(", ", known.Select(nameOf))}.", option);
        }
    }

    private static void CheckDuration(TimeSpan value, string name)
    {
        if (value < TimeSpan.FromMilliseconds(1) || value > TimeSpan.FromDays(24))
            throw new ArgumentOutOfRangeException(name, value, "A duration lies between 1 millisecond and 24 days.");
    }
}
