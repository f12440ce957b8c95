using SecureChannel.Cryptography;
using SecureChannel.Records;

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
        using var zeros = new EphemeralKey(Hash.Length);
        return ExtractedSecret.Extract(Cryptography, Hash, zeros.Bytes, zeros);
    }

    /// <summary>HKDF-Extract(Derive-Secret(stage, "derived", ""), input): from one stage to the next.</summary>
    public ExtractedSecret ExtractNext(ExtractedSecret stage, Secret input)
    {
        Span<byte> empty = stackalloc byte[HashFunctions.MaxLength];
        using var hasher = Cryptography.CreateHasher(Hash);
        using var salt = TrafficSecret.Derive(Cryptography, Hash, stage, LabelPrefix, "derived", empty[..hasher.GetHash(empty)]);
        return ExtractedSecret.Extract(Cryptography, Hash, salt.Bytes, input);
    }

    /// <summary>HKDF-Extract(Derive-Secret(stage, "derived", ""), 0): the last stage.</summary>
    public ExtractedSecret ExtractLast(ExtractedSecret stage)
    {
        using var zeros = new EphemeralKey(Hash.Length);
        return ExtractNext(stage, zeros);
    }

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
    public byte[] ComputeVerifyData(TrafficSecret secret, in Transcript messages)
    {
        Span<byte> hash = stackalloc byte[HashFunctions.MaxLength];
        var verifyData = new byte[Hash.Length];
        using var key = FinishedKey.Derive(Cryptography, Hash, secret, LabelPrefix, "finished");
        key.ComputeVerifyData(Cryptography, Hash, hash[..messages.Hash(hash)], verifyData);
        return verifyData;
    }
}

/// <summary>The first stage: nothing is known yet. No pre-shared keys are used.</summary>
internal sealed class EarlySecret(KeyDerivation derivation) : IDisposable
{
    private readonly ExtractedSecret _secret = derivation.ExtractFirst();

    /// <summary>To the second stage, with what the two ends agreed on.</summary>
    public HandshakeSecret Extract(SharedSecret agreed) => new(derivation, derivation.ExtractNext(_secret, agreed));

    /// <inheritdoc/>
    public void Dispose() => _secret.Dispose();
}

/// <summary>The second stage: protects the handshake.</summary>
internal sealed class HandshakeSecret(KeyDerivation derivation, ExtractedSecret secret) : IDisposable
{
    /// <summary>The secret of what one end sends during the handshake.</summary>
    public HandshakeTrafficSecret DeriveTraffic(Role sender, in Transcript throughServerHello) =>
        new(derivation, derivation.Derive(secret, sender == Role.Client ? "c hs traffic" : "s hs traffic", throughServerHello));

    /// <summary>To the last stage.</summary>
    public MainSecret Extract() => new(derivation, derivation.ExtractLast(secret));

    /// <inheritdoc/>
    public void Dispose() => secret.Dispose();
}

/// <summary>The last stage: protects application data.</summary>
internal sealed class MainSecret(KeyDerivation derivation, ExtractedSecret secret) : IDisposable
{
    /// <summary>The first secret of what one end sends after the handshake.</summary>
    public ApplicationTrafficSecret DeriveTraffic(Role sender, in Transcript throughServerFinished) =>
        new(derivation, derivation.Derive(secret, sender == Role.Client ? "c ap traffic" : "s ap traffic", throughServerFinished));

    /// <summary>What the application derives keys of its own from.</summary>
    public ExporterSecret DeriveExporter(in Transcript throughServerFinished) => derivation.DeriveExporter(secret, throughServerFinished);

    /// <inheritdoc/>
    public void Dispose() => secret.Dispose();
}

/// <summary>The secret of what one end sends during the handshake.</summary>
internal sealed class HandshakeTrafficSecret(KeyDerivation derivation, TrafficSecret secret) : IDisposable
{
    /// <summary>The secret itself, for the key log.</summary>
    public ReadOnlySpan<byte> Bytes => secret.Bytes;

    /// <summary>The keys.</summary>
    public TrafficKeys DeriveKeys() => derivation.DeriveKeys(secret);

    /// <summary>The content of this end's Finished.</summary>
    public byte[] ComputeVerifyData(in Transcript before) => derivation.ComputeVerifyData(secret, before);

    /// <inheritdoc/>
    public void Dispose() => secret.Dispose();
}

/// <summary>One generation of the secret of what one end sends after the handshake.</summary>
internal sealed class ApplicationTrafficSecret(KeyDerivation derivation, TrafficSecret secret) : IDisposable
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

    /// <inheritdoc/>
    public void Dispose() => secret.Dispose();
}
