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

    /// <summary>
    /// Gets a value that specifies how revocation is checked. The default is <see cref="RevocationMode.None"/>. Policies with only pins, and policies of a
    /// verifier, accept no other mode.
    /// </summary>
    public RevocationMode Revocation { get; init; }

    /// <summary>
    /// Gets the paths of files with CRLs, each in DER or with one or more PEM blocks 'X509 CRL'. The files are looked at once a minute and read again if they
    /// changed. While a changed file cannot be used, its earlier CRLs remain in use until they expire.
    /// </summary>
    public IReadOnlyList<string> CrlPaths { get; init => field = [.. value]; } = [];

    /// <summary>Gets CRLs in DER or PEM. They are copied.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Crls { get; init => field = Copy(value); } = [];

    /// <summary>Gets OCSP responses in DER, in addition to those that peers staple. They are copied.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> OcspResponses { get; init => field = Copy(value); } = [];

    /// <summary>Returns a value that indicates whether two references are the same instance.</summary>
    public bool Equals(TrustOptions? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    /// <summary>Returns the name of the type.</summary>
    public override string ToString() => nameof(TrustOptions);

    /// <summary>Throws if an option does not fit the others or the policy.</summary>
    /// <param name="hasIssuers">True if the policy builds certification paths; otherwise, false.</param>
    /// <exception cref="ArgumentException">An option is out of range, or does not fit.</exception>
    internal void Validate(bool hasIssuers)
    {
        if (MaxChainLength is < 1 or > 100)
            throw new ArgumentException($"'{nameof(MaxChainLength)}' must be from 1 to 100, but it is {MaxChainLength}.");
        if (!Enum.IsDefined(Revocation))
            throw new ArgumentException($"'{nameof(Revocation)}' must be a member of '{nameof(RevocationMode)}', but it is {(int)Revocation}.");
        if (Revocation == RevocationMode.None)
        {
            if (CrlPaths.Count + Crls.Count + OcspResponses.Count > 0)
            {
                throw new ArgumentException(
                    $"The options contain CRLs or OCSP responses, but '{nameof(Revocation)}' ignores them. Set it to IfAvailable or Required.");
            }
        }
        else if (!hasIssuers)
        {
            throw new ArgumentException(
                $"'{nameof(Revocation)}' is {Revocation}, but the policy has no authorities whose revocation data it could verify. Set the option for a policy of "
                + "TrustPolicy.FromAuthorities; a verifier can use such a policy with CertificateVerifier.FromPolicy.");
        }
    }

    private static IReadOnlyList<ReadOnlyMemory<byte>> Copy(IReadOnlyList<ReadOnlyMemory<byte>> values) =>
        [.. values.Select(value => (ReadOnlyMemory<byte>)value.ToArray())];
}
