using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SecureChannel.Cryptography;
using SecureChannel.Messages;

namespace SecureChannel.Tls13;

/// <summary>The client's checks that the server selected from the offer (RFC 9846 sections 4.2.3 and 4.2.4).</summary>
internal static class ReceivedChoice
{
    private static ReadOnlySpan<byte> Downgrade => "DOWNGRD"u8;

    /// <summary>Tries to read the server's key share from a ServerHello that resumes a session.</summary>
    /// <param name="hello">The message, which contains the extension pre_shared_key.</param>
    /// <param name="offer">The client's offer, with at most one pre-shared key.</param>
    /// <param name="retriedSuite">The suite of the previous HelloRetryRequest; null if there was none.</param>
    /// <param name="share">The key share of the server.</param>
    /// <param name="error">The error if the message is not valid.</param>
    /// <returns>True if the message is valid; otherwise, false.</returns>
    public static bool TryReadResumed(
        ServerHello hello, ClientOffer offer, CipherSuite? retriedSuite, [NotNullWhen(true)] out KeyShareEntry? share, [NotNullWhen(false)] out SessionError? error)
    {
        if (!TryReadExtensions(hello, offer, retriedSuite, out var extensions, out error))
        {
            share = null;
            return false;
        }

        // RFC 9846 section 4.3.11: clients verify that "selected_identity is within the range supplied by the client" and "that a server "key_share" extension is
        // present if required by the ClientHello "psk_key_exchange_modes" extension", else "illegal_parameter".
        share = extensions.Find<ServerHelloExtension, ServerHelloExtension.KeyShare>()?.Entry;
        if (extensions.Find<ServerHelloExtension, ServerHelloExtension.PreSharedKey>() is { SelectedIdentity: not 0 and var index })
            error = Tls13Error.Illegal($"The server selected the pre-shared key {index}, but the client offered only the key 0.");
        else if (share is null)
            error = Tls13Error.Illegal("The server resumed a session without a key share, which the client's psk_key_exchange_modes require.");
        else
            error = CheckShare(share, offer);
        return error is null;
    }

    /// <summary>Tries to read the server's key share from its ServerHello.</summary>
    /// <param name="hello">The message.</param>
    /// <param name="offer">The client's offer.</param>
    /// <param name="retriedSuite">The suite of the previous HelloRetryRequest; null if there was none.</param>
    /// <param name="share">The key share of the server.</param>
    /// <param name="error">The error if the message is not valid.</param>
    /// <returns>True if the message is valid; otherwise, false.</returns>
    public static bool TryRead(
        ServerHello hello, ClientOffer offer, CipherSuite? retriedSuite, [NotNullWhen(true)] out KeyShareEntry? share, [NotNullWhen(false)] out SessionError? error)
    {
        share = null;
        if (!TryReadExtensions(hello, offer, retriedSuite, out var extensions, out error))
            return false;

        // RFC 9846 section 9.2: ""key_share" is REQUIRED for DHE or ECDHE key exchange".
        share = extensions.Find<ServerHelloExtension, ServerHelloExtension.KeyShare>()?.Entry;
        error = share is null ? Tls13Error.Missing(nameof(ServerHello), ExtensionType.KeyShare) : CheckShare(share, offer);
        return error is null;
    }

    private static bool TryReadExtensions(
        ServerHello hello, ClientOffer offer, CipherSuite? retriedSuite, out ImmutableArray<ServerHelloExtension> extensions, [NotNullWhen(false)] out SessionError? error)
    {
        extensions = [];

        // RFC 9846 section 4.2.3: only older versions have a ServerHello without extensions.
        if (!hello.Extensions.IsEmpty)
        {
            if (!WireSerializer.TryRead<ServerHelloExtensions>(hello.Extensions.Span, out var read, out var wrong))
            {
                error = Tls13Error.Malformed(nameof(ServerHello), wrong);
                return false;
            }

            extensions = read.Items;
        }

        var selected = extensions.Find<ServerHelloExtension, ServerHelloExtension.SupportedVersions>()?.Selected;
        error = CheckVersion(hello, selected) ?? CheckLegacy(nameof(ServerHello), hello, offer) ?? ExtensionRules.Check(extensions, nameof(ServerHello), offer);

        // RFC 9846 section 4.2.4: the suite "is the same as that in the HelloRetryRequest", else "illegal_parameter".
        if (error is null && retriedSuite is { } suite && suite != hello.CipherSuite)
            error = Tls13Error.Illegal($"The server selected {suite.Name} in its HelloRetryRequest, but {hello.CipherSuite.Name} in its ServerHello.");
        return error is null;
    }

    // RFC 9846 section 4.3.8: a group with a key share of the client; after a HelloRetryRequest, the requested group.
    private static SessionError? CheckShare(KeyShareEntry share, ClientOffer offer) => offer.ShareOf(share.Group) is null
        ? Tls13Error.Illegal($"The server selected the group {share.Group.Name}, for which no key share was offered.")
        : null;

    /// <summary>Tries to read the requested group and the cookie from a HelloRetryRequest.</summary>
    /// <param name="hello">The message.</param>
    /// <param name="offer">The client's offer.</param>
    /// <param name="group">The group for which a key is requested; null for none.</param>
    /// <param name="cookie">The cookie to send back; null for none.</param>
    /// <param name="error">The error if the message is not valid.</param>
    /// <returns>True if the message is valid; otherwise, false.</returns>
    public static bool TryRead(ServerHello hello, ClientOffer offer, out NamedGroup? group, out ReadOnlyMemory<byte>? cookie, [NotNullWhen(false)] out SessionError? error)
    {
        (group, cookie) = (null, null);
        if (!WireSerializer.TryRead<HelloRetryRequestExtensions>(hello.Extensions.Span, out var read, out var wrong))
        {
            error = Tls13Error.Malformed(nameof(HelloRetryRequest), wrong);
            return false;
        }

        var extensions = read.Items;

        // RFC 9846 section 4.2.4: "The server's extensions MUST contain "supported_versions"."
        error = extensions.Find<HelloRetryRequestExtension, HelloRetryRequestExtension.SupportedVersions>() is not { Selected: var selected }
            ? Tls13Error.Missing(nameof(HelloRetryRequest), ExtensionType.SupportedVersions)
            : CheckVersion(hello, selected)
                ?? CheckLegacy(nameof(HelloRetryRequest), hello, offer)
                ?? ExtensionRules.Check(extensions, nameof(HelloRetryRequest), offer, ExtensionType.Cookie);
        if (error is not null)
            return false;

        group = extensions.Find<HelloRetryRequestExtension, HelloRetryRequestExtension.KeyShare>()?.SelectedGroup;
        cookie = extensions.Find<HelloRetryRequestExtension, HelloRetryRequestExtension.Cookie>()?.Value;

        // RFC 9846 section 4.2.4: "illegal_parameter" if it "would not result in any change in the ClientHello".
        if (group is null && cookie is null)
            error = Tls13Error.Illegal("The server's HelloRetryRequest requests no change of the ClientHello.");

        // RFC 9846 section 4.3.8: a group that was offered, and of which no key was sent. RFC 8701 section 3.1: never a reserved one.
        else if (group is { } requested && (!offer.Groups.Contains(requested) || Grease.IsReserved(requested) || offer.ShareOf(requested) is not null))
            error = Tls13Error.Illegal(
                $"The server requested a key of the group {requested.Name}, "
                + "which the client did not offer, or for which the client already sent a key share.");
        return error is null;
    }

    private static SessionError? CheckVersion(ServerHello hello, ProtocolVersion? selected)
    {
        // RFC 9846 section 4.2.3: an older version from a server that supports TLS 1.3 indicates a downgrade attack: "illegal_parameter".
        if (selected is null)
        {
            return hello.Random.Span[^8..] is [.. var mark, 0 or 1] && mark.SequenceEqual(Downgrade)
                ? Tls13Error.Illegal("The server supports TLS 1.3 but selected an older version. An attacker may have modified the client's offer in transit.")
                : Tls13Error.Version($"The server selected version 0x{(ushort)hello.LegacyVersion:X4}. Only TLS 1.3 is supported; enable it on the server.");
        }

        // RFC 9846 section 4.3.1: "a version not offered by the client or ... prior to TLS 1.3" is an "illegal_parameter".
        if (selected != ProtocolVersion.Tls13)
            return Tls13Error.Illegal($"The server selected version 0x{(ushort)selected:X4}, which was not offered.");

        // RFC 9846 section 4.2.3: "a legacy_version value not equal to 0x0303 MUST abort the handshake with a "protocol_version" alert".
        return hello.LegacyVersion == ProtocolVersion.Tls12 ? null : Tls13Error.Version($"A ServerHello with the legacy version 0x{(ushort)hello.LegacyVersion:X4} was received; expected 0x0303.");
    }

    // RFC 9846 section 4.2.3: each of these is an "illegal_parameter".
    private static SessionError? CheckLegacy(string message, ServerHello hello, ClientOffer offer) =>
        !hello.LegacySessionIdEcho.Span.SequenceEqual(offer.Hello.LegacySessionId.Span) ? Tls13Error.Illegal($"{message} does not echo the session ID of the client.")
        : !offer.Hello.CipherSuites.Contains(hello.CipherSuite) ? Tls13Error.Illegal($"The server selected {hello.CipherSuite.Name}, which was not offered.")
        : !hello.CipherSuite.IsKnown ? Tls13Error.Illegal($"The server selected {hello.CipherSuite.Name}, which is not a cipher suite of TLS 1.3.")
        : hello.LegacyCompressionMethod != 0 ? Tls13Error.Illegal($"{message} selects a compression method. TLS 1.3 does not allow compression.")
        : null;
}
