using System.Collections.Immutable;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SecureChannel.Cryptography;

namespace SecureChannel.Handshakes;

/// <summary>The parameters of a client.</summary>
public sealed partial record ClientHandshakeParameters
{
    // A provider has one list of groups for all sessions.
    private static readonly ConditionalWeakTable<NamedGroup[], NamedGroup[]> InitialKeySharesOf = [];

    /// <summary>Gets the provider of ciphers and random numbers.</summary>
    public CryptographyProvider Cryptography { get; init; } = CryptographyProvider.Platform;

    /// <summary>Gets the name for which the certificate of the server must be valid.</summary>
    public required string ServerName { get; init; }

    /// <summary>
    /// Gets the server name as a DNS name in ASCII without a trailing dot, as RFC 6066 section 3 sends it, or null if it is an IP address or not a valid name.
    /// </summary>
    public string? HostName => ReferenceName.Parse(ServerName)?.HostName;

    /// <summary>Gets the remote endpoint: that of the transport, or the endpoint to which the client connects. Null if it is not known.</summary>
    public EndPoint? RemoteEndPoint { get; init; }

    /// <summary>Gets the policy that decides which server certificates are trusted.</summary>
    public required TrustPolicy Trust { get; init; }

    /// <summary>Gets a value that indicates whether <see cref="Trust"/> uses stapled OCSP responses, so that a client should request them (RFC 6066 section 8).</summary>
    public bool UsesStapledResponses => Trust.UsesStapledResponses;

    /// <summary>Gets the application protocols of the client, best first (RFC 7301); empty to request none.</summary>
    public ImmutableArray<string> ApplicationProtocols { get; init; } = [];

    /// <summary>
    /// Gets a value that indicates whether the handshake fails if <see cref="ApplicationProtocols"/> is not empty and the server selects none of them. The default
    /// is true.
    /// </summary>
    public bool RequireApplicationProtocol { get; init; } = true;

    /// <summary>Gets the parameters of the session that this endpoint sends to the peer.</summary>
    public SessionParameters Session { get; init; } = new();

    /// <summary>Gets the cipher suites, best first. If empty, all suites of the provider are used, in its order.</summary>
    public ImmutableArray<CipherSuite> CipherSuites
    {
        get => field.IsDefaultOrEmpty ? Cryptography.CipherSuites : field;
        init;
    }

    /// <summary>Gets the key agreement groups, best first. If empty, all groups of the provider are used, in its order. Key transport uses none.</summary>
    public ImmutableArray<NamedGroup> Groups
    {
        get => field.IsDefaultOrEmpty ? Cryptography.Groups : field;
        init;
    }

    /// <summary>
    /// Gets the groups whose key shares are in the first ClientHello, best first. If empty, the first hybrid group and the first other group of
    /// <see cref="Groups"/> are used.
    /// </summary>
    public ImmutableArray<NamedGroup> InitialKeyShares
    {
        get => !field.IsDefaultOrEmpty ? field : ImmutableCollectionsMarshal.AsImmutableArray(
            InitialKeySharesOf.GetValue(ImmutableCollectionsMarshal.AsArray(Groups)!, ChooseInitialKeyShares));
        init;
    }

    /// <summary>
    /// Gets the signature schemes that the server may use, best first. If empty, all schemes that the provider verifies are used. Key transport uses none.
    /// </summary>
    public ImmutableArray<SignatureScheme> SignatureSchemes
    {
        get => field.IsDefaultOrEmpty ? Cryptography.SignatureSchemes : field;
        init;
    }

    /// <summary>
    /// Gets the method that receives the secrets of TLS sessions as lines of an SSLKEYLOGFILE. Tools use the lines to decrypt captured traffic, and anyone who
    /// has the lines can read and forge all data. Leave the property null except to debug your own sessions.
    /// </summary>
    public Action<string>? KeyLog { get; init; }

    /// <summary>Gets the clock for the validity of certificates.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    // A server that does not support the hybrid group then needs no HelloRetryRequest.
    private static NamedGroup[] ChooseInitialKeyShares(NamedGroup[] groups)
    {
        NamedGroup? hybrid = null, other = null;
        foreach (var group in groups)
        {
            if (group.IsHybrid)
                hybrid ??= group;
            else
                other ??= group;
        }

        return hybrid is { } first ? other is { } second ? InOrder(groups, first, second) : [first] : other is { } only ? [only] : [];
    }

    private static NamedGroup[] InOrder(NamedGroup[] groups, NamedGroup one, NamedGroup other) =>
        Array.IndexOf(groups, one) < Array.IndexOf(groups, other) ? [one, other] : [other, one];
}

/// <summary>The parameters of a server.</summary>
public sealed partial record ServerHandshakeParameters
{
    /// <summary>Gets the provider of ciphers and random numbers.</summary>
    public CryptographyProvider Cryptography { get; init; } = CryptographyProvider.Platform;

    /// <summary>
    /// Gets the source of the server's identity. A handshake uses one identity: see <see cref="TryGetIdentity"/> and <see cref="SelectIdentity"/>.
    /// </summary>
    public required IdentitySource Identity { get; init; }

    /// <summary>
    /// Gets a value that indicates whether a client is refused if it requests a server name that the certificate does not contain. The default is false.
    /// </summary>
    public bool RefuseUnknownServerNames { get; init; }

    /// <summary>Gets the mode of client authentication by certificate. The default is <see cref="ClientAuthenticationMode.None"/>.</summary>
    public ClientAuthenticationMode ClientAuthentication { get; init; }

    /// <summary>
    /// Gets the policy that decides which client certificates are trusted. Required unless <see cref="ClientAuthentication"/> is
    /// <see cref="ClientAuthenticationMode.None"/>.
    /// </summary>
    public TrustPolicy? ClientTrust { get; init; }

    /// <summary>
    /// Gets the distinguished names, in DER, of the authorities of <see cref="ClientTrust"/>, which a certificate request names (RFC 9846 section 4.3.4). The list
    /// is empty if the policy does not decide by given authorities, or if it has more than 4,096 bytes.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> ClientAuthorities => ClientTrust is null ? [] : AuthorityNames.Of(ClientTrust);

    /// <summary>Gets the clock for the validity of certificates.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Gets the remote endpoint of the transport, or null if it has none.</summary>
    public EndPoint? RemoteEndPoint { get; init; }

    /// <summary>Gets the application protocols of the server, best first (RFC 7301); empty to select none.</summary>
    public ImmutableArray<string> ApplicationProtocols { get; init; } = [];

    /// <summary>
    /// Gets a value that indicates whether the handshake fails if <see cref="ApplicationProtocols"/> is not empty and the client offers no protocol. The default is
    /// true. A client that offers only other protocols is always refused.
    /// </summary>
    public bool RequireApplicationProtocol { get; init; } = true;

    /// <summary>Gets the parameters of the session that this endpoint sends to the peer.</summary>
    public SessionParameters Session { get; init; } = new();

    /// <summary>Gets the cipher suites, best first. If empty, all suites of the provider are used, in its order.</summary>
    public ImmutableArray<CipherSuite> CipherSuites
    {
        get => field.IsDefaultOrEmpty ? Cryptography.CipherSuites : field;
        init;
    }

    /// <summary>Gets the key agreement groups, best first. If empty, all groups of the provider are used, in its order. Key transport uses none.</summary>
    public ImmutableArray<NamedGroup> Groups
    {
        get => field.IsDefaultOrEmpty ? Cryptography.Groups : field;
        init;
    }

    /// <summary>
    /// Gets the signature schemes of handshake signatures, best first. If empty, all schemes of the server's key are used, in its order. Key transport uses none.
    /// </summary>
    public ImmutableArray<SignatureScheme> SignatureSchemes { get; init; } = [];

    /// <summary>
    /// Gets the method that receives the secrets of TLS sessions as lines of an SSLKEYLOGFILE. Tools use the lines to decrypt captured traffic, and anyone who
    /// has the lines can read and forge all data. Leave the property null except to debug your own sessions.
    /// </summary>
    public Action<string>? KeyLog { get; init; }
}
