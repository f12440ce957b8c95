using SecureChannel.Cryptography;

namespace SecureChannel.Handshakes;

/// <summary>
/// The base class of one role of a handshake. The generator derives the order of the messages from <typeparamref name="TState"/>. Your partial class handles
/// the messages: <c>On</c> for each message that it receives, <c>Write...</c> for each message that it sends, and optionally <c>Enter...</c> for each state.
/// </summary>
/// <typeparam name="TState">The enum with <see cref="HandshakeAttribute"/>.</typeparam>
/// <param name="cryptography">The provider of ciphers and random numbers.</param>
public abstract partial class HandshakeMachine<TState>(CryptographyProvider cryptography) : HandshakeMachine
    where TState : struct, Enum
{
    private readonly TranscriptHash _transcript = new(cryptography);
    private ExporterSecret? _exporter;
    private HashFunction? _exporterHash;

    /// <inheritdoc/>
    public sealed override string StateName => State.ToString();

    /// <summary>Gets the prefix of every label in the key schedule, such as "tls13 " (RFC 9846 section 7.1).</summary>
    protected abstract string LabelPrefix { get; }

    /// <summary>Gets the provider of ciphers and random numbers.</summary>
    protected CryptographyProvider Cryptography { get; } = cryptography ?? throw new ArgumentNullException(nameof(cryptography));

    /// <summary>Gets the current state.</summary>
    protected TState State { get; private set; }

    /// <summary>Gets the handshake messages so far, each with its header.</summary>
    protected Transcript Transcript => _transcript.View;

    /// <summary>
    /// Gets a value that indicates whether the peer requested a key update that this endpoint has not answered. If true, the engine calls
    /// <see cref="TryUpdateWriteKeys"/> before it sends more application data (RFC 9846 section 4.7.3) or the close_notify. Requests that arrive while this
    /// endpoint sends nothing share one answer.
    /// </summary>
    protected virtual bool OwesKeyUpdate => false;

    internal sealed override bool RequiresKeyUpdate => OwesKeyUpdate;

    /// <summary>Selects the hash function of the transcript.</summary>
    /// <param name="function">The hash function of the cipher suite.</param>
    protected void SelectHash(HashFunction function) => _transcript.SelectHash(function);

    /// <summary>
    /// Replaces the messages in the transcript with one message that contains their hash (RFC 9846 section 4.1). Call <see cref="SelectHash"/> first.
    /// </summary>
    /// <param name="messageType">The type of that message; 254 in TLS.</param>
    protected void ReplaceTranscriptByHash(byte messageType) => _transcript.ReplaceByHash(messageType);

    /// <summary>Sends the change_cipher_spec record of the middlebox compatibility mode (RFC 9846 appendix E.4).</summary>
    /// <exception cref="InvalidOperationException">The record format has no such record.</exception>
    protected void SendChangeCipherSpec() => Records.SendChangeCipherSpec(isDeferred: false);

    /// <summary>
    /// Sends the change_cipher_spec record of the middlebox compatibility mode (RFC 9846 appendix E.4) directly before the next record that this endpoint sends,
    /// which may be an alert.
    /// </summary>
    /// <exception cref="InvalidOperationException">The record format has no such record.</exception>
    protected void SendChangeCipherSpecBeforeNextRecord() => Records.SendChangeCipherSpec(isDeferred: true);

    /// <summary>
    /// Discards received records until one can be decrypted. A client may have sent early data under a pre-shared key that this endpoint does not use (RFC 9846
    /// section 4.3.10).
    /// </summary>
    /// <param name="maxBytes">The maximum number of bytes to discard; 0 to discard none from now on.</param>
    protected void SkipEarlyData(int maxBytes) => Records.SkipEarlyData(maxBytes);

    /// <summary>Requires that received records are protected with these keys from now on. The engine owns the keys.</summary>
    /// <param name="keys">The keys.</param>
    protected void UseReadKeys(TrafficKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (Records.UseReadKeys(keys) is { } error)
            Fail(error);
    }

    /// <summary>Protects sent records with these keys from now on. The engine owns the keys.</summary>
    /// <param name="keys">The keys.</param>
    protected void UseWriteKeys(TrafficKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        Records.UseWriteKeys(keys);
    }

    /// <summary>
    /// Completes the handshake. Call it in the <c>Enter...</c> method of a state with <see cref="EstablishedAttribute"/>. The session fails if the keys are not
    /// confirmed, or if the paths to the state contain a proof of the peer's identity and there is no proof. The engine owns the keys; the machine owns the
    /// exporter secret.
    /// </summary>
    /// <param name="confirmed">The proof that the peer holds the same keys.</param>
    /// <param name="negotiated">The negotiated parameters.</param>
    /// <param name="read">The keys of received application data; null if they are in use already.</param>
    /// <param name="write">The keys of sent application data; null if they are in use already.</param>
    /// <param name="exporter">The secret from which the application derives its own keys.</param>
    protected void Establish(KeysConfirmed confirmed, NegotiatedSession negotiated, TrafficKeys? read, TrafficKeys? write, ExporterSecret exporter)
    {
        ArgumentNullException.ThrowIfNull(negotiated);
        ArgumentNullException.ThrowIfNull(exporter);
        var reason = !IsEstablished(State) ? "the declaration does not mark the state with [Established]"
            : !confirmed.IsProven ? "the keys are not confirmed"
            : RequiresPeerIdentity(State) && PeerIdentity is null ? "the identity of the peer is not proven"
            : null;
        (_exporter, _exporterHash) = (exporter, _transcript.Function);
        if (reason is not null)
        {
            read?.Dispose();
            write?.Dispose();
            Fail(LocalError($"The session cannot be established in state '{StateName}': {reason}."));
            return;
        }

        try
        {
            if (write is not null)
                UseWriteKeys(write);
        }
        catch
        {
            read?.Dispose();
            throw;
        }

        if (read is not null)
            UseReadKeys(read);
        Negotiated = negotiated;
    }

    /// <summary>
    /// Records the proof of the peer's identity on a path whose declaration requires none, such as a resumed session of a client that proved its identity in an
    /// earlier session.
    /// </summary>
    /// <param name="proof">The proof.</param>
    protected void AcceptPeerIdentity(IdentityProof proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        PeerIdentity = proof.Identity;
    }

    /// <summary>Fails the session from a method that cannot return an error. The peer receives the alert of the error. Only the first error counts.</summary>
    /// <param name="error">The error.</param>
    protected void Fail(SessionError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        Error ??= error;
    }

    /// <summary>
    /// Updates the write keys. The engine calls this method before the keys reach their record limit and when the peer requested a key update. Override the
    /// method if the handshake has a key update message.
    /// </summary>
    /// <returns>True if the keys were updated; otherwise, false.</returns>
    protected virtual bool TryUpdateWriteKeys() => false;

    /// <summary>
    /// Updates the write keys and requests that the peer updates its write keys. The engine calls this method when the application requests it. Override the method
    /// if the handshake has a key update message with a request.
    /// </summary>
    /// <returns>True if the request was sent; otherwise, false.</returns>
    protected virtual bool TryRequestKeyUpdate() => false;

    internal sealed override bool UpdateWriteKeys() => TryUpdateWriteKeys();

    internal sealed override bool RequestKeyUpdate() => TryRequestKeyUpdate();

    private protected sealed override void DisposeCore()
    {
        (_resume, _sendAgain) = (null, null);
        _transcript.Dispose();
        _exporter?.Dispose();
    }

    internal sealed override void Export(string label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        _exporter!.Export(Cryptography, _exporterHash!.Value, LabelPrefix, label, context, output);
    }
}
