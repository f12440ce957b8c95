using System.Security.Cryptography;

namespace SecureChannel;

/// <summary>
/// A key unwrapper with an RSA key in memory. Each call decrypts the client's wrapped key and then a decoy: an invalid decoy if the wrapped key is valid, and
/// a valid decoy otherwise. Each call therefore runs the platform's slow failure path exactly once, and its duration does not reveal the result.
/// </summary>
internal sealed class RsaKeyUnwrapper : KeyUnwrapper
{
    private readonly RSA _rsa;
    private readonly byte[] _modulus;
    private readonly byte[] _goodDecoy;
    private readonly byte[] _badDecoy;

    public RsaKeyUnwrapper(RSA rsa)
    {
        ArgumentNullException.ThrowIfNull(rsa);
        if (rsa.KeySize < 2048)
            throw new ArgumentException($"The RSA key has {rsa.KeySize} bits, but at least 2048 are required. Use a longer key.", nameof(rsa));

        _rsa = rsa;
        _modulus = rsa.ExportParameters(false).Modulus!;
        _goodDecoy = rsa.Encrypt(RandomNumberGenerator.GetBytes(KeyLength), RSAEncryptionPadding.OaepSHA256);
        var ignored = new byte[_modulus.Length];
        do
        {
            // A leading zero makes the decoy smaller than the modulus. The decoy is well-formed with a probability of less than 2^-256.
            _badDecoy = RandomNumberGenerator.GetBytes(_modulus.Length);
            _badDecoy[0] = 0;
        }
        while (TryDecrypt(_badDecoy, ignored, out _));

        if (!TryDecrypt(_goodDecoy, ignored, out _))
            throw new CryptographicException("The RSA key cannot decrypt data that was encrypted with it. Use a key that includes the private part.");
    }

    public override ValueTask<bool> UnwrapAsync(ReadOnlyMemory<byte> wrapped, Memory<byte> key, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyLength, nameof(key));
        cancellationToken.ThrowIfCancellationRequested();

        // A value that is not smaller than the modulus would fail before the key is used, so a decoy replaces it.
        var isNumber = wrapped.Length == _modulus.Length && wrapped.Span.SequenceCompareTo(_modulus) < 0;
        Span<byte> plaintext = stackalloc byte[_modulus.Length];
        Span<byte> ignored = stackalloc byte[_modulus.Length];
        var decrypted = TryDecrypt(isNumber ? wrapped.Span : _badDecoy, plaintext, out var length);
        TryDecrypt(decrypted ? _badDecoy : _goodDecoy, ignored, out _);

        var success = decrypted && length == KeyLength;
        if (success)
            plaintext[..KeyLength].CopyTo(key.Span);

        CryptographicOperations.ZeroMemory(plaintext);
        return ValueTask.FromResult(success);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _rsa.Dispose();

        base.Dispose(disposing);
    }

    private bool TryDecrypt(ReadOnlySpan<byte> wrapped, Span<byte> plaintext, out int length)
    {
        try
        {
            return _rsa.TryDecrypt(wrapped, plaintext, RSAEncryptionPadding.OaepSHA256, out length);
        }
        catch (CryptographicException)
        {
            length = 0;
            return false;
        }
    }
}
