using System.Security.Cryptography;
using SecureChannel.Cryptography;

namespace SecureChannel.Tls13;

/// <summary>The first stage of the key schedule with the pre-shared key of a ticket (RFC 9846 section 7.1).</summary>
internal sealed class PreSharedSecret : IDisposable
{
    private readonly KeyDerivation _derivation;
    private readonly ExtractedSecret _secret;

    /// <summary>Extracts the stage from the key of a ticket.</summary>
    /// <param name="derivation">The key schedule of a suite with the hash function of the ticket.</param>
    /// <param name="key">The key of the ticket. It is copied.</param>
    public PreSharedSecret(KeyDerivation derivation, ResumptionKey key)
    {
        _derivation = derivation;
        _secret = derivation.ExtractFirst(key);
    }

    /// <summary>Computes the binder of a ClientHello (RFC 9846 section 4.3.11.2).</summary>
    /// <param name="before">The messages before the ClientHello.</param>
    /// <param name="partialHello">The ClientHello without the list of binders, with its header.</param>
    /// <param name="binder">Receives the binder.</param>
    /// <returns>The length of the binder, which is the length of the hash.</returns>
    public int ComputeBinder(in Transcript before, ReadOnlySpan<byte> partialHello, Span<byte> binder)
    {
        Span<byte> hash = stackalloc byte[HashFunctions.MaxLength];
        return _derivation.ComputeBinder(_secret, hash[..before.Hash(_derivation.Suite.Hash, partialHello, hash)], binder);
    }

    /// <summary>Extracts the second stage from the result of the key agreement, so that the session has forward secrecy.</summary>
    /// <param name="derivation">The key schedule of the negotiated suite, which has the hash function of the ticket.</param>
    /// <param name="agreed">The result of the key agreement.</param>
    public HandshakeSecret Extract(KeyDerivation derivation, SharedSecret agreed)
    {
        Span<byte> salt = stackalloc byte[derivation.Suite.Hash.Length];
        derivation.DeriveSalt(_secret, salt);
        try
        {
            return new(derivation, ExtractedSecret.Extract(derivation.Cryptography, derivation.Suite.Hash, salt, agreed));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(salt);
        }
    }

    /// <summary>Wipes the secret.</summary>
    public void Dispose() => _secret.Dispose();
}
