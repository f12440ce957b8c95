using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using SecureChannel.CompilerServices;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Messages;

namespace SecureChannel.Tls13;

/// <summary>A client's offer: its ClientHello and the private keys of its key shares (RFC 9846 section 4.2.1).</summary>
internal class ClientOffer : IDisposable
{
    // RFC 9846 section 4.2.2: "Extension extensions<7..2^16-1>", after its length.
    private const int MaxExtensionsLength = 2 + 0xFFFF;

    // The type and length of the extension, and the length of the cookie.
    private const int CookieHeaderLength = 2 + 2 + 2;

    private const int RandomLength = 32;

    private static readonly byte[] NoCompression = new byte[1];

    // The extension of a name never changes.
    private static readonly ConditionalWeakTable<string, ClientHelloExtension> HostNames = [];
    private static readonly ClientHelloExtension ResumptionModes = new ClientHelloExtension.PskKeyExchangeModes([PskKeyExchangeMode.PskDheKe]);
    private static readonly ClientHelloExtension Status = new ClientHelloExtension.StatusRequest(OcspStatusRequest.Any);

    // A provider has one list of schemes for all sessions.
    private static readonly ConditionalWeakTable<SignatureScheme[], ClientHelloExtension> Schemes = [];
    private static readonly ConditionalWeakTable<SignatureScheme[], ClientHelloExtension> CertificateSchemes = [];

    private readonly CryptographyProvider _cryptography;

    /// <summary>Creates an offer with an existing ClientHello.</summary>
    /// <param name="hello">The message.</param>
    /// <param name="shares">The key exchanges whose public keys are in the message.</param>
    /// <param name="cryptography">The provider of the key exchange of another group, if the server requests it.</param>
    public ClientOffer(ClientHello hello, ImmutableArray<KeyExchange> shares, CryptographyProvider cryptography)
    {
        if (!WireSerializer.TryRead<ClientHelloExtensions>(hello.Extensions.Span, out var extensions, out var error))
            throw new ArgumentException(error.ToString(), nameof(hello));
        (Hello, Shares, Extensions, _cryptography) = (hello, shares, extensions.Items, cryptography);
    }

    private ClientOffer(
        ClientHello hello, ImmutableArray<ClientHelloExtension> extensions, ImmutableArray<KeyExchange> shares, CryptographyProvider cryptography) =>
        (Hello, Extensions, Shares, _cryptography) = (hello, extensions, shares, cryptography);

    /// <summary>Gets the ClientHello.</summary>
    public ClientHello Hello { get; protected set; }

    /// <summary>Gets the extensions of the ClientHello.</summary>
    public ImmutableArray<ClientHelloExtension> Extensions { get; protected set; }

    /// <summary>Gets the key exchanges whose public keys are in the ClientHello.</summary>
    public ImmutableArray<KeyExchange> Shares { get; protected set; }

    /// <summary>Gets the offered groups.</summary>
    public ImmutableArray<NamedGroup> Groups => Extensions.Find<ClientHelloExtension, ClientHelloExtension.SupportedGroups>()!.Groups;

    /// <summary>Gets the offered signature schemes.</summary>
    public ImmutableArray<SignatureScheme> SignatureSchemes => Extensions.Find<ClientHelloExtension, ClientHelloExtension.SignatureAlgorithms>()!.Schemes;

    /// <summary>Gets a value that indicates whether the client requests the middlebox compatibility mode (RFC 9846 appendix E.4).</summary>
    public bool IsCompatible => !Hello.LegacySessionId.IsEmpty;

    private ImmutableArray<ClientHelloExtension> WithoutKey => Extensions.RemoveAll(static extension => extension is ClientHelloExtension.PreSharedKeys);

    /// <summary>Creates an offer from the parameters of a client.</summary>
    /// <exception cref="ArgumentException">A parameter is outside its bounds, or the provider does not support it.</exception>
    public static ClientOffer Create(ClientHandshakeParameters parameters)
    {
        var cryptography = parameters.Cryptography;
        Negotiation.CheckSupport(cryptography, parameters.CipherSuites, parameters.Groups);
        var random = Random(cryptography);
        var grease = Grease.Choose(random.Span[^1]);
        var shares = CreateShares(cryptography, parameters.InitialKeyShares, parameters.Groups);
        var extensions = Propose(parameters, shares, grease);
        var hello = new ClientHello(
            ProtocolVersion.Tls12, random[..RandomLength], random[RandomLength..],
            grease.Before(parameters.CipherSuites, parameters.CipherSuites == cryptography.CipherSuites), NoCompression, Encode(extensions));
        return new ClientOffer(hello, extensions, shares, cryptography);
    }

    /// <summary>Returns a value that indicates whether an extension was offered.</summary>
    public bool Has(ExtensionType type)
    {
        foreach (var extension in Extensions)
        {
            if (Tag(extension) == type)
                return true;
        }

        return false;
    }

    /// <summary>Returns the key exchange of a group, or null if none was offered.</summary>
    public KeyExchange? ShareOf(NamedGroup group)
    {
        foreach (var share in Shares)
        {
            if (share.Group == group)
                return share;
        }

        return null;
    }

    /// <summary>Offers a pre-shared key as the last extension (RFC 9846 section 4.3.11). It replaces the key of an earlier call.</summary>
    /// <param name="identity">The ticket and its age.</param>
    /// <param name="secret">The secret that computes the binder.</param>
    /// <param name="binderLength">The length of the binder.</param>
    /// <param name="before">The messages before the ClientHello.</param>
    public void Resume(PskIdentity identity, PreSharedSecret secret, int binderLength, in Transcript before)
    {
        Extensions = WithoutKey.Add(new ClientHelloExtension.PreSharedKeys([identity], [new PskBinderEntry(new byte[binderLength])]));
        var block = Encode(Extensions);
        Hello = Hello with { Extensions = block };

        // The binder is at the end of the message, and the part before it does not change.
        PartialHello.ComputeBinder(secret, before, Hello, sizeof(byte) + binderLength, block.AsSpan(block.Length - binderLength));
    }

    /// <summary>Withdraws the pre-shared key, which the selected suite cannot use.</summary>
    public void WithdrawKey()
    {
        Extensions = WithoutKey;
        Hello = Hello with { Extensions = Encode(Extensions) };
    }

    /// <summary>Applies the changes that a HelloRetryRequest requires, and no others, to the offer (RFC 9846 section 4.2.2).</summary>
    /// <param name="group">The group for which a key is requested; null to keep the keys.</param>
    /// <param name="cookie">The cookie to send back; null for none.</param>
    /// <returns>The error if the cookie does not fit into a ClientHello; otherwise, null.</returns>
    public virtual SessionError? Retry(NamedGroup? group, ReadOnlyMemory<byte>? cookie)
    {
        var extensions = Extensions.RemoveAll(extension => extension is ClientHelloExtension.EarlyData or ClientHelloExtension.Cookie);
        if (group is { } requested)
        {
            DisposeShares();
            Shares = [_cryptography.CreateKeyExchange(requested)];
            var old = extensions.Find<ClientHelloExtension, ClientHelloExtension.KeyShares>()!;
            extensions = extensions.Replace(old, new ClientHelloExtension.KeyShares([EntryOf(Shares[0])]));
        }

        if (cookie is { } value)
        {
            if (Encode(extensions).Length + CookieHeaderLength + value.Length > MaxExtensionsLength)
                return Tls13Error.Illegal($"The server sent a cookie of {value.Length} bytes, which does not fit into the second ClientHello.");
            extensions = extensions.Insert(extensions.Length - (extensions[^1] is ClientHelloExtension.PreSharedKeys ? 1 : 0), new ClientHelloExtension.Cookie(value));
        }

        Extensions = extensions;
        Hello = Hello with { Extensions = Encode(extensions) };
        return null;
    }

    /// <summary>Wipes the private keys.</summary>
    public void Dispose()
    {
        DisposeShares();
        GC.SuppressFinalize(this);
    }

    private static ImmutableArray<KeyExchange> CreateShares(
        CryptographyProvider cryptography, ImmutableArray<NamedGroup> groups, ImmutableArray<NamedGroup> offered)
    {
        // RFC 9846 section 4.3.8: key shares are "in the same order" as their groups, and each group has at most one.
        var next = 0;
        foreach (var group in groups)
        {
            next = next < offered.Length ? offered.IndexOf(group, next) + 1 : 0;
            if (next == 0)
                throw new ArgumentException($"The key shares must be groups of the offer, in the same order, but {group.Name} is not.", nameof(groups));
        }

        var shares = new KeyExchange[groups.Length];
        try
        {
            for (var index = 0; index < shares.Length; index++)
                shares[index] = cryptography.CreateKeyExchange(groups[index]);
        }
        catch
        {
            foreach (var share in shares)
                share?.Dispose();
            throw;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(shares);
    }

    private static ImmutableArray<ClientHelloExtension> Propose(
        ClientHandshakeParameters parameters, ImmutableArray<KeyExchange> shares, Grease grease) => ExtensionRules.Block<ClientHelloExtension>(
        grease.Extension,
        grease.Versions,
        // RFC 6066 section 3: "Literal IPv4 and IPv6 addresses are not permitted".
        parameters.HostName is { } name
            ? HostNames.GetValue(name, static name => new ClientHelloExtension.ServerNames([new ServerName(NameType.HostName, Encoding.ASCII.GetBytes(name))]))
            : null,
        parameters.UsesStapledResponses ? Status : null,
        grease.Before(parameters.Groups, parameters.Groups == parameters.Cryptography.Groups),
        parameters.SignatureSchemes == parameters.Cryptography.SignatureSchemes
            ? Schemes.GetValue(
                ImmutableCollectionsMarshal.AsArray(parameters.SignatureSchemes)!, static schemes => new ClientHelloExtension.SignatureAlgorithms([.. schemes]))
            : new ClientHelloExtension.SignatureAlgorithms(parameters.SignatureSchemes),
        CertificateSchemes.GetValue(
            ImmutableCollectionsMarshal.AsArray(parameters.Cryptography.CertificateSignatureSchemes)!, static schemes => new ClientHelloExtension.SignatureAlgorithmsCert([.. schemes])),
        parameters.ApplicationProtocols.IsEmpty ? null : new ClientHelloExtension.ApplicationProtocols(ProtocolNames.Of(parameters.ApplicationProtocols).Wire),
        ClientHelloExtension.Parameters.Of(parameters.Session),
        parameters.CanResume ? ResumptionModes : null,
        EntriesOf(shares));

    private static ClientHelloExtension.KeyShares EntriesOf(ImmutableArray<KeyExchange> shares)
    {
        var entries = new KeyShareEntry[shares.Length];
        for (var index = 0; index < entries.Length; index++)
            entries[index] = EntryOf(shares[index]);
        return new(ImmutableCollectionsMarshal.AsImmutableArray(entries));
    }

    private static KeyShareEntry EntryOf(KeyExchange share) => new(share.Group, share.PublicKey);

    private static byte[] Encode(ImmutableArray<ClientHelloExtension> extensions) => WireSerializer.ToArray(new ClientHelloExtensions(extensions));

    private static ExtensionType Tag<TExtension>(TExtension extension)
        where TExtension : class, IUnion<TExtension, ExtensionType> => TExtension.TagOf(extension);

    // The random value and the session ID, whose last byte also selects the GREASE value.
    private static ReadOnlyMemory<byte> Random(CryptographyProvider cryptography)
    {
        var random = new byte[2 * RandomLength];
        cryptography.FillRandom(random);
        return random;
    }

    private void DisposeShares()
    {
        foreach (var share in Shares)
            share.Dispose();
    }
}
