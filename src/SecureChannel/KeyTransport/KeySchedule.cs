using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.KeyTransport;

/// <summary>
/// The key schedule, from the client's key K to the keys of both directions: <c>prk = HKDF-Extract(salt = transcript hash through ClientKey, ikm = K)</c>. All
/// other secrets and keys are derived from prk with HKDF-Expand-Label (RFC 9846 section 7.1) and labels that begin with "sckt1 ".
/// </summary>
internal sealed class KeySchedule : IDisposable
{
    /// <summary>The prefix of every label, which ensures that no other handshake derives the same keys.</summary>
    public const string LabelPrefix = "sckt1 ";

    private readonly CryptographyProvider _cryptography;
    private readonly CipherSuite _suite;
    private readonly ExtractedSecret _prk;
    private readonly FinishedKey _clientFinished;
    private readonly FinishedKey _serverFinished;

    /// <summary>Extracts prk from the client's key and derives the keys that authenticate ClientFinished and ServerAcknowledge.</summary>
    /// <param name="cryptography">The cryptography provider.</param>
    /// <param name="suite">The negotiated cipher suite.</param>
    /// <param name="key">The client's key, K.</param>
    /// <param name="throughClientKey">The messages through ClientKey.</param>
    public KeySchedule(CryptographyProvider cryptography, CipherSuite suite, EphemeralKey key, in Transcript throughClientKey)
    {
        (_cryptography, _suite) = (cryptography, suite);
        Span<byte> salt = stackalloc byte[HashFunctions.MaxLength];
        salt = salt[..throughClientKey.Hash(salt)];
        _prk = ExtractedSecret.Extract(cryptography, suite.Hash, salt, key);
        try
        {
            _clientFinished = FinishedKey.Derive(cryptography, suite.Hash, _prk, LabelPrefix, "c finished");
            _serverFinished = FinishedKey.Derive(cryptography, suite.Hash, _prk, LabelPrefix, "s finished");
        }
        catch
        {
            _clientFinished?.Dispose();
            _prk.Dispose();
            throw;
        }
    }

    /// <summary>Computes the verify data of ClientFinished or ServerAcknowledge.</summary>
    /// <param name="sender">The role that sends the message.</param>
    /// <param name="before">The messages before that message.</param>
    public byte[] ComputeVerifyData(Role sender, in Transcript before)
    {
        Span<byte> hash = stackalloc byte[HashFunctions.MaxLength];
        hash = hash[..before.Hash(hash)];
        var verifyData = new byte[_suite.Hash.Length];
        (sender == Role.Client ? _clientFinished : _serverFinished).ComputeVerifyData(_cryptography, _suite.Hash, hash, verifyData);
        return verifyData;
    }

    /// <summary>Derives the keys of the session, and wipes the secrets that only the handshake needs.</summary>
    /// <param name="role">The role of the local endpoint.</param>
    /// <param name="throughServerAcknowledge">All messages of the handshake.</param>
    /// <returns>The keys of both directions and the exporter secret, which the caller owns.</returns>
    public (TrafficKeys Read, TrafficKeys Write, ExporterSecret Exporter) Conclude(Role role, in Transcript throughServerAcknowledge)
    {
        TrafficKeys? read = null;
        TrafficKeys? write = null;
        try
        {
            read = DeriveKeys(1 - role, throughServerAcknowledge);
            write = DeriveKeys(role, throughServerAcknowledge);
            return (read, write, DeriveExporter(throughServerAcknowledge));
        }
        catch
        {
            read?.Dispose();
            write?.Dispose();
            throw;
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Derives the traffic keys of one direction.</summary>
    /// <param name="sender">The role that sends in that direction.</param>
    /// <param name="throughServerAcknowledge">All messages of the handshake.</param>
    public TrafficKeys DeriveKeys(Role sender, in Transcript throughServerAcknowledge)
    {
        Span<byte> hash = stackalloc byte[HashFunctions.MaxLength];
        hash = hash[..throughServerAcknowledge.Hash(hash)];
        var label = sender == Role.Client ? "c ap traffic" : "s ap traffic";
        using var secret = TrafficSecret.Derive(_cryptography, _suite.Hash, _prk, LabelPrefix, label, hash);
        return TrafficKeys.Derive(_cryptography, _suite, secret, LabelPrefix);
    }

    /// <summary>Derives the secret from which the application derives its own keys.</summary>
    /// <param name="throughServerAcknowledge">All messages of the handshake.</param>
    public ExporterSecret DeriveExporter(in Transcript throughServerAcknowledge)
    {
        Span<byte> hash = stackalloc byte[HashFunctions.MaxLength];
        hash = hash[..throughServerAcknowledge.Hash(hash)];
        return ExporterSecret.Derive(_cryptography, _suite.Hash, _prk, LabelPrefix, "exp master", hash);
    }

    /// <summary>Wipes the secrets.</summary>
    public void Dispose()
    {
        _prk.Dispose();
        _clientFinished.Dispose();
        _serverFinished.Dispose();
    }
}
