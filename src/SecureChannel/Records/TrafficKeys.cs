using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using SecureChannel.Cryptography;

namespace SecureChannel.Handshakes;

/// <summary>
/// The key and the initialization vector of one direction, and the number of records that they protected (RFC 9846 sections 5.3 and 7.3). Pass them to one
/// <see cref="RecordWriter"/> or one <see cref="RecordReader"/>, which then owns and disposes them.
/// </summary>
public sealed class TrafficKeys : IDisposable
{
    private readonly CryptographyProvider _provider;
    private Aead? _aead;
    private byte[]? _key;
    private InitializationVector _iv;

    private TrafficKeys(CryptographyProvider provider, CipherSuite suite)
    {
        (_provider, Suite, _key) = (provider, suite, SensitiveMemory.AllocateKey(suite.Aead.KeyLength));
        RecordLimit = suite.Aead.RecordLimit;
    }

    /// <summary>Gets the cipher suite.</summary>
    public CipherSuite Suite { get; }

    /// <summary>Gets or sets the total number of records that these keys may protect. It cannot exceed the limit of the cipher.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is negative, or above the limit of the cipher (<see cref="AeadAlgorithms"/>).</exception>
    public long RecordLimit
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Suite.Aead.RecordLimit);
            field = value;
        }
    }

    /// <summary>Gets the number of records that these keys may still protect.</summary>
    public long RecordsLeft => Math.Max(0, RecordLimit - (long)Math.Min(Sequence, long.MaxValue));

    /// <summary>Gets the number of bytes that protection adds to a record.</summary>
    internal int TagLength => Suite.Aead.TagLength;

    /// <summary>Gets or sets the sequence number of the next record.</summary>
    internal ulong Sequence { get; set; }

    /// <summary>Derives the keys from the secret of a direction, with the labels "key" and "iv" (RFC 9846 section 7.3).</summary>
    /// <param name="provider">The cryptography provider.</param>
    /// <param name="suite">The cipher suite.</param>
    /// <param name="secret">The secret of the direction.</param>
    /// <param name="labelPrefix">The prefix of every label of the protocol.</param>
    /// <exception cref="PlatformNotSupportedException">The provider does not support the cipher of the suite.</exception>
    public static TrafficKeys Derive(CryptographyProvider provider, CipherSuite suite, TrafficSecret secret, string labelPrefix)
    {
        ArgumentNullException.ThrowIfNull(provider);
        if (!provider.Supports(suite.Aead))
            throw new PlatformNotSupportedException(
                $"The provider '{provider.Name}' does not support {suite.Aead}, which {suite.Name} requires. Use another provider or another cipher suite.");

        var keys = new TrafficKeys(provider, suite);
        try
        {
            HkdfLabel.ExpandLabel(provider, suite.Hash, secret, labelPrefix, "key", [], keys._key);
            HkdfLabel.ExpandLabel(provider, suite.Hash, secret, labelPrefix, "iv", [], ((Span<byte>)keys._iv)[..suite.Aead.NonceLength]);
            return keys;
        }
        catch
        {
            keys.Dispose();
            throw;
        }
    }

    /// <summary>Wipes the keys.</summary>
    public void Dispose()
    {
        WipeKey();
        CryptographicOperations.ZeroMemory(_iv);
        _aead?.Dispose();
    }

    /// <summary>Returns a description that names the cipher suite and contains no key.</summary>
    public override string ToString() => $"{nameof(TrafficKeys)} of {Suite.Name}";

    /// <summary>Encrypts and authenticates the next record in place. The last bytes of <paramref name="body"/> receive the tag.</summary>
    internal void Seal(ReadOnlySpan<byte> header, Span<byte> body)
    {
        if (RecordsLeft == 0)
            throw new InvalidOperationException($"The keys for {Suite.Name} have reached their record limit. Update the keys, or close the session.");

        Span<byte> nonce = stackalloc byte[AeadAlgorithms.MaxNonceLength];
        nonce = nonce[..WriteNonce(nonce)];
        (_aead ?? PrepareCipher()).Seal(nonce, body[..^TagLength], header, body);
        Sequence++;
    }

    /// <summary>Tries to authenticate and decrypt the next record in place.</summary>
    /// <returns>True if the record is authentic; otherwise, false.</returns>
    internal bool TryOpen(ReadOnlySpan<byte> header, Span<byte> body)
    {
        // RFC 9846 section 5.3: a sequence number does not wrap.
        if (body.Length < TagLength || Sequence == ulong.MaxValue)
            return false;

        Span<byte> nonce = stackalloc byte[AeadAlgorithms.MaxNonceLength];
        nonce = nonce[..WriteNonce(nonce)];
        if (!(_aead ?? PrepareCipher()).TryOpen(nonce, body, header, body[..^TagLength]))
            return false;

        Sequence++;
        return true;
    }

    // A prepared cipher needs many times the memory of its key, so an endpoint that sends or receives nothing never prepares it.
    private Aead PrepareCipher()
    {
        ObjectDisposedException.ThrowIf(_key is null, this);
        _aead = _provider.CreateAead(Suite.Aead, _key);
        WipeKey();
        return _aead;
    }

    private void WipeKey()
    {
        CryptographicOperations.ZeroMemory(_key);
        _key = null;
    }

    // RFC 9846 section 5.3: the sequence number, padded on the left, XORed with the initialization vector.
    private int WriteNonce(Span<byte> nonce)
    {
        var length = Suite.Aead.NonceLength;
        ((ReadOnlySpan<byte>)_iv)[..length].CopyTo(nonce);
        var low = nonce[(length - sizeof(ulong))..length];
        BinaryPrimitives.WriteUInt64BigEndian(low, BinaryPrimitives.ReadUInt64BigEndian(low) ^ Sequence);
        return length;
    }

    // An initialization vector is useless without the key, so it is not stored in pinned memory.
    [InlineArray(AeadAlgorithms.MaxNonceLength)]
    private struct InitializationVector
    {
        private byte _first;
    }
}
