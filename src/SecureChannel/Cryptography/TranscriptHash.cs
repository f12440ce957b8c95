namespace SecureChannel.Cryptography;

/// <summary>
/// The hash of all handshake messages so far (RFC 9846 section 4.1). Until the hash function is agreed, the messages are kept. Not safe for use by several
/// threads at once.
/// </summary>
/// <param name="provider">The cryptography.</param>
public sealed class TranscriptHash(CryptographyProvider provider) : IDisposable
{
    private readonly PooledBuffer _kept = new(holdsPlaintext: false);
    private HashContext? _hasher;
    private bool _disposed;

    /// <summary>The agreed hash function; null until <see cref="SelectHash"/>.</summary>
    public HashFunction? Function => _hasher?.Function;

    /// <summary>A view of the transcript that cannot change it.</summary>
    public Transcript View => new(this);

    /// <summary>Adds a handshake message with its header.</summary>
    /// <param name="message">The message.</param>
    /// <exception cref="ObjectDisposedException">The transcript was disposed.</exception>
    public void Append(ReadOnlySpan<byte> message)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_hasher is not null)
            _hasher.Append(message);
        else
            _kept.Append(message);
    }

    /// <summary>Fixes the hash function and hashes what was kept.</summary>
    /// <param name="function">The hash function.</param>
    /// <exception cref="InvalidOperationException">It was fixed before.</exception>
    /// <exception cref="ObjectDisposedException">The transcript was disposed.</exception>
    public void SelectHash(HashFunction function)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_hasher is not null)
            throw new InvalidOperationException($"The transcript's hash function is fixed already: {_hasher.Function}.");

        _hasher = provider.CreateHashContext(function);
        _hasher.Append(_kept.Written.Span);
        _kept.Dispose();
    }

    /// <summary>
    /// Replaces all messages so far by one synthetic message that holds their hash, as TLS does with the first ClientHello when it is answered by a
    /// HelloRetryRequest (RFC 9846 section 4.1): <c>messageType, uint24 length, hash</c>.
    /// </summary>
    /// <param name="messageType">The synthetic message's type.</param>
    /// <exception cref="InvalidOperationException">No hash function is agreed yet.</exception>
    /// <exception cref="ObjectDisposedException">The transcript was disposed.</exception>
    public void ReplaceByHash(byte messageType)
    {
        Span<byte> synthetic = stackalloc byte[4 + HashFunctions.MaxLength];
        var length = CopyHash(synthetic[4..]);
        (synthetic[0], synthetic[3]) = (messageType, (byte)length);
        var function = Selected.Function;
        _hasher!.Dispose();
        _hasher = provider.CreateHashContext(function);
        _hasher.Append(synthetic[..(4 + length)]);
    }

    /// <summary>Writes the hash of all messages so far; more may follow.</summary>
    /// <param name="hash">Where it goes: at least the function's length.</param>
    /// <returns>The number of bytes written: the function's length.</returns>
    /// <exception cref="InvalidOperationException">No hash function is agreed yet.</exception>
    /// <exception cref="ObjectDisposedException">The transcript was disposed.</exception>
    public int CopyHash(Span<byte> hash)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Selected.GetHash(hash);
    }

    /// <summary>Frees the state.</summary>
    public void Dispose()
    {
        _disposed = true;
        _hasher?.Dispose();
        _hasher = null;
        _kept.Dispose();
    }

    internal HashContext Selected => _hasher ?? throw new InvalidOperationException("The transcript has no hash yet: call SelectHash when the suite is agreed.");
}

/// <summary>A view of the handshake messages so far that cannot change them. It follows the transcript: what is added later is seen.</summary>
public readonly struct Transcript
{
    private readonly TranscriptHash? _transcript;

    internal Transcript(TranscriptHash transcript) => _transcript = transcript;

    /// <summary>The agreed hash function.</summary>
    /// <exception cref="InvalidOperationException">No hash function is agreed yet.</exception>
    public HashFunction Function => Source.Selected.Function;

    /// <summary>Writes the hash of all messages so far.</summary>
    /// <param name="hash">Where it goes: at least the function's length; <see cref="HashFunctions.MaxLength"/> is always enough.</param>
    /// <returns>The number of bytes written: the function's length.</returns>
    /// <exception cref="InvalidOperationException">No hash function is agreed yet.</exception>
    public int Hash(Span<byte> hash) => Source.CopyHash(hash);

    private TranscriptHash Source => _transcript ?? throw new InvalidOperationException("A default Transcript belongs to no handshake.");
}
