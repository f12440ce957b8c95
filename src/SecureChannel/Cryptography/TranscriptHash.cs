namespace SecureChannel.Cryptography;

/// <summary>
/// The transcript hash: the hash of all handshake messages so far (RFC 9846 section 4.1). Messages are buffered until the hash function is selected. Not
/// thread-safe.
/// </summary>
/// <param name="provider">The cryptography provider.</param>
public sealed class TranscriptHash(CryptographyProvider provider) : IDisposable
{
    private readonly PooledBuffer _buffered = new(holdsPlaintext: false);
    private HashContext? _context;
    private bool _disposed;

    // True while the buffer has all messages, so that another hash of them can be computed.
    private bool _isComplete = true;

    // True if the next message is buffered although the hash function is selected.
    private bool _buffersNext;

    /// <summary>Gets the hash function, or null until <see cref="SelectHash"/> is called.</summary>
    public HashFunction? Function => _context?.Function;

    /// <summary>Gets a read-only view of the transcript.</summary>
    public Transcript View => new(this);

    /// <summary>Appends a handshake message.</summary>
    /// <param name="message">The message with its header.</param>
    /// <exception cref="ObjectDisposedException">The transcript was disposed.</exception>
    public void Append(ReadOnlySpan<byte> message)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _context?.Append(message);
        if (_context is null || _buffersNext)
            _buffered.Append(message);
        else
            ReleaseMessages();
        _buffersNext = false;
    }

    /// <summary>Selects the hash function and hashes the buffered messages.</summary>
    /// <param name="function">The hash function.</param>
    /// <exception cref="InvalidOperationException">The hash function was already selected.</exception>
    /// <exception cref="ObjectDisposedException">The transcript was disposed.</exception>
    public void SelectHash(HashFunction function)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_context is not null)
            throw new InvalidOperationException($"The transcript already uses {_context.Function}. Call SelectHash only once.");

        _context = provider.CreateHashContext(function);
        _context.Append(_buffered.Written.Span);
        if (_buffered.Length > 0)
            ReleaseMessages();
    }

    /// <summary>
    /// Replaces all messages so far with one synthetic message that contains their hash: <c>messageType, uint24 length, hash</c>. TLS does this with the first
    /// ClientHello if the server answers with a HelloRetryRequest (RFC 9846 section 4.1).
    /// </summary>
    /// <param name="messageType">The type of the synthetic message.</param>
    /// <exception cref="InvalidOperationException">The hash function is not selected yet.</exception>
    /// <exception cref="ObjectDisposedException">The transcript was disposed.</exception>
    public void ReplaceByHash(byte messageType)
    {
        Span<byte> synthetic = stackalloc byte[4 + HashFunctions.MaxLength];
        var length = CopyHash(synthetic[4..]);
        (synthetic[0], synthetic[3]) = (messageType, (byte)length);
        var function = Selected.Function;
        _context!.Dispose();
        _context = provider.CreateHashContext(function);
        _context.Append(synthetic[..(4 + length)]);

        // The next message and the one after it, of which a part is hashed, belong together.
        _buffered.Clear();
        _buffered.Append(synthetic[..(4 + length)]);
        (_isComplete, _buffersNext) = (true, true);
    }

    /// <summary>Writes the hash of all messages so far. More messages may be appended afterwards.</summary>
    /// <param name="hash">The output buffer, at least as long as the hash.</param>
    /// <returns>The number of bytes written, which is the length of the hash.</returns>
    /// <exception cref="InvalidOperationException">The hash function is not selected yet.</exception>
    /// <exception cref="ObjectDisposedException">The transcript was disposed.</exception>
    public int CopyHash(Span<byte> hash)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Selected.GetHash(hash);
    }

    /// <summary>
    /// Writes the hash of all messages so far, followed by a part of the next message, which is not appended. TLS computes the binders of pre-shared keys this
    /// way (RFC 9846 section 4.3.11.2).
    /// </summary>
    /// <param name="function">The hash function: the selected one, if there is one.</param>
    /// <param name="part">The part of the next message, which starts with its header.</param>
    /// <param name="hash">The output buffer, at least as long as the hash.</param>
    /// <returns>The number of bytes written, which is the length of the hash.</returns>
    /// <exception cref="InvalidOperationException">
    /// Another hash function is selected, or messages were appended after the function was selected. Only the first message, and the one after
    /// <see cref="ReplaceByHash"/> and one further message, can be hashed in part.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The transcript was disposed.</exception>
    public int CopyHash(HashFunction function, ReadOnlySpan<byte> part, Span<byte> hash)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_isComplete || (Function ?? function) != function)
            throw new InvalidOperationException(
                $"The part of a message cannot be hashed with {function}. Hash a part of the first message, or of the message after a retry, with the selected function.");
        using var context = provider.CreateHashContext(function);
        context.Append(_buffered.Written.Span);
        context.Append(part);
        return context.GetHash(hash);
    }

    /// <summary>Releases the state.</summary>
    public void Dispose()
    {
        _disposed = true;
        _context?.Dispose();
        _context = null;
        _buffered.Dispose();
    }

    private void ReleaseMessages()
    {
        _isComplete = false;
        _buffered.Dispose();
    }

    internal HashContext Selected => _context
        ?? throw new InvalidOperationException("The transcript has no hash function. Call SelectHash when the cipher suite is negotiated.");
}

/// <summary>A read-only view of a transcript. It includes messages that are appended later.</summary>
public readonly struct Transcript
{
    private readonly TranscriptHash? _transcript;

    internal Transcript(TranscriptHash transcript) => _transcript = transcript;

    /// <summary>Gets the hash function.</summary>
    /// <exception cref="InvalidOperationException">The hash function is not selected yet.</exception>
    public HashFunction Function => Source.Selected.Function;

    /// <summary>Writes the hash of all messages so far.</summary>
    /// <param name="hash">The output buffer, at least as long as the hash. <see cref="HashFunctions.MaxLength"/> bytes are always sufficient.</param>
    /// <returns>The number of bytes written, which is the length of the hash.</returns>
    /// <exception cref="InvalidOperationException">The hash function is not selected yet.</exception>
    public int Hash(Span<byte> hash) => Source.CopyHash(hash);

    /// <summary>Writes the hash of all messages so far, followed by a part of the next message.</summary>
    /// <param name="function">The hash function: the selected one, if there is one.</param>
    /// <param name="part">The part of the next message, which starts with its header.</param>
    /// <param name="hash">The output buffer, at least as long as the hash.</param>
    /// <returns>The number of bytes written, which is the length of the hash.</returns>
    /// <exception cref="InvalidOperationException">The messages so far are not available: see <see cref="TranscriptHash.CopyHash(HashFunction, ReadOnlySpan{byte}, Span{byte})"/>.</exception>
    public int Hash(HashFunction function, ReadOnlySpan<byte> part, Span<byte> hash) => Source.CopyHash(function, part, hash);

    private TranscriptHash Source => _transcript
        ?? throw new InvalidOperationException("The default value of Transcript has no messages to hash. Use the value of TranscriptHash.View.");
}
