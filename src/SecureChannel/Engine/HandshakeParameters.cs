using System.Collections.Immutable;
using SecureChannel.Cryptography;

namespace SecureChannel.Handshakes;

/// <summary>What a client brings to a handshake.</summary>
public sealed record ClientHandshakeParameters
{
    /// <summary>Where ciphers and randomness come from.</summary>
    public CryptographyProvider Cryptography { get; init; } = CryptographyProvider.Platform;

    /// <summary>The name that the server's certificate must have.</summary>
    public required string ServerName { get; init; }

    /// <summary>Which authorities may vouch for the server.</summary>
    public required TrustPolicy Trust { get; init; }

    /// <summary>The application protocols that the client speaks, best first (RFC 7301); empty to ask for none.</summary>
    public ImmutableArray<string> ApplicationProtocols { get; init; } = [];

    /// <summary>The idle timeout to propose, 1 millisecond to about 49 days; null for none.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>The cipher suites to use, best first; if none are given, all that the provider has, in its own order.</summary>
    public ImmutableArray<CipherSuite> CipherSuites
    {
        get => field.IsDefaultOrEmpty ? Cryptography.CipherSuites : field;
        init;
    }

    /// <summary>The groups of key agreement to use, best first; if none are given, all that the provider has, in its own order. Key transport uses none.</summary>
    public ImmutableArray<NamedGroup> Groups
    {
        get => field.IsDefaultOrEmpty ? Cryptography.Groups : field;
        init;
    }

    /// <summary>The schemes by which the server may sign, best first; if none are given, all that the provider verifies. Key transport uses none.</summary>
    public ImmutableArray<SignatureScheme> SignatureSchemes
    {
        get => field.IsDefaultOrEmpty ? Cryptography.SignatureSchemes : field;
        init;
    }

    /// <summary>
    /// Takes the secrets of sessions as lines of an SSLKEYLOGFILE, by which tools decrypt what was captured: whoever sees them can read and forge everything.
    /// For TLS only; null, as it must be but for looking into one's own sessions, for never.
    /// </summary>
    public Action<string>? KeyLog { get; init; }

    /// <summary>What time it is, for the validity of certificates.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

/// <summary>What a server brings to a handshake.</summary>
public sealed record ServerHandshakeParameters
{
    /// <summary>Where ciphers and randomness come from.</summary>
    public CryptographyProvider Cryptography { get; init; } = CryptographyProvider.Platform;

    /// <summary>The server's certificate and key.</summary>
    public required CertificateIdentity Identity { get; init; }

    /// <summary>The application protocols that the server speaks, best first (RFC 7301); empty to leave the choice open.</summary>
    public ImmutableArray<string> ApplicationProtocols { get; init; } = [];

    /// <summary>The longest idle timeout that the server agrees to, 1 millisecond to about 49 days; null to take what the client proposes.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>The cipher suites to use, best first; if none are given, all that the provider has, in its own order.</summary>
    public ImmutableArray<CipherSuite> CipherSuites
    {
        get => field.IsDefaultOrEmpty ? Cryptography.CipherSuites : field;
        init;
    }

    /// <summary>The groups of key agreement to use, best first; if none are given, all that the provider has, in its own order. Key transport uses none.</summary>
    public ImmutableArray<NamedGroup> Groups
    {
        get => field.IsDefaultOrEmpty ? Cryptography.Groups : field;
        init;
    }

    /// <summary>
    /// Takes the secrets of sessions as lines of an SSLKEYLOGFILE, by which tools decrypt what was captured: whoever sees them can read and forge everything.
    /// For TLS only; null, as it must be but for looking into one's own sessions, for never.
    /// </summary>
    public Action<string>? KeyLog { get; init; }
}
