using System.Collections.Concurrent;
using System.Security.Cryptography;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.Tls13;

/// <summary>The functions of the key schedule for one provider and cipher suite (RFC 9846 section 7.1).</summary>
/// <param name="Cryptography">The cryptography provider.</param>
/// <param name="Suite">The negotiated cipher suite.</param>
internal readonly record struct KeyDerivation(CryptographyProvider Cryptography, CipherSuite Suite)
{
    /// <summary>The prefix of every label.</summary>
    public const string LabelPrefix = "tls13 ";

    private HashFunction Hash => Suite.Hash;

    /// <summary>Computes HKDF-Extract(0, 0): the first stage without a pre-shared key.</summary>
    public ExtractedSecret ExtractFirst()
    {
        Span<byte> zeros = stackalloc byte[Hash.Length];
        zeros.Clear();
        return ExtractedSecret.Extract(Cryptography, Hash, zeros, zeros);
    }

    /// <summary>Computes HKDF-Extract(0, key): the first stage with a pre-shared key.</summary>
    public ExtractedSecret ExtractFirst(ResumptionKey key)
    {
        Span<byte> zeros = stackalloc byte[Hash.Length];
        zeros.Clear();
        return ExtractedSecret.Extract(Cryptography, Hash, zeros, key);
    }

    /// <summary>Computes HMAC(HKDF-Expand-Label(Derive-Secret(stage, "res binder", ""), "finished", ""), hash): a binder (RFC 9846 section 4.3.11.2).</summary>
    /// <returns>The length of the binder, which is the length of the hash.</returns>
    public int ComputeBinder(ExtractedSecret stage, ReadOnlySpan<byte> hash, Span<byte> binder)
    {
        using var secret = TrafficSecret.Derive(Cryptography, Hash, stage, LabelPrefix, "res binder", Hash.EmptyHash);
        FinishedKey.ComputeVerifyData(Cryptography, Hash, secret, LabelPrefix, "finished", hash, binder[..Hash.Length]);
        return Hash.Length;
    }

    /// <summary>Computes HKDF-Extract(Derive-Secret(stage, "derived", ""), 0): the last stage.</summary>
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

    /// <summary>Computes Derive-Secret(stage, "derived", ""): the salt of the next stage.</summary>
    public void DeriveSalt(ExtractedSecret stage, Span<byte> salt) =>
        HkdfLabel.ExpandLabel(Cryptography, Hash, stage, LabelPrefix, "derived", Hash.EmptyHash, salt);

    /// <summary>Computes Derive-Secret(stage, label, messages).</summary>
    public TrafficSecret Derive(ExtractedSecret stage, string label, in Transcript messages)
    {
        Span<byte> hash = stackalloc byte[HashFunctions.MaxLength];
        return TrafficSecret.Derive(Cryptography, Hash, stage, LabelPrefix, label, hash[..messages.Hash(hash)]);
    }

    /// <summary>Computes Derive-Secret(stage, "exp master", messages).</summary>
    public ExporterSecret DeriveExporter(ExtractedSecret stage, in Transcript messages)
    {
        Span<byte> hash = stackalloc byte[HashFunctions.MaxLength];
        return ExporterSecret.Derive(Cryptography, Hash, stage, LabelPrefix, "exp master", hash[..messages.Hash(hash)]);
    }

    /// <summary>Computes Derive-Secret(stage, "res master", messages).</summary>
    public ResumptionSecret DeriveResumption(ExtractedSecret stage, in Transcript messages)
    {
        Span<byte> hash = stackalloc byte[HashFunctions.MaxLength];
        return ResumptionSecret.Derive(Cryptography, Hash, stage, LabelPrefix, "res master", hash[..messages.Hash(hash)]);
    }

    /// <summary>Computes HKDF-Expand-Label(secret, "resumption", nonce): the key of one ticket (RFC 9846 section 4.7.1).</summary>
    public ResumptionKey DeriveKey(ResumptionSecret secret, ReadOnlySpan<byte> nonce) =>
        ResumptionKey.Derive(Cryptography, Hash, secret, LabelPrefix, "resumption", nonce);

    /// <summary>Computes HKDF-Expand-Label(secret, "traffic upd", ""): the next generation of the traffic secret (RFC 9846 section 7.2).</summary>
    public TrafficSecret DeriveNext(TrafficSecret secret) => TrafficSecret.Derive(Cryptography, Hash, secret, LabelPrefix, "traffic upd", []);

    /// <summary>Derives the key and the initialization vector (RFC 9846 section 7.3).</summary>
    public TrafficKeys DeriveKeys(TrafficSecret secret) => TrafficKeys.Derive(Cryptography, Suite, secret, LabelPrefix);

    /// <summary>Computes HMAC(HKDF-Expand-Label(secret, "finished", ""), messages): the content of Finished (RFC 9846 section 4.5.3).</summary>
    /// <returns>The length of the content, which is the length of the hash.</returns>
    public int ComputeVerifyData(TrafficSecret secret, in Transcript messages, Span<byte> verifyData)
    {
        Span<byte> hash = stackalloc byte[HashFunctions.MaxLength];
        FinishedKey.ComputeVerifyData(Cryptography, Hash, secret, LabelPrefix, "finished", hash[..messages.Hash(hash)], verifyData[..Hash.Length]);
        return Hash.Length;
    }
}

/// <summary>
/// The first stage of the key schedule. Without a pre-shared key, this stage is equal in all sessions and not secret. The salt of the next stage is therefore
/// derived once for each hash function.
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

    /// <summary>Returns the first stage of sessions without a pre-shared key.</summary>
    public static EarlySecret WithoutPreSharedKey(KeyDerivation derivation) => WithoutKey.GetOrAdd(derivation.Suite.Hash, static (_, derivation) => new(derivation), derivation);

    /// <summary>Extracts the second stage from the result of the key agreement.</summary>
    public HandshakeSecret Extract(KeyDerivation derivation, SharedSecret agreed) =>
        new(derivation, ExtractedSecret.Extract(derivation.Cryptography, derivation.Suite.Hash, _salt, agreed));
}

/// <summary>The second stage of the key schedule, which protects the handshake.</summary>
internal readonly struct HandshakeSecret(KeyDerivation derivation, ExtractedSecret secret)
{
    /// <summary>Gets the secret, which the owner of this value disposes.</summary>
    public ExtractedSecret Secret => secret;

    /// <summary>Derives the secret of one direction during the handshake.</summary>
    public HandshakeTrafficSecret DeriveTraffic(Role sender, in Transcript throughServerHello) =>
        new(derivation, derivation.Derive(secret, sender == Role.Client ? "c hs traffic" : "s hs traffic", throughServerHello));

    /// <summary>Extracts the last stage.</summary>
    public MainSecret Extract() => new(derivation, derivation.ExtractLast(secret));
}

/// <summary>The last stage of the key schedule, which protects application data.</summary>
internal readonly struct MainSecret(KeyDerivation derivation, ExtractedSecret secret)
{
    /// <summary>Gets the secret, which the owner of this value disposes.</summary>
    public ExtractedSecret Secret => secret;

    /// <summary>Derives the first secret of one direction after the handshake.</summary>
    public ApplicationTrafficSecret DeriveTraffic(Role sender, in Transcript throughServerFinished) =>
        new(derivation, derivation.Derive(secret, sender == Role.Client ? "c ap traffic" : "s ap traffic", throughServerFinished));

    /// <summary>Derives the secret from which the keys of tickets are derived.</summary>
    public ResumptionSecret DeriveResumption(in Transcript throughClientFinished) => derivation.DeriveResumption(secret, throughClientFinished);

    /// <summary>Derives the secret from which the application derives its own keys.</summary>
    public ExporterSecret DeriveExporter(in Transcript throughServerFinished) => derivation.DeriveExporter(secret, throughServerFinished);
}

/// <summary>The secret of one direction during the handshake.</summary>
internal readonly struct HandshakeTrafficSecret(KeyDerivation derivation, TrafficSecret secret)
{
    /// <summary>Gets the secret, which the owner of this value disposes.</summary>
    public TrafficSecret Secret => secret;

    /// <summary>Derives the traffic keys.</summary>
    public TrafficKeys DeriveKeys() => derivation.DeriveKeys(secret);

    /// <summary>Computes the content of the Finished message in the direction of this secret.</summary>
    /// <returns>The length of the content, which is the length of the hash.</returns>
    public int ComputeVerifyData(in Transcript before, Span<byte> verifyData) => derivation.ComputeVerifyData(secret, before, verifyData);
}

/// <summary>One generation of the secret of one direction after the handshake.</summary>
internal readonly struct ApplicationTrafficSecret(KeyDerivation derivation, TrafficSecret secret)
{
    /// <summary>Gets the secret, which the owner of this value disposes.</summary>
    public TrafficSecret Secret => secret;

    /// <summary>Derives the traffic keys.</summary>
    public TrafficKeys DeriveKeys() => derivation.DeriveKeys(secret);

    /// <summary>Derives the next generation of the secret and wipes the current generation (RFC 9846 section 7.2).</summary>
    public ApplicationTrafficSecret Next()
    {
        using (secret)
            return new ApplicationTrafficSecret(derivation, derivation.DeriveNext(secret));
    }
}
