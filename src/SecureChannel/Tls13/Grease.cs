using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SecureChannel.Cryptography;

namespace SecureChannel.Tls13;

/// <summary>
/// A value that a client offers and that never has a meaning, so that servers that do not ignore unknown values are noticed early (RFC 8701 section 2). A client
/// chooses one at random for each connection.
/// </summary>
internal sealed class Grease
{
    private const int Count = 16;

    // RFC 8701 section 2: 0x0A0A, 0x1A1A, ..., 0xFAFA.
    private static readonly ImmutableArray<Grease> Values = [.. Enumerable.Range(0, Count).Select(index => new Grease((ushort)(0x1010 * index + 0x0A0A)))];

    // A provider has one list for all sessions.
    private readonly ConditionalWeakTable<CipherSuite[], StrongBox<ImmutableArray<CipherSuite>>> _suites = [];
    private readonly ConditionalWeakTable<NamedGroup[], ClientHelloExtension> _groups = [];
    private readonly ushort _value;

    private Grease(ushort value)
    {
        _value = value;
        Extension = new ClientHelloExtension.Other((ExtensionType)value, default);
        Versions = new ClientHelloExtension.SupportedVersions([(ProtocolVersion)value, ProtocolVersion.Tls13]);
    }

    /// <summary>Gets the empty extension.</summary>
    public ClientHelloExtension Extension { get; }

    /// <summary>Gets the extension supported_versions, with TLS 1.3 after the reserved value.</summary>
    public ClientHelloExtension Versions { get; }

    /// <summary>Returns a list of cipher suites after the reserved value.</summary>
    /// <param name="suites">The cipher suites.</param>
    /// <param name="isShared">True if many sessions use the list; otherwise, false.</param>
    public ImmutableArray<CipherSuite> Before(ImmutableArray<CipherSuite> suites, bool isShared) => isShared
        ? _suites.GetValue(ImmutableCollectionsMarshal.AsArray(suites)!, suites => new([(CipherSuite)_value, .. suites])).Value
        : [(CipherSuite)_value, .. suites];

    /// <summary>Returns the extension supported_groups, with groups after the reserved value.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="isShared">True if many sessions use the list; otherwise, false.</param>
    public ClientHelloExtension Before(ImmutableArray<NamedGroup> groups, bool isShared) => isShared
        ? _groups.GetValue(ImmutableCollectionsMarshal.AsArray(groups)!, groups => new ClientHelloExtension.SupportedGroups([(NamedGroup)_value, .. groups]))
        : new ClientHelloExtension.SupportedGroups([(NamedGroup)_value, .. groups]);

    /// <summary>Returns the value that a random byte selects.</summary>
    public static Grease Choose(byte random) => Values[random % Count];

    /// <summary>Returns a value that indicates whether a group is reserved, so that a server must not select it (RFC 8701 section 3.1).</summary>
    public static bool IsReserved(NamedGroup group) => IsReserved((ushort)group);

    /// <summary>Returns a value that indicates whether an extension is reserved, so that a server must not answer it (RFC 8701 section 3.1).</summary>
    public static bool IsReserved(ExtensionType type) => IsReserved((ushort)type);

    private static bool IsReserved(ushort value) => (value & 0x0F0F) == 0x0A0A && value >> 8 == (value & 0xFF);
}
