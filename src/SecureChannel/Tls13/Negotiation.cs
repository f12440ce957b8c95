using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.Tls13;

/// <summary>What a server makes of an offer (RFC 9846 section 4.2.1).</summary>
/// <param name="Suite">The suite.</param>
/// <param name="Group">The group.</param>
/// <param name="PeerShare">The client's key of that group; null if there is none yet.</param>
/// <param name="Scheme">How the server signs.</param>
/// <param name="ApplicationProtocol">The application protocol; null for none.</param>
/// <param name="IdleTimeout">What is settled on, in milliseconds; null where the client proposed nothing.</param>
/// <param name="IsNamed">Whether the client named a server.</param>
internal sealed record ServerChoice(
    CipherSuite Suite,
    NamedGroup Group,
    KeyShareEntry? PeerShare,
    SignatureScheme Scheme,
    string? ApplicationProtocol,
    uint? IdleTimeout,
    bool IsNamed);

/// <summary>The server's choice from an offer.</summary>
internal static class Negotiation
{
    /// <summary>Refuses at once what could never work.</summary>
    /// <exception cref="ArgumentException">The provider lacks a suite or group, or there is none.</exception>
    public static void CheckSupport(CryptographyProvider cryptography, ImmutableArray<CipherSuite> suites, ImmutableArray<NamedGroup> groups)
    {
        var hasSuites = !suites.IsEmpty;
        foreach (var suite in suites)
            hasSuites &= suite.IsKnown && cryptography.Supports(suite.Aead);
        if (!hasSuites)
            throw new ArgumentException($"{cryptography.Name} does not support the suites that are to be used: {string.Join(", ", suites.Select(suite => suite.Name))}.", nameof(suites));

        var hasGroups = !groups.IsEmpty;
        foreach (var group in groups)
            hasGroups &= cryptography.Groups.Contains(group);
        if (!hasGroups)
            throw new ArgumentException($"{cryptography.Name} does not support the groups that are to be used: {string.Join(", ", groups.Select(group => group.Name))}.", nameof(groups));
    }

    /// <summary>Chooses.</summary>
    public static bool TryChoose(
        ReceivedOffer offer, ServerHandshakeParameters parameters, [NotNullWhen(true)] out ServerChoice? choice, [NotNullWhen(false)] out SessionError? error)
    {
        choice = null;
        var suite = FirstOf(offer.Hello.CipherSuites, parameters.CipherSuites) ?? default;
        var share = FirstOf(offer.Shares, parameters.Groups);

        // RFC 9846 section 4.3.8: a group of which there is a key already saves a round trip.
        NamedGroup? group = share?.Group ?? FirstOf(offer.Groups, parameters.Groups);
        SignatureScheme? scheme = FirstOf(offer.SignatureSchemes, parameters.Identity.Signer!.Schemes);

        // RFC 9846 section 4.2.1: no overlap is a "handshake_failure".
        error = !suite.IsKnown ? Refusal.Failure($"None of the client's suites is supported here: {Names(offer.Hello.CipherSuites.Select(item => item.Name))}.")
            : group is null ? Refusal.Failure($"None of the client's groups is supported here: {Names(offer.Groups.Select(item => item.Name))}.")
            : scheme is null ? Refusal.Failure($"The client verifies no signature of this server's key: {Names(offer.SignatureSchemes.Select(item => item.Name))}.")
            : offer.IdleTimeout == 0 ? Refusal.Illegal("The client proposes an idle timeout of 0.")
            : null;
        if (error is not null || !ApplicationProtocols.TryChoose(TextOf(offer.ApplicationProtocols), parameters.ApplicationProtocols, out var protocol, out error))
            return false;

        choice = new ServerChoice(suite, group!.Value, share, scheme!.Value, protocol, SettleIdleTimeout(offer, parameters), offer.HostName is not null);
        return true;
    }

    private static uint? SettleIdleTimeout(ReceivedOffer offer, ServerHandshakeParameters parameters) =>
        offer.IdleTimeout is { } proposed ? IdleTimeoutNegotiation.Negotiate(proposed, IdleTimeoutNegotiation.ToMilliseconds(parameters.IdleTimeout)) : null;

    private static T? FirstOf<T>(ImmutableArray<T> wanted, ImmutableArray<T> supported)
        where T : struct
    {
        foreach (var item in wanted)
        {
            if (supported.Contains(item))
                return item;
        }

        return null;
    }

    private static KeyShareEntry? FirstOf(ImmutableArray<KeyShareEntry> shares, ImmutableArray<NamedGroup> supported)
    {
        foreach (var share in shares)
        {
            if (supported.Contains(share.Group))
                return share;
        }

        return null;
    }

    // The names of protocols that are spoken here are text: what is none, such as GREASE, cannot be meant.
    private static string[] TextOf(ImmutableArray<ProtocolName> names) => names.IsEmpty
        ? []
        : [.. names.Where(name => Utf8.IsValid(name.Name.Span)).Select(name => Encoding.UTF8.GetString(name.Name.Span))];

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Take(8));
}
