using System.Security.Cryptography.X509Certificates;

namespace SecureChannel;

/// <summary>
/// The name and the certificate of a peer whose identity was proven. A <see cref="PeerIdentity"/> is only a description: checks that require a proof do not
/// accept it. Immutable and thread-safe.
/// </summary>
public sealed class PeerIdentity
{
    private readonly CheckedLeaf? _leaf;
    private X509Certificate2? _copy;

    internal PeerIdentity(CheckedLeaf leaf, string? name)
    {
        _leaf = leaf;
        Name = name;
    }

    private PeerIdentity(string name, X509Certificate2? certificate) => (Name, _copy) = (name, certificate);

    /// <summary>Gets the name for which the peer's certificate was verified, or null if the certificate was verified without a name.</summary>
    public string? Name { get; }

    /// <summary>Gets the peer's certificate, or null if the peer proved its identity without one.</summary>
    public X509Certificate2? Certificate => Volatile.Read(ref _copy) ?? Copy();

    /// <summary>Creates an identity that nothing has proven, for <see cref="Protocols.InMemoryChannelOptions"/>.</summary>
    /// <param name="name">The name of the peer.</param>
    /// <param name="certificate">The certificate of the peer, which the caller owns, or null.</param>
    /// <returns>The identity.</returns>
    public static PeerIdentity CreateForTesting(string name, X509Certificate2? certificate = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new PeerIdentity(name, certificate);
    }

    /// <summary>Returns the verified name, or an empty string if there is no name.</summary>
    public override string ToString() => Name ?? "";

    // The cached certificate is shared by sessions, so each caller gets a copy; most sessions never need one.
    private X509Certificate2? Copy()
    {
        if (_leaf is null)
            return null;
        var copy = _leaf.CopyCertificate();
        if (Interlocked.CompareExchange(ref _copy, copy, null) is not { } first)
            return copy;
        copy.Dispose();
        return first;
    }
}
