using System.Collections.Immutable;
using SecureChannel.Cryptography;

namespace SecureChannel.Tls13;

/// <summary>An extension of a ServerHello (RFC 9846 section 4.3).</summary>
[Union(Tag = typeof(ExtensionType)), ByteLength(0, 0xFFFF)]
[UnionCase<PreSharedKey>(ExtensionType.PreSharedKey)]
[UnionCase<SupportedVersions>(ExtensionType.SupportedVersions)]
[UnionCase<KeyShare>(ExtensionType.KeyShare)]
internal abstract partial record ServerHelloExtension
{
    /// <summary>The index of the pre-shared key that the server selected (RFC 9846 section 4.3.11).</summary>
    [Message]
    internal sealed partial record PreSharedKey(ushort SelectedIdentity) : ServerHelloExtension;

    /// <summary>The selected version (RFC 9846 section 4.3.1).</summary>
    [Message]
    internal sealed partial record SupportedVersions(ProtocolVersion Selected) : ServerHelloExtension;

    /// <summary>The server's public key (RFC 9846 section 4.3.8).</summary>
    [Message]
    internal sealed partial record KeyShare(KeyShareEntry Entry) : ServerHelloExtension;

    /// <summary>An unknown extension.</summary>
    [UnknownCase]
    internal sealed record Other(ExtensionType Type, ReadOnlyMemory<byte> Content) : ServerHelloExtension, IUnknownExtension;
}

/// <summary>An extension of a HelloRetryRequest (RFC 9846 section 4.2.4).</summary>
[Union(Tag = typeof(ExtensionType)), ByteLength(0, 0xFFFF)]
[UnionCase<SupportedVersions>(ExtensionType.SupportedVersions)]
[UnionCase<Cookie>(ExtensionType.Cookie)]
[UnionCase<KeyShare>(ExtensionType.KeyShare)]
internal abstract partial record HelloRetryRequestExtension
{
    /// <summary>The selected version (RFC 9846 section 4.3.1).</summary>
    [Message]
    internal sealed partial record SupportedVersions(ProtocolVersion Selected) : HelloRetryRequestExtension;

    /// <summary>The cookie that the client must send back (RFC 9846 section 4.3.2).</summary>
    [Message]
    internal sealed partial record Cookie([property: ByteLength(1, 0xFFFF)] ReadOnlyMemory<byte> Value) : HelloRetryRequestExtension;

    /// <summary>The group for which the server requests a key (RFC 9846 section 4.3.8).</summary>
    [Message]
    internal sealed partial record KeyShare(NamedGroup SelectedGroup) : HelloRetryRequestExtension;

    /// <summary>An unknown extension.</summary>
    [UnknownCase]
    internal sealed record Other(ExtensionType Type, ReadOnlyMemory<byte> Content) : HelloRetryRequestExtension, IUnknownExtension;
}

/// <summary>An extension of EncryptedExtensions (RFC 9846 section 4.4.1).</summary>
[Union(Tag = typeof(ExtensionType)), ByteLength(0, 0xFFFF)]
[UnionCase<ServerName>(ExtensionType.ServerName)]
[UnionCase<SupportedGroups>(ExtensionType.SupportedGroups)]
[UnionCase<ApplicationProtocol>(ExtensionType.ApplicationLayerProtocolNegotiation)]
[UnionCase<EarlyData>(ExtensionType.EarlyData)]
[UnionCase<Parameters>(ExtensionType.SessionParameters)]
internal abstract partial record EncryptedExtension
{
    /// <summary>The server's acknowledgement that it used the requested server name (RFC 6066 section 3).</summary>
    [Message]
    internal sealed partial record ServerName : EncryptedExtension;

    /// <summary>The groups that the server supports (RFC 9846 section 4.3.7).</summary>
    [Message]
    internal sealed partial record SupportedGroups([property: ByteLength(2, 0xFFFF)] ImmutableArray<NamedGroup> Groups) : EncryptedExtension;

    /// <summary>The selected application protocol: exactly one of <see cref="Handshakes.ProtocolNames"/> (RFC 7301 section 3.1).</summary>
    [Message]
    internal sealed partial record ApplicationProtocol([property: ByteLength(2, 0xFFFF)] ReadOnlyMemory<byte> Names) : EncryptedExtension;

    /// <summary>The server's acceptance of early data (RFC 9846 section 4.3.10).</summary>
    [Message]
    internal sealed partial record EarlyData : EncryptedExtension;

    /// <summary>The parameters of the session: <see cref="Handshakes.SessionParameters"/>, or another use of the extension type, which is ignored.</summary>
    [Message]
    internal sealed partial record Parameters([property: Remainder(0, 0xFFFF)] ReadOnlyMemory<byte> Content) : EncryptedExtension
    {
        private static volatile Parameters? _latest;

        /// <summary>Returns the extension for the parameters of this endpoint. Most sessions of an application have the same ones.</summary>
        public static Parameters Of(Handshakes.SessionParameters parameters)
        {
            var content = parameters.Encode();
            return _latest is { } latest && latest.Content.Equals(content) ? latest : _latest = new Parameters(content);
        }
    }

    /// <summary>An unknown extension.</summary>
    [UnknownCase]
    internal sealed record Other(ExtensionType Type, ReadOnlyMemory<byte> Content) : EncryptedExtension, IUnknownExtension;
}
