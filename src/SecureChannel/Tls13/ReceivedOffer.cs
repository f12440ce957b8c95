using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SecureChannel.Cryptography;
using SecureChannel.Messages;

namespace SecureChannel.Tls13;

/// <summary>A client's offer that keeps the rules: what the server may choose from (RFC 9846 sections 4.2.2, 4.3 and 9.2).</summary>
internal sealed class ReceivedOffer
{
    private readonly ImmutableArray<ClientHelloExtension> _extensions;

    private ReceivedOffer(ClientHello hello, ImmutableArray<ClientHelloExtension> extensions) => (Hello, _extensions) = (hello, extensions);

    /// <summary>The message.</summary>
    public ClientHello Hello { get; }

    /// <summary>The groups, best first.</summary>
    public ImmutableArray<NamedGroup> Groups => Find<ClientHelloExtension.SupportedGroups>()!.Groups;

    /// <summary>The public keys, best first.</summary>
    public ImmutableArray<KeyShareEntry> Shares => Find<ClientHelloExtension.KeyShares>()!.Entries;

    /// <summary>The signatures that the client verifies, best first.</summary>
    public ImmutableArray<SignatureScheme> SignatureSchemes => Find<ClientHelloExtension.SignatureAlgorithms>()!.Schemes;

    /// <summary>The application protocols, best first; empty for none.</summary>
    public ImmutableArray<ProtocolName> ApplicationProtocols => Find<ClientHelloExtension.ApplicationProtocols>()?.Names ?? [];

    /// <summary>The name of the server that the client wants; null for none.</summary>
    public ServerName? HostName => Find<ClientHelloExtension.ServerNames>()?.Names.FirstOrDefault(name => name.Type == NameType.HostName);

    /// <summary>The idle timeout that the client proposes, in milliseconds.</summary>
    public uint? IdleTimeout => Find<ClientHelloExtension.IdleTimeout>()?.Milliseconds;

    /// <summary>Whether data was sent before the handshake.</summary>
    public bool HasEarlyData => Find<ClientHelloExtension.EarlyData>() is not null;

    /// <summary>What the client sends back; null for nothing.</summary>
    public ReadOnlyMemory<byte>? Cookie => Find<ClientHelloExtension.Cookie>()?.Value;

    /// <summary>Reads an offer.</summary>
    public static bool TryRead(ClientHello hello, [NotNullWhen(true)] out ReceivedOffer? offer, [NotNullWhen(false)] out SessionError? error)
    {
        offer = null;

        // RFC 9846 section 4.2.2: older versions have hellos without extensions; appendix E.2: without supported_versions they are not for this end.
        if (hello.Extensions.IsEmpty)
            error = Refusal.Version("The client sent no extensions: it speaks TLS 1.2 or older, and only TLS 1.3 is spoken here.");
        else if (!WireSerializer.TryRead<ClientHelloExtensions>(hello.Extensions.Span, out var extensions, out var wrong))
            error = Refusal.Malformed(nameof(ClientHello), wrong);
        else if ((error = Check(hello, extensions.Items)) is null)
            offer = new ReceivedOffer(hello, extensions.Items);
        return error is null;
    }

    /// <summary>Whether this is the offer that a HelloRetryRequest asked for (RFC 9846 section 4.2.2).</summary>
    /// <param name="first">The first offer.</param>
    /// <param name="group">The group that was asked for.</param>
    /// <param name="cookie">What must come back; null for nothing.</param>
    public SessionError? CheckRetry(ReceivedOffer first, NamedGroup group, ReadOnlyMemory<byte>? cookie)
    {
        // RFC 9846 section 4.2.2: "the client MUST send the same ClientHello without modification", but for what it lists.
        if (!Hello.Random.Span.SequenceEqual(first.Hello.Random.Span)
            || !Hello.LegacySessionId.Span.SequenceEqual(first.Hello.LegacySessionId.Span)
            || !Hello.CipherSuites.SequenceEqual(first.Hello.CipherSuites)
            || !Groups.SequenceEqual(first.Groups))
            return Refusal.Illegal("The second ClientHello differs from the first in what a HelloRetryRequest does not change.");
        if (Shares is not [{ Group: var only }] || only != group)
            return Refusal.Illegal($"The second ClientHello does not have one key of the group {group.Name}, which was asked for.");
        if (HasEarlyData)
            return Refusal.Illegal("The second ClientHello announces early data, which is not allowed after a HelloRetryRequest.");

        // RFC 9846 section 4.3.2: "the client MUST copy the contents of the extension received in the HelloRetryRequest".
        return Cookie is null == cookie is null && Cookie.GetValueOrDefault().Span.SequenceEqual(cookie.GetValueOrDefault().Span)
            ? null
            : Refusal.Illegal("The second ClientHello does not hold the cookie that was sent, or holds one where none was.");
    }

    private static SessionError? Check(ClientHello hello, ImmutableArray<ClientHelloExtension> extensions)
    {
        // RFC 9846 section 4.3.1: servers "MUST use only the "supported_versions" extension"; appendix E.2: without it, "protocol_version".
        if (extensions.Find<ClientHelloExtension, ClientHelloExtension.SupportedVersions>()?.Versions.Contains(ProtocolVersion.Tls13) != true)
            return Refusal.Version("The client does not offer TLS 1.3, and nothing else is spoken here.");

        // RFC 9846 section 4.2.2: "a legacy_version value not equal to 0x0303 MUST abort the handshake with a "protocol_version" alert".
        if (hello.LegacyVersion != ProtocolVersion.Tls12)
            return Refusal.Version($"A ClientHello's legacy version is 0x{(ushort)hello.LegacyVersion:X4}, and must be 0x0303.");

        // RFC 9846 section 4.2.2: "exactly one byte, set to zero"; else "illegal_parameter".
        if (hello.LegacyCompressionMethods.Span is not [0])
            return Refusal.Illegal("The client offers compression.");
        return ExtensionRules.Check(extensions, nameof(ClientHello)) ?? CheckPreSharedKeys(extensions) ?? CheckPresence(extensions) ?? CheckShares(extensions);
    }

    private static SessionError? CheckPreSharedKeys(ImmutableArray<ClientHelloExtension> extensions)
    {
        if (extensions.Find<ClientHelloExtension, ClientHelloExtension.PreSharedKeys>() is not { } keys)
        {
            // RFC 9846 section 4.3.10: early data needs a pre-shared key to be sent under.
            return extensions.Find<ClientHelloExtension, ClientHelloExtension.EarlyData>() is null ? null : Refusal.Illegal("The client announces early data without a pre-shared key.");
        }

        // RFC 9846 section 4.3.11: "servers MUST check that it is the last extension and otherwise fail the handshake with an "illegal_parameter" alert".
        if (extensions[^1] != keys)
            return Refusal.Illegal("The extension PreSharedKey is not the last one.");

        // RFC 9846 section 4.3.9: "If clients offer "pre_shared_key" without a "psk_key_exchange_modes" extension, servers MUST abort the handshake."
        return extensions.Find<ClientHelloExtension, ClientHelloExtension.PskKeyExchangeModes>() is null
            ? Refusal.Missing(nameof(ClientHello), ExtensionType.PskKeyExchangeModes)
            : null;
    }

    // RFC 9846 section 9.2: servers "MUST abort the handshake with a "missing_extension" alert".
    private static SessionError? CheckPresence(ImmutableArray<ClientHelloExtension> extensions) =>
        extensions.Find<ClientHelloExtension, ClientHelloExtension.SignatureAlgorithms>() is null ? Refusal.Missing(nameof(ClientHello), ExtensionType.SignatureAlgorithms)
        : extensions.Find<ClientHelloExtension, ClientHelloExtension.SupportedGroups>() is null ? Refusal.Missing(nameof(ClientHello), ExtensionType.SupportedGroups)
        : extensions.Find<ClientHelloExtension, ClientHelloExtension.KeyShares>() is null ? Refusal.Missing(nameof(ClientHello), ExtensionType.KeyShare)
        : null;

    private static SessionError? CheckShares(ImmutableArray<ClientHelloExtension> extensions)
    {
        var groups = extensions.Find<ClientHelloExtension, ClientHelloExtension.SupportedGroups>()!.Groups;
        var shares = extensions.Find<ClientHelloExtension, ClientHelloExtension.KeyShares>()!.Entries;

        // RFC 9846 section 4.3.8: shares "MUST appear in the same order" as their groups, and never two of one.
        var next = 0;
        foreach (var share in shares)
        {
            var place = next < groups.Length ? groups.IndexOf(share.Group, next) : -1;
            if (place < 0)
                return Refusal.Illegal($"The client's key of the group {share.Group.Name} has no place among its groups, or is its second.");
            next = place + 1;
        }

        // RFC 6066 section 3: "The ServerNameList MUST NOT contain more than one name of the same name_type."
        return extensions.Find<ClientHelloExtension, ClientHelloExtension.ServerNames>()?.Names.Count(name => name.Type == NameType.HostName) > 1
            ? Refusal.Illegal("The client names two hosts.")
            : null;
    }

    private TCase? Find<TCase>()
        where TCase : ClientHelloExtension => _extensions.Find<ClientHelloExtension, TCase>();
}
