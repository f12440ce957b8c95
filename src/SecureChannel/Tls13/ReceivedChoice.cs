using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SecureChannel.Cryptography;
using SecureChannel.Messages;

namespace SecureChannel.Tls13;

/// <summary>Whether a server chose from what was offered (RFC 9846 sections 4.2.3 and 4.2.4).</summary>
internal static class ReceivedChoice
{
    private static ReadOnlySpan<byte> Downgrade => "DOWNGRD"u8;

    /// <summary>Reads the server's key from its ServerHello.</summary>
    /// <param name="hello">The message.</param>
    /// <param name="offer">What was offered.</param>
    /// <param name="retriedSuite">The suite of the HelloRetryRequest before; null if there was none.</param>
    /// <param name="share">The server's key.</param>
    /// <param name="error">Why the message is refused.</param>
    public static bool TryRead(
        ServerHello hello, ClientOffer offer, CipherSuite? retriedSuite, [NotNullWhen(true)] out KeyShareEntry? share, [NotNullWhen(false)] out SessionError? error)
    {
        share = null;
        var extensions = ImmutableArray<ServerHelloExtension>.Empty;

        // RFC 9846 section 4.2.3: only older versions have a ServerHello without extensions.
        if (!hello.Extensions.IsEmpty)
        {
            if (!WireSerializer.TryRead<ServerHelloExtensions>(hello.Extensions.Span, out var read, out var wrong))
            {
                error = Refusal.Malformed(nameof(ServerHello), wrong);
                return false;
            }

            extensions = read.Items;
        }

        var selected = extensions.Find<ServerHelloExtension, ServerHelloExtension.SupportedVersions>()?.Selected;
        error = CheckVersion(hello, selected) ?? CheckLegacy(nameof(ServerHello), hello, offer) ?? ExtensionRules.Check(extensions, nameof(ServerHello), offer);
        if (error is not null)
            return false;

        // RFC 9846 section 4.2.4: the suite "is the same as that in the HelloRetryRequest", else "illegal_parameter".
        if (retriedSuite is { } suite && suite != hello.CipherSuite)
            error = Refusal.Illegal($"The server asked for a second ClientHello with {suite.Name}, and then chose {hello.CipherSuite.Name}.");

        // RFC 9846 section 9.2: ""key_share" is REQUIRED for DHE or ECDHE key exchange".
        else if (extensions.Find<ServerHelloExtension, ServerHelloExtension.KeyShare>() is not { Entry: var entry })
            error = Refusal.Missing(nameof(ServerHello), ExtensionType.KeyShare);

        // RFC 9846 section 4.3.8: one of the groups that the client sent a key of; after a HelloRetryRequest, the one that it asked for.
        else if (offer.ShareOf(entry.Group) is null)
            error = Refusal.Illegal($"The server chose the group {entry.Group.Name}, of which no key was offered.");
        else
            share = entry;
        return error is null;
    }

    /// <summary>Reads what a HelloRetryRequest asks for.</summary>
    /// <param name="hello">The message.</param>
    /// <param name="offer">What was offered.</param>
    /// <param name="group">The group of which a key is wanted; null for none.</param>
    /// <param name="cookie">What to send back; null for nothing.</param>
    /// <param name="error">Why the message is refused.</param>
    public static bool TryRead(ServerHello hello, ClientOffer offer, out NamedGroup? group, out ReadOnlyMemory<byte>? cookie, [NotNullWhen(false)] out SessionError? error)
    {
        (group, cookie) = (null, null);
        if (!WireSerializer.TryRead<HelloRetryRequestExtensions>(hello.Extensions.Span, out var read, out var wrong))
        {
            error = Refusal.Malformed(nameof(HelloRetryRequest), wrong);
            return false;
        }

        var extensions = read.Items;

        // RFC 9846 section 4.2.4: "The server's extensions MUST contain "supported_versions"."
        error = extensions.Find<HelloRetryRequestExtension, HelloRetryRequestExtension.SupportedVersions>() is not { Selected: var selected }
            ? Refusal.Missing(nameof(HelloRetryRequest), ExtensionType.SupportedVersions)
            : CheckVersion(hello, selected)
                ?? CheckLegacy(nameof(HelloRetryRequest), hello, offer)
                ?? ExtensionRules.Check(extensions, nameof(HelloRetryRequest), offer, ExtensionType.Cookie);
        if (error is not null)
            return false;

        group = extensions.Find<HelloRetryRequestExtension, HelloRetryRequestExtension.KeyShare>()?.SelectedGroup;
        cookie = extensions.Find<HelloRetryRequestExtension, HelloRetryRequestExtension.Cookie>()?.Value;

        // RFC 9846 section 4.2.4: "illegal_parameter" if it "would not result in any change in the ClientHello".
        if (group is null && cookie is null)
            error = Refusal.Illegal("The server asks for a second ClientHello, and for nothing else in it.");

        // RFC 9846 section 4.3.8: a group that was offered, and of which no key was sent.
        else if (group is { } wanted && (!offer.Groups.Contains(wanted) || offer.ShareOf(wanted) is not null))
            error = Refusal.Illegal($"The server asks for a key of the group {wanted.Name}, which was not offered, or of which it has one.");
        return error is null;
    }

    private static SessionError? CheckVersion(ServerHello hello, ProtocolVersion? selected)
    {
        // RFC 9846 section 4.2.3: a server that knows TLS 1.3 and chose less is being tricked: "illegal_parameter".
        if (selected is null)
        {
            return hello.Random.Span[^8..] is [.. var mark, 0 or 1] && mark.SequenceEqual(Downgrade)
                ? Refusal.Illegal("The server chose an older version although it speaks TLS 1.3: somebody between the ends may have changed the offer.")
                : Refusal.Version($"The server chose an older version than TLS 1.3 (0x{(ushort)hello.LegacyVersion:X4}), and nothing else is spoken here.");
        }

        // RFC 9846 section 4.3.1: "a version not offered by the client or ... prior to TLS 1.3" is an "illegal_parameter".
        if (selected != ProtocolVersion.Tls13)
            return Refusal.Illegal($"The server chose version 0x{(ushort)selected:X4}, which was not offered.");

        // RFC 9846 section 4.2.3: "a legacy_version value not equal to 0x0303 MUST abort the handshake with a "protocol_version" alert".
        return hello.LegacyVersion == ProtocolVersion.Tls12 ? null : Refusal.Version($"A ServerHello's legacy version is 0x{(ushort)hello.LegacyVersion:X4}, and must be 0x0303.");
    }

    // RFC 9846 section 4.2.3: each of these is an "illegal_parameter".
    private static SessionError? CheckLegacy(string message, ServerHello hello, ClientOffer offer) =>
        !hello.LegacySessionIdEcho.Span.SequenceEqual(offer.Hello.LegacySessionId.Span) ? Refusal.Illegal($"{message} does not echo the session id.")
        : !offer.Hello.CipherSuites.Contains(hello.CipherSuite) ? Refusal.Illegal($"The server chose {hello.CipherSuite.Name}, which was not offered.")
        : !hello.CipherSuite.IsKnown ? Refusal.Illegal($"The server chose {hello.CipherSuite.Name}, which is no suite of TLS 1.3.")
        : hello.LegacyCompressionMethod != 0 ? Refusal.Illegal($"{message} chose compression.")
        : null;
}
