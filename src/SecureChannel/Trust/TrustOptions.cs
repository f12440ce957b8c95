namespace SecureChannel;

/// <summary>The rules of a <see cref="TrustPolicy"/> for certification paths. Immutable and thread-safe.</summary>
public sealed record TrustOptions
{
    /// <summary>Gets the options that a policy has if it has no others.</summary>
    internal static TrustOptions Default { get; } = new();

    /// <summary>
    /// Gets the maximum number of certificates that a peer may send, and that a path may have in addition to the trust anchor: from 1 to 100. Default: 10.
    /// </summary>
    public int MaxChainLength { get; init; } = 10;

    /// <summary>
    /// Gets a value that indicates whether a peer's certificate for TLS must have an extended key usage. Default: false, because RFC 5280 section 4.2.1.12
    /// allows every purpose if the extension is absent. Certificates for key transport always need it.
    /// </summary>
    public bool RequireExtendedKeyUsage { get; init; }

    /// <summary>Gets a value that indicates whether all trust anchors must be self-issued. Default: false, so that any certificate can be trusted.</summary>
    public bool RequireRootAnchors { get; init; }

    /// <summary>Returns a value that indicates whether two references are the same instance.</summary>
    public bool Equals(TrustOptions? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    /// <summary>Returns the name of the type.</summary>
    public override string ToString() => nameof(TrustOptions);
}
