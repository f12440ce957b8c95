using System.Collections.Concurrent;
using System.Security.Cryptography;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.Tls13;

/// <summary>The functions of the key schedule with their arguments that never change (RFC 9846 section 7.1).</summary>
/// <param name="Cryptography">The cryptography.</param>
/// <param name="Suite">The agreed suite.</param>
internal readonly record struct KeyDerivation(CryptographyProvider Cryptography, CipherSuite Suite)
{
    /// <summary>What every label begins with.</summary>
    public const string LabelPrefix = "tls13 ";

    private HashFunction Hash => Suite.Hash;

    /// <summary>HKDF-Extract(0, 0): the first stage, without a pre-shared key.</summary>
    public ExtractedSecret ExtractFirst()
    {
        Span<byte> zeros = stackalloc byte[Hash.Length];
        zeros.Clear();
        return ExtractedSecret.Extract(Cryptography, Hash, zeros, zeros);
    }

    /// <summary>HKDF-Extract(Derive-Secret(stage, "derived", ""), 0): the last stage.</summary>
    public ExtractedSecret ExtractLast(ExtractedSecret stage)
    {
        Span<byte> zeros = stackalloc byte[Hash.Length];
        zeros.Clear();
        Span<byte> salt = stackalloc byte[Hash.Length];
        DeriveSalt(stage, salt);
        var last = ExtractedSecret.Extract(Cryptography, Hash, salt, zeros);
        CryptographicOperations.ZeroMemory(salt);
        return last;
    }

    /// <summary>Derive-Secret(stage, "derived", ""): the salt of the next stage.</summary>
    public void DeriveSalt(ExtractedSecret stage, Span<byte> salt) =>
        HkdfLabel.ExpandLabel(Cryptography, Hash, stage, LabelPrefix, "derived", Hash.EmptyHash, salt);

    /// <summary>Derive-Secret(stage, label, messages).</summary>
    public TrafficSecret Derive(ExtractedSecret stage, string label, in Transcript messages)
    {
        Span<byte> hash = stackalloc byte[HashFunctions.MaxLength];
        return TrafficSecret.Derive(Cryptography, Hash, stage, LabelPrefix, label, hash[..messages.Hash(hash)]);
    }

    /// <summary>Derive-Secret(stage, "exp master", messages).</summary>
    public ExporterSecret DeriveExporter(ExtractedSecret stage, in Transcript messages)
    {
        Span<byte> hash = stackalloc byte[HashFunctions.MaxLength];
        return ExporterSecret.Derive(Cryptography, Hash, stage, LabelPrefix, "exp master", hash[..messages.Hash(hash)]);
    }

    /// <summary>HKDF-Expand-Label(secret, "traffic upd", ""): the next generation (RFC 9846 section 7.2).</summary>
    public TrafficSecret DeriveNext(TrafficSecret secret) => TrafficSecret.Derive(Cryptography, Hash, secret, LabelPrefix, "traffic upd", []);

    /// <summary>Key and initialization vector (RFC 9846 section 7.3).</summary>
    public TrafficKeys DeriveKeys(TrafficSecret secret) => TrafficKeys.Derive(Cryptography, Suite, secret, LabelPrefix);

    /// <summary>HMAC(HKDF-Expand-Label(secret, "finished", ""), messages): the content of Finished (RFC 9846 section 4.5.3).</summary>
    /// <returns>Its length: the hash's.</returns>
    public int ComputeVerifyData(TrafficSecret secret, in Transcript messages, Span<byte> verifyData)
    {
        Span<byte> hash = stackalloc byte[HashFunctions.MaxLength];
        FinishedKey.ComputeVerifyData(Cryptography, Hash, secret, LabelPrefix, "finished", hash[..messages.Hash(hash)], verifyData[..Hash.Length]);
        return Hash.Length;
    }
}

/// <summary>
/// The first stage, where nothing is known yet. Without a pre-shared key it is the same in every session, and no secret: what the next stage needs of it is
/// derived once for a hash function.
/// </summary>
internal sealed class EarlySecret
{
    private static readonly ConcurrentDictionary<HashFunction, EarlySecret> WithoutKey = new();

    private readonly byte[] _salt;

    private EarlySecret(KeyDerivation derivation)
    {
        _salt = new byte[derivation.Suite.Hash.Length];
        using var secret = derivation.ExtractFirst();
        derivation.DeriveSalt(secret, _salt);
    }

    /// <summary>The stage of sessions that have no pre-shared key.</summary>
    public static EarlySecret WithoutPreSharedKey(KeyDerivation derivation) => WithoutKey.GetOrAdd(derivation.Suite.Hash, static (_, derivation) => new(derivation), derivation);

    /// <summary>To the second stage, with what the two ends agreed on.</summary>
    public HandshakeSecret Extract(KeyDerivation derivation, SharedSecret agreed) =>
        new(derivation, ExtractedSecret.Extract(derivation.Cryptography, derivation.Suite.Hash, _salt, agreed));
}

/// <summary>The second stage: protects the handshake.</summary>
internal readonly struct HandshakeSecret(KeyDerivation derivation, ExtractedSecret secret) : IDisposable
{
    /// <summary>The secret of what one end sends during the handshake.</summary>
    public HandshakeTrafficSecret DeriveTraffic(Role sender, in Transcript throughServerHello) =>
        new(derivation, derivation.Derive(secret, sender == Role.Client ? "c hs traffic" : "s hs traffic", throughServerHello));

    /// <summary>To the last stage.</summary>
    public MainSecret Extract() => new(derivation, derivation.ExtractLast(secret));

    /// <summary>Wipes the secret; the default value has none.</summary>
    public void Dispose() => secret?.Dispose();
}

/// <summary>The last stage: protects application data.</summary>
internal readonly struct MainSecret(KeyDerivation derivation, ExtractedSecret secret) : IDisposable
{
    /// <summary>The first secret of what one end sends after the handshake.</summary>
    public ApplicationTrafficSecret DeriveTraffic(Role sender, in Transcript throughServerFinished) =>
        new(derivation, derivation.Derive(secret, sender == Role.Client ? "c ap traffic" : "s ap traffic", throughServerFinished));

    /// <summary>What the application derives keys of its own from.</summary>
    public ExporterSecret DeriveExporter(in Transcript throughServerFinished) => derivation.DeriveExporter(secret, throughServerFinished);

    /// <summary>Wipes the secret; the default value has none.</summary>
    public void Dispose() => secret?.Dispose();
}

/// <summary>The secret of what one end sends during the handshake.</summary>
internal readonly struct HandshakeTrafficSecret(KeyDerivation derivation, TrafficSecret secret) : IDisposable
{
    /// <summary>The secret itself, for the key log.</summary>
    public ReadOnlySpan<byte> Bytes => secret.Bytes;

    /// <summary>The keys.</summary>
    public TrafficKeys DeriveKeys() => derivation.DeriveKeys(secret);

    /// <summary>The content of this end's Finished.</summary>
    /// <returns>Its length: the hash's.</returns>
    public int ComputeVerifyData(in Transcript before, Span<byte> verifyData) => derivation.ComputeVerifyData(secret, before, verifyData);

    /// <summary>Wipes the secret; the default value has none.</summary>
    public void Dispose() => secret?.Dispose();
}

/// <summary>One generation of the secret of what one end sends after the handshake.</summary>
internal readonly struct ApplicationTrafficSecret(KeyDerivation derivation, TrafficSecret secret) : IDisposable
{
    /// <summary>The secret itself, for the key log.</summary>
    public ReadOnlySpan<byte> Bytes => secret.Bytes;

    /// <summary>The keys.</summary>
    public TrafficKeys DeriveKeys() => derivation.DeriveKeys(secret);

    /// <summary>The next generation; this one is wiped (RFC 9846 section 7.2).</summary>
    public ApplicationTrafficSecret Next()
    {
        using (secret)
            return new ApplicationTrafficSecret(derivation, derivation.DeriveNext(secret));
    }

    /// <summary>Wipes the secret; the default value has none.</summary>
    public void Dispose() => secret?.Dispose();
}
