using System.Buffers;
using System.Security.Cryptography;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>
/// One key that protects tickets. Each ticket is encrypted with AES-256-GCM under a key of its own, which is derived from this key and 32 random bytes. So no
/// number of tickets, and no number of servers that share the key, repeats a nonce. Thread-safe.
/// </summary>
/// <remarks>A ticket is <c>name[8], salt[32], ciphertext, tag[16]</c>. The name selects the key and is derived from it.</remarks>
internal sealed class TicketKey : IDisposable
{
    /// <summary>The length of a key in bytes.</summary>
    public const int Length = 32;

    private const int NameLength = 8;
    private const int SaltLength = 32;
    private const int HeaderLength = NameLength + SaltLength;

    // AES-256-GCM.
    private const int NonceLength = 12;
    private const int TagLength = 16;

    private readonly Lock _gate = new();
    private readonly EphemeralKey _key;
    private readonly byte[] _name = new byte[NameLength];
    private bool _isWiped;

    /// <summary>Creates a key.</summary>
    /// <param name="key">The bytes of the key, which are copied.</param>
    public TicketKey(ReadOnlySpan<byte> key)
    {
        _key = new(Length);
        key.CopyTo(_key.Buffer.Span);
        Cryptography.HkdfExpand(HashFunction.Sha256, key, "SecureChannel ticket name"u8, _name);
    }

    private static CryptographyProvider Cryptography => CryptographyProvider.Platform;

    /// <summary>Creates a random key.</summary>
    public static TicketKey Generate()
    {
        Span<byte> key = stackalloc byte[Length];
        try
        {
            Cryptography.FillRandom(key);
            return new TicketKey(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Returns a value that indicates whether a ticket names this key.</summary>
    public bool IsNamedBy(ReadOnlySpan<byte> ticket) => ticket.StartsWith(_name);

    /// <summary>Returns a value that indicates whether another key has the same name, and so the same bytes.</summary>
    public bool HasNameOf(TicketKey other) => other.IsNamedBy(_name);

    /// <summary>Tries to encrypt a ticket. Returns false if the key was wiped in the meantime.</summary>
    public bool TryProtect(ReadOnlySpan<byte> content, IBufferWriter<byte> output)
    {
        var length = HeaderLength + content.Length + TagLength;
        var ticket = output.GetSpan(length)[..length];
        _name.CopyTo(ticket);
        Cryptography.FillRandom(ticket[NameLength..HeaderLength]);
        using var aead = CreateAead(ticket[..HeaderLength]);
        if (aead is null)
            return false;
        aead.Seal(stackalloc byte[NonceLength], content, ticket[..HeaderLength], ticket[HeaderLength..]);
        output.Advance(length);
        return true;
    }

    /// <summary>Tries to decrypt a ticket that names this key.</summary>
    public bool TryUnprotect(ReadOnlySpan<byte> ticket, IBufferWriter<byte> output)
    {
        if (ticket.Length < HeaderLength + TagLength)
            return false;
        using var aead = CreateAead(ticket[..HeaderLength]);
        var length = ticket.Length - HeaderLength - TagLength;
        var content = output.GetSpan(Math.Max(length, 1))[..length];
        if (aead?.TryOpen(stackalloc byte[NonceLength], ticket[HeaderLength..], ticket[..HeaderLength], content) != true)
            return false;
        output.Advance(length);
        return true;
    }

    /// <summary>Wipes the key. Tickets under it are no longer accepted.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isWiped = true;
            _key.Dispose();
        }
    }

    // Returns null if the key was wiped in the meantime.
    private Aead? CreateAead(ReadOnlySpan<byte> header)
    {
        Span<byte> info = [.. "SecureChannel ticket"u8, .. header];
        Span<byte> key = stackalloc byte[Length];
        try
        {
            lock (_gate)
            {
                if (_isWiped)
                    return null;
                Cryptography.HkdfExpand(HashFunction.Sha256, _key.Bytes, info, key);
            }

            return Cryptography.CreateAead(AeadAlgorithm.Aes256Gcm, key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
