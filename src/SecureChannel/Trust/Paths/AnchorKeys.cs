using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>
/// The imported public keys of trust anchors, shared by all policies, because importing a key costs more than verifying a signature and some programs create a
/// policy for each session. A public key has no state, so sharing it shares no decision. Bounded and thread-safe.
/// </summary>
internal static class AnchorKeys
{
    /// <summary>The maximum number of shared keys of a provider. Further keys belong to their policy alone.</summary>
    private const int Capacity = 256;

    private static readonly ConditionalWeakTable<CryptographyProvider, ConcurrentDictionary<string, VerificationKey>> Shared = [];

    /// <summary>Tries to get the key of an anchor, which is shared: do not dispose it.</summary>
    public static bool TryGet(CryptographyProvider cryptography, ParsedCertificate anchor, [NotNullWhen(true)] out VerificationKey? key)
    {
        var encoded = anchor.PublicKey.Encoded.Span;
        var keys = Shared.GetValue(cryptography, static _ => new());
        var pin = TrustPolicy.ComputePin(encoded);
        if (keys.TryGetValue(pin, out key))
            return true;
        if (!cryptography.TryImportVerificationKey(encoded, out key))
            return false;
        if (keys.Count < Capacity)
            key = keys.GetOrAdd(pin, key);
        return true;
    }
}
