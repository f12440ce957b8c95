using System.Runtime.CompilerServices;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>The options of a client's session.</summary>
public sealed record ClientOptions : SecureSessionOptions
{
    /// <summary>Gets the policy that decides which server certificates are trusted.</summary>
    public required TrustPolicy Trust { get; init; }

    /// <summary>
    /// Gets the DNS name or IP address that the server's certificate must be valid for (RFC 9525). If null, the name is the host that
    /// <see cref="SecureSession.ConnectAsync(string, int, ClientOptions, CancellationToken)"/> connects to. A session over an open connection requires a server
    /// name.
    /// </summary>
    public string? ServerName { get; init; }

    /// <summary>
    /// Gets the identity that the client presents if the server requests a certificate: a <see cref="CertificateIdentity"/>, a <see cref="CertificateWatcher"/>
    /// or an <see cref="IdentitySelector"/>, which sees the request of the server. If null, the client presents none. The caller owns the identity.
    /// <see cref="SessionSecurity.KeyTransport"/> does not support client identities.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The client presents no certificate if none of the server's signature schemes fits its key, or if the server names authorities and none of them issued its
    /// certificates. A selector decides by itself whether the authorities matter.
    /// </para>
    /// <para>
    /// A TLS 1.3 client completes its handshake before the server has verified its certificate. If the server refuses it, the first read fails, and data that was
    /// sent before may be lost. The error is <see cref="SessionErrorKind.AlertReceived"/> with the alert of the server, such as certificate_required.
    /// </para>
    /// </remarks>
    public IdentitySource? Identity { get; init; }

    /// <summary>
    /// Gets the cache of sessions that later handshakes can resume, or null to perform only full handshakes. The default is null. Set the same cache in the options
    /// of all clients that may resume each other's sessions. Only <see cref="SessionSecurity.Tls13"/> and custom handshakes use it.
    /// </summary>
    public ClientSessionCache? SessionCache { get; init; }

    /// <summary>
    /// Gets the timeout of the connection to one address of the server. The default is 5 seconds; the range is 1 millisecond to 24 days. The next address is
    /// then tried. <see cref="SecureSessionOptions.HandshakeTimeout"/> limits all addresses together.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Gets the groups whose key shares the first message contains. Each must be one of <see cref="SecureSessionOptions.Groups"/>, and appear once. The default,
    /// an empty list, selects two: the first hybrid group, if the list has one, and the first other group. A server that selects a group without a key share
    /// requests it, which costs a round trip. Each share costs time and bytes: 1,216 bytes for <see cref="NamedGroup.X25519MLKem768"/>.
    /// </summary>
    public IReadOnlyList<NamedGroup> InitialKeyShares { get; init => field = Copy(value); } = [];

    /// <summary>Determines whether two options are the same instance.</summary>
    /// <param name="other">The options to compare with.</param>
    /// <returns>True if both are the same instance; otherwise, false.</returns>
    public bool Equals(ClientOptions? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    internal override Role Role => Role.Client;

    internal override void Validate()
    {
        ValidateShared();
        ArgumentNullException.ThrowIfNull(Trust);
        if (SessionCache is not null)
            ThrowIfNotResumable(nameof(SessionCache));
        ValidateInitialKeyShares();
        ThrowIfOutOfRange(ConnectTimeout, nameof(ConnectTimeout));
        if (ServerName is "")
            throw new ArgumentException("'ServerName' cannot be empty. Leave it null to use the host that the client connects to.", nameof(ServerName));
        if (ServerName is not null)
            _ = ToCertificateName(ServerName, nameof(ServerName));
    }

    /// <summary>Gets the groups of the key shares, in the order of the offered groups (RFC 9846 section 4.3.8); empty for the default.</summary>
    internal IEnumerable<NamedGroup> OrderedKeyShares => OfferedGroups.Where(group => InitialKeyShares.Contains(group));

    private IReadOnlyList<NamedGroup> OfferedGroups => Groups.Count > 0 ? Groups : Cryptography.Groups;

    private void ValidateInitialKeyShares()
    {
        ArgumentNullException.ThrowIfNull(InitialKeyShares);
        foreach (var group in InitialKeyShares)
        {
            if (!OfferedGroups.Contains(group))
            {
                throw new ArgumentException(
                    $"'{nameof(InitialKeyShares)}' contains {group.Name}, which the client does not offer. Add it to '{nameof(Groups)}'.", nameof(InitialKeyShares));
            }
        }

        if (InitialKeyShares.Distinct().Count() != InitialKeyShares.Count)
            throw new ArgumentException($"'{nameof(InitialKeyShares)}' contains a group twice. List each group once.", nameof(InitialKeyShares));
    }

    /// <summary>Returns the name that a certificate must be valid for: a name without the scope of an IPv6 address.</summary>
    /// <exception cref="ArgumentException">The name is not a DNS name or IP address.</exception>
    internal static string ToCertificateName(string name, string parameter)
    {
        // The scope (RFC 4007 section 11) has a meaning only on this machine, so no certificate contains it.
        var scope = name.Contains(':', StringComparison.Ordinal) ? name.IndexOf('%', StringComparison.Ordinal) : -1;
        var result = scope >= 0 && scope < name.Length - 1 ? name[..scope] : name;
        if (ReferenceName.Parse(result) is null)
        {
            throw new ArgumentException(
                $"{PeerText.Quote(name)} is not a DNS name or IP address. Set 'ServerName' to a name in the server's certificate.", parameter);
        }

        return result;
    }
}
