using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.Tls13;

/// <summary>A server's selection from an offer (RFC 9846 section 4.2.1).</summary>
/// <param name="Suite">The cipher suite.</param>
/// <param name="Group">The group.</param>
/// <param name="PeerShare">The client's key share of that group; null if there is none yet.</param>
/// <param name="Scheme">The signature scheme of the server; null if no scheme is common, so that the server can only resume a session.</param>
/// <param name="ApplicationProtocol">The application protocol; null for none.</param>
/// <param name="PeerParameters">The encoded session parameters of the client; empty if it sent none.</param>
/// <param name="OwnParameters">The session parameters of the server, for a client that sent its own.</param>
/// <param name="HostName">The server name that the client requested; null for none.</param>
/// <param name="RequestsStatus">True if the client requested the revocation status of the certificate; otherwise, false.</param>
internal sealed record ServerChoice(
    CipherSuite Suite,
    NamedGroup Group,
    KeyShareEntry? PeerShare,
    SignatureScheme? Scheme,
    string? ApplicationProtocol,
    ReadOnlyMemory<byte> PeerParameters,
    SessionParameters OwnParameters,
    ServerName? HostName,
    bool RequestsStatus);

/// <summary>The server's selection of the parameters from a client's offer.</summary>
internal static class Negotiation
{
    /// <summary>Throws if the provider does not support the cipher suites and groups of the parameters.</summary>
    /// <exception cref="ArgumentException">The provider does not support a suite or group, or there is none.</exception>
    public static void CheckSupport(CryptographyProvider cryptography, ImmutableArray<CipherSuite> suites, ImmutableArray<NamedGroup> groups)
    {
        var hasSuites = !suites.IsEmpty;
        foreach (var suite in suites)
            hasSuites &= suite.IsKnown && cryptography.Supports(suite.Aead);
        if (!hasSuites)
            throw new ArgumentException(
                $"{cryptography.Name} does not support all cipher suites in the parameters: {string.Join(", ", suites.Select(suite => suite.Name))}. "
                + "Remove the unsupported suites.", nameof(suites));

        var hasGroups = !groups.IsEmpty;
        foreach (var group in groups)
            hasGroups &= cryptography.Groups.Contains(group);
        if (!hasGroups)
            throw new ArgumentException(
                $"{cryptography.Name} does not support all groups in the parameters: {string.Join(", ", groups.Select(group => group.Name))}. "
                + "Remove the unsupported groups.", nameof(groups));
    }

    /// <summary>Tries to select the parameters from a client's offer.</summary>
    /// <returns>True if parameters were selected; otherwise, false.</returns>
    public static bool TryChoose(
        ReceivedOffer offer,
        ServerHandshakeParameters parameters,
        Signer signer,
        [NotNullWhen(true)] out ServerChoice? choice,
        [NotNullWhen(false)] out SessionError? error)
    {
        choice = null;
        var suite = FirstOf(parameters.CipherSuites, offer.Hello.CipherSuites) ?? default;
        var group = ChooseGroup(offer, parameters.Groups, out var share);
        var scheme = ChooseScheme(offer, parameters.SignatureSchemes, signer.Schemes);

        // RFC 9846 section 4.2.1: no overlap is a "handshake_failure".
        error = !suite.IsKnown ? Tls13Error.Failure(SessionErrorCode.NoCommonCipherSuite, $"The endpoints have no cipher suite in common. The client supports {Names(offer.Hello.CipherSuites.Select(item => item.Name))}.")
            : group is null ? Tls13Error.Failure(SessionErrorCode.NoCommonGroup, $"The endpoints have no group in common. The client supports {Names(offer.Groups.Select(item => item.Name))}.")
            : null;
        if (error is not null || !ApplicationProtocols.TryChoose(
            offer.ApplicationProtocols, parameters.ApplicationProtocols, out var protocol, out error, parameters.RequireApplicationProtocol)
            || (error = SessionParameters.Validate(offer.SessionParameters.Span)) is not null)
            return false;

        choice = new ServerChoice(
            suite, group!.Value, share, scheme, protocol,
            SessionParameters.IsRecognized(offer.SessionParameters.Span) ? offer.SessionParameters : default, parameters.Session, offer.HostName, offer.RequestsStatus);
        return true;
    }

    /// <summary>Checks that the server can sign for a client, which a full handshake requires. Returns null if it can.</summary>
    public static SessionError? CheckScheme(ReceivedOffer offer, ServerChoice choice) => choice.Scheme is not null ? null
        : offer.SignatureSchemes.IsEmpty ? Tls13Error.Missing(nameof(ClientHello), ExtensionType.SignatureAlgorithms)
        : Tls13Error.Failure(SessionErrorCode.NoCommonSignatureScheme,
            $"The client supports no signature scheme that the server's key can use. The client supports {Names(offer.SignatureSchemes.Select(item => item.Name))}.");

    // The server's order counts. RFC 9846 section 4.3.8: a group with a key share saves a round trip, but only a hybrid group is worth one more round trip.
    private static NamedGroup? ChooseGroup(ReceivedOffer offer, ImmutableArray<NamedGroup> supported, out KeyShareEntry? share)
    {
        share = null;
        NamedGroup? best = null;
        foreach (var group in supported)
        {
            if (!offer.Groups.Contains(group))
                continue;
            share = ShareOf(offer, group);
            best ??= group;
            if (share is not null || best.Value.IsHybrid)
                break;
        }

        return share?.Group ?? best;
    }

    private static KeyShareEntry? ShareOf(ReceivedOffer offer, NamedGroup group)
    {
        foreach (var share in offer.Shares)
        {
            if (share.Group == group)
                return share;
        }

        return null;
    }

    // RFC 9846 section 4.3.3: RSASSA-PKCS1-v1_5 is "not defined for use in signed TLS handshake messages", even if a signer lists it.
    private static SignatureScheme? ChooseScheme(ReceivedOffer offer, ImmutableArray<SignatureScheme> allowed, ImmutableArray<SignatureScheme> schemes)
    {
        foreach (var scheme in allowed.IsDefaultOrEmpty ? schemes : allowed)
        {
            if (scheme.IsForHandshakes && schemes.Contains(scheme) && offer.SignatureSchemes.Contains(scheme))
                return scheme;
        }

        return null;
    }

    private static T? FirstOf<T>(ImmutableArray<T> preferred, ImmutableArray<T> offered)
        where T : struct
    {
        foreach (var item in preferred)
        {
            if (offered.Contains(item))
                return item;
        }

        return null;
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Take(8));
}
