using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Messages;

namespace SecureChannel.Tls13;

/// <summary>A valid offer of a client, from which the server selects (RFC 9846 sections 4.2.2, 4.3 and 9.2).</summary>
internal sealed class ReceivedOffer
{
    // A session does not retain the list of a client that names more.
    private const int MaxStoredProtocols = 1024;

    // The extensions of a usual client without a hybrid key share. To copy the offer would cost more memory.
    private const int MaxStoredExtensions = 320;

    private readonly ImmutableArray<ClientHelloExtension> _extensions;

    private ReceivedOffer(ClientHello hello, ImmutableArray<ClientHelloExtension> extensions) => (Hello, _extensions) = (hello, extensions);

    /// <summary>Gets the ClientHello.</summary>
    public ClientHello Hello { get; }

    /// <summary>Gets the offered groups, best first.</summary>
    public ImmutableArray<NamedGroup> Groups => Find<ClientHelloExtension.SupportedGroups>()!.Groups;

    /// <summary>Gets the offered groups without reserved values (RFC 8701), best first, as applications see them.</summary>
    public ImmutableArray<NamedGroup> DefinedGroups => WithoutReserved(Groups);

    /// <summary>Gets the key shares, best first.</summary>
    public ImmutableArray<KeyShareEntry> Shares => Find<ClientHelloExtension.KeyShares>()!.Entries;

    /// <summary>Gets the signature schemes of the client, best first.</summary>
    public ImmutableArray<SignatureScheme> SignatureSchemes => Find<ClientHelloExtension.SignatureAlgorithms>()?.Schemes ?? [];

    /// <summary>Gets the pre-shared keys of the client, best first, or null if it offers none, or not with a key agreement.</summary>
    public ClientHelloExtension.PreSharedKeys? PreSharedKeys => SupportsResumption ? Find<ClientHelloExtension.PreSharedKeys>() : null;

    /// <summary>Gets a value that indicates whether the client can resume sessions with a key agreement (RFC 9846 section 4.3.9).</summary>
    public bool SupportsResumption => Find<ClientHelloExtension.PskKeyExchangeModes>()?.Modes.Contains(PskKeyExchangeMode.PskDheKe) == true;

    /// <summary>Gets the application protocols, best first; empty for none.</summary>
    public ProtocolNames ApplicationProtocols => new(Find<ClientHelloExtension.ApplicationProtocols>()?.Names ?? default);

    /// <summary>Gets the name of the requested server, or null.</summary>
    public ServerName? HostName => Find<ClientHelloExtension.ServerNames>() is { } names && IndexOfHostName(names.Names, 0) is >= 0 and var index ? names.Names[index] : null;

    /// <summary>Gets the name of the requested server as text, or null. A name that is not ASCII matches no certificate.</summary>
    public string? ServerName => TextOf(HostName);

    /// <summary>Gets the names of the authorities that the client trusts; empty if it named none.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Authorities => Find<ClientHelloExtension.CertificateAuthorities>()?.Authorities.Select(authority => authority.Der) ?? [];

    /// <summary>Gets the encoded session parameters, or an empty buffer.</summary>
    public ReadOnlyMemory<byte> SessionParameters => Find<ClientHelloExtension.Parameters>()?.Content ?? default;

    /// <summary>Gets a value that indicates whether the client announces early data.</summary>
    public bool HasEarlyData => Find<ClientHelloExtension.EarlyData>() is not null;

    /// <summary>Gets a value that indicates whether the client requests the revocation status of the server's certificate.</summary>
    public bool RequestsStatus => Find<ClientHelloExtension.StatusRequest>()?.Content is { Span: [(byte)CertificateStatusType.Ocsp, ..] };

    /// <summary>Gets the cookie that the client sends back, or null.</summary>
    public ReadOnlyMemory<byte>? Cookie => Find<ClientHelloExtension.Cookie>()?.Value;

    /// <summary>Returns the text of a server name, or null.</summary>
    public static string? TextOf(ServerName? name) => name is null ? null : Encoding.ASCII.GetString(name.Name.Span);

    /// <summary>Tries to read a valid offer from a ClientHello.</summary>
    /// <returns>True if the offer is valid; otherwise, false.</returns>
    public static bool TryRead(ClientHello hello, [NotNullWhen(true)] out ReceivedOffer? offer, [NotNullWhen(false)] out SessionError? error)
    {
        offer = null;

        // RFC 9846 section 4.2.2: older versions have hellos without extensions; appendix E.2: without supported_versions, they do not offer TLS 1.3.
        if (hello.Extensions.IsEmpty)
            error = Tls13Error.Version("The client sent no extensions, so it supports only TLS 1.2 or older. Only TLS 1.3 is supported.");
        else if (!WireSerializer.TryRead<ClientHelloExtensions>(hello.Extensions.Span, out var extensions, out var wrong))
            error = Tls13Error.Malformed(nameof(ClientHello), wrong);
        else if ((error = Check(hello, extensions.Items)) is null)
            offer = new ReceivedOffer(hello, extensions.Items);
        return error is null;
    }

    /// <summary>Returns the facts that a session reports to its application.</summary>
    public IClientOffer Summarize() => new Summary(
        HostName?.Name ?? default, ApplicationProtocols.Wire, Groups);

    /// <summary>
    /// Returns a copy without the extensions that are not needed after the server's choice. A client that does not continue its handshake must not make the
    /// server retain an object for each extension or name.
    /// </summary>
    public ReceivedOffer Compact() => Hello.Extensions.Length <= MaxStoredExtensions ? this
        : new(Hello with { Extensions = default, LegacyCompressionMethods = default }, [Find<ClientHelloExtension.SupportedGroups>()!]);

    /// <summary>
    /// Checks that this second offer differs from the first only as the HelloRetryRequest requires (RFC 9846 section 4.2.2). Returns null if the second offer
    /// is valid.
    /// </summary>
    /// <param name="first">The first offer.</param>
    /// <param name="group">The requested group.</param>
    /// <param name="cookie">The cookie that the client must send back; null for none.</param>
    public SessionError? CheckRetry(ReceivedOffer first, NamedGroup group, ReadOnlyMemory<byte>? cookie)
    {
        // RFC 9846 section 4.2.2: "the client MUST send the same ClientHello without modification", except for the changes that it lists.
        if (!Hello.Random.Span.SequenceEqual(first.Hello.Random.Span)
            || !Hello.LegacySessionId.Span.SequenceEqual(first.Hello.LegacySessionId.Span)
            || !Hello.CipherSuites.SequenceEqual(first.Hello.CipherSuites)
            || !Groups.SequenceEqual(first.Groups))
            return Tls13Error.Illegal("The second ClientHello differs from the first in a field that must not change.");
        if (Shares is not [{ Group: var only }] || only != group)
            return Tls13Error.Illegal($"The second ClientHello does not contain exactly one key share of the requested group {group.Name}.");
        if (HasEarlyData)
            return Tls13Error.Illegal("The second ClientHello announces early data, which a HelloRetryRequest does not allow.");

        // RFC 9846 section 4.3.2: "the client MUST copy the contents of the extension received in the HelloRetryRequest".
        return Cookie is null == cookie is null && Cookie.GetValueOrDefault().Span.SequenceEqual(cookie.GetValueOrDefault().Span)
            ? null
            : Tls13Error.Illegal("The second ClientHello does not contain the cookie of the HelloRetryRequest, or contains a cookie that was not requested.");
    }

    private static SessionError? Check(ClientHello hello, ImmutableArray<ClientHelloExtension> extensions)
    {
        // RFC 9846 section 4.3.1: servers "MUST use only the "supported_versions" extension"; appendix E.2: without it, "protocol_version".
        if (extensions.Find<ClientHelloExtension, ClientHelloExtension.SupportedVersions>()?.Versions.Contains(ProtocolVersion.Tls13) != true)
            return Tls13Error.Version("The client does not offer TLS 1.3. Only TLS 1.3 is supported.");

        // RFC 9846 section 4.2.2: "a legacy_version value not equal to 0x0303 MUST abort the handshake with a "protocol_version" alert".
        if (hello.LegacyVersion != ProtocolVersion.Tls12)
            return Tls13Error.Version($"A ClientHello with the legacy version 0x{(ushort)hello.LegacyVersion:X4} was received; expected 0x0303.");

        // RFC 9846 section 4.2.2: "exactly one byte, set to zero"; else "illegal_parameter".
        if (hello.LegacyCompressionMethods.Span is not [0])
            return Tls13Error.Illegal("The client offers a compression method. TLS 1.3 does not allow compression.");
        return ExtensionRules.Check(extensions, nameof(ClientHello)) ?? CheckPreSharedKeys(extensions) ?? CheckPresence(extensions) ?? CheckShares(extensions);
    }

    private static SessionError? CheckPreSharedKeys(ImmutableArray<ClientHelloExtension> extensions)
    {
        // RFC 9846 section 4.3.10: early data without a pre-shared key is discarded like all early data that this server does not accept.
        if (extensions.Find<ClientHelloExtension, ClientHelloExtension.PreSharedKeys>() is not { } keys)
            return null;

        // RFC 9846 section 4.3.11: "servers MUST check that it is the last extension and otherwise fail the handshake with an "illegal_parameter" alert".
        if (extensions[^1] != keys)
            return Tls13Error.Illegal("The extension PreSharedKey is not the last extension of the ClientHello.");

        // RFC 9846 section 4.3.11: binders are "one for each value in the identities list".
        if (keys.Identities.Length != keys.Binders.Length)
            return Tls13Error.Illegal($"The client offers {keys.Identities.Length} pre-shared keys with {keys.Binders.Length} binders.");

        // RFC 9846 section 4.3.9: "If clients offer "pre_shared_key" without a "psk_key_exchange_modes" extension, servers MUST abort the handshake."
        return extensions.Find<ClientHelloExtension, ClientHelloExtension.PskKeyExchangeModes>() is null
            ? Tls13Error.Missing(nameof(ClientHello), ExtensionType.PskKeyExchangeModes)
            : null;
    }

    // RFC 9846 section 9.2: servers "MUST abort the handshake with a "missing_extension" alert". Only a pre-shared key makes signature_algorithms optional.
    private static SessionError? CheckPresence(ImmutableArray<ClientHelloExtension> extensions) =>
        extensions.Find<ClientHelloExtension, ClientHelloExtension.SignatureAlgorithms>() is null
            && extensions.Find<ClientHelloExtension, ClientHelloExtension.PreSharedKeys>() is null ? Tls13Error.Missing(nameof(ClientHello), ExtensionType.SignatureAlgorithms)
        : extensions.Find<ClientHelloExtension, ClientHelloExtension.SupportedGroups>() is null ? Tls13Error.Missing(nameof(ClientHello), ExtensionType.SupportedGroups)
        : extensions.Find<ClientHelloExtension, ClientHelloExtension.KeyShares>() is null ? Tls13Error.Missing(nameof(ClientHello), ExtensionType.KeyShare)
        : null;

    private static SessionError? CheckShares(ImmutableArray<ClientHelloExtension> extensions)
    {
        var groups = extensions.Find<ClientHelloExtension, ClientHelloExtension.SupportedGroups>()!.Groups;
        var shares = extensions.Find<ClientHelloExtension, ClientHelloExtension.KeyShares>()!.Entries;

        // RFC 9846 section 4.3.8: shares "MUST appear in the same order" as their groups, and at most one for each group.
        var next = 0;
        foreach (var share in shares)
        {
            var index = next < groups.Length ? groups.IndexOf(share.Group, next) : -1;
            if (index < 0)
                return Tls13Error.Illegal($"The client's key share of the group {share.Group.Name} is a duplicate, out of order, or not in supported_groups.");
            next = index + 1;
        }

        // RFC 6066 section 3: "The ServerNameList MUST NOT contain more than one name of the same name_type."
        if (extensions.Find<ClientHelloExtension, ClientHelloExtension.ServerNames>() is { } names
            && IndexOfHostName(names.Names, 0) is >= 0 and var first && IndexOfHostName(names.Names, first + 1) >= 0)
            return Tls13Error.Illegal("The client sent more than one host name.");

        // RFC 6066 section 8: only the request for OCSP is defined. A request of another type is ignored.
        if (extensions.Find<ClientHelloExtension, ClientHelloExtension.StatusRequest>()?.Content is { Span: [(byte)CertificateStatusType.Ocsp, ..] } status
            && !WireSerializer.TryRead<OcspStatusRequest>(status.Span[1..], out _, out var wrong))
            return Tls13Error.Malformed(nameof(ClientHello), wrong);
        return extensions.Find<ClientHelloExtension, ClientHelloExtension.ApplicationProtocols>() is { } protocols && !new ProtocolNames(protocols.Names).IsWellFormed()
            ? Tls13Error.MalformedNames(nameof(ClientHello))
            : null;
    }

    private static int IndexOfHostName(ImmutableArray<ServerName> names, int start)
    {
        for (var index = start; index < names.Length; index++)
        {
            if (names[index].Type == NameType.HostName)
                return index;
        }

        return -1;
    }

    private static ImmutableArray<NamedGroup> WithoutReserved(ImmutableArray<NamedGroup> groups) => groups.RemoveAll(static group => Grease.IsReserved(group));

    private TCase? Find<TCase>()
        where TCase : ClientHelloExtension => _extensions.Find<ClientHelloExtension, TCase>();

    /// <summary>The facts of an offer. Names become strings only if the application reads them.</summary>
    private sealed class Summary(ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> protocols, ImmutableArray<NamedGroup> groups) : IClientOffer
    {
        private static readonly byte[] TooLong = [0];

        private readonly ReadOnlyMemory<byte> _protocols = protocols.Length > MaxStoredProtocols ? TooLong : protocols;

        public ClientHelloInfo Describe() =>
            new(name.IsEmpty ? null : Encoding.ASCII.GetString(name.Span), _protocols.Span is [0] ? null : [.. new ProtocolNames(_protocols).Names], WithoutReserved(groups));
    }
}
