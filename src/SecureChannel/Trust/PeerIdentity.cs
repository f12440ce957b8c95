using System.Security.Cryptography.X509Certificates;

namespace SecureChannel;

/// <summary>
/// The description of a peer whose identity was proven. It is not the proof itself: no check accepts it in place of one. Immutable and thread-safe.
/// </summary>
public sealed class PeerIdentity
{
    private readonly CheckedLeaf _leaf;
    private X509Certificate2? _copy;

    internal PeerIdentity(CheckedLeaf leaf, string name)
    {
        _leaf = leaf;
        Name = name;
    }

    /// <summary>Gets the name that the peer's certificate was verified for, or null if it was verified for none.</summary>
    public string? Name { get; }

    /// <summary>Gets the peer's certificate, or null if the peer proved its identity without one.</summary>
    public X509Certificate2? Certificate => Volatile.Read(ref _copy) ?? Copy();

    /// <summary>Returns the verified name.</summary>
    public override string ToString() => Name ?? "";

    // The cached certificate is shared by sessions, so each caller gets a copy; most sessions never need one.
    private X509Certificate2 Copy()
    {
        var copy = _leaf.CopyCertificate();
        if (Interlocked.CompareExchange(ref _copy, copy, null) is not { } first)
            return copy;
        copy.Dispose();
        return first;
    }
}
