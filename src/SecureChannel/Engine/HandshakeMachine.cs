using SecureChannel.Cryptography;

namespace SecureChannel.Handshakes;

/// <summary>
/// One role's side of a handshake. A class is generated for each role of an enum with <see cref="HandshakeAttribute"/>: it knows the order; hand-written
/// partial methods fill in what each message means. A <see cref="ChannelEngine"/> drives it. Not safe for use by several threads at once.
/// </summary>
public abstract class HandshakeMachine : IDisposable
{
    private readonly TranscriptHash _transcript;
    private IHandshakeHost? _host;
    private Func<HandshakeResult>? _resume;
    private ExporterSecret? _exporter;
    private HashFunction? _exporterHash;
    private bool _disposed;

    private protected HandshakeMachine(CryptographyProvider cryptography)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        Cryptography = cryptography;
        _transcript = new TranscriptHash(cryptography);
    }

    /// <summary>This end's role.</summary>
    public abstract Role Role { get; }

    /// <summary>The name of the state that the handshake is in.</summary>
    public abstract string StateName { get; }

    /// <summary>What every label of the handshake's key schedule begins with, such as "tls13 " (RFC 9846 section 7.1).</summary>
    protected abstract string LabelPrefix { get; }

    /// <summary>Where ciphers and randomness come from.</summary>
    protected CryptographyProvider Cryptography { get; }

    /// <summary>The messages so far, each with its header.</summary>
    protected Transcript Transcript => _transcript.View;

    /// <summary>Gets the proven identity of the peer, or null until the message that the declaration marks as its proof is accepted.</summary>
    protected internal PeerIdentity? PeerIdentity { get; private protected set; }

    /// <summary>Whether the declaration names a message that proves the peer's identity, so that no session is established without it. Generated.</summary>
    protected abstract bool RequiresPeerIdentity { get; }

    internal NegotiatedSession? Negotiated { get; private set; }

    internal PendingOperation? Pending { get; private set; }

    internal SessionError? Error { get; private set; }

    private protected ReadOnlyMemory<byte> Message { get; set; }

    private protected IHandshakeHost Host => _host ?? throw new InvalidOperationException("The machine is driven by a ChannelEngine: hand it over to one.");

    private protected abstract bool IsComplete { get; }

    private bool IsIdle => Error is null && Pending is null && !_disposed;

    /// <summary>Wipes the secrets.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        (Pending, _resume) = (null, null);
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Fixes the transcript's hash function.</summary>
    /// <param name="function">The hash function of the suite.</param>
    protected void SelectHash(HashFunction function) => _transcript.SelectHash(function);

    /// <summary>Replaces the messages so far by one that holds their hash (RFC 9846 section 4.1). The hash function must be fixed.</summary>
    /// <param name="messageType">That message's type; 254 in TLS.</param>
    protected void ReplaceTranscriptByHash(byte messageType) => _transcript.ReplaceByHash(messageType);

    /// <summary>Sends the change cipher spec record by which a handshake looks like TLS 1.2 to what stands between the ends (RFC 9846 appendix E.4).</summary>
    /// <exception cref="InvalidOperationException">The handshake's record format has none.</exception>
    protected void SendChangeCipherSpec() => Host.SendChangeCipherSpec();

    /// <summary>
    /// Drops records that cannot be read, until one can: a client may have sent data under a pre-shared key that this end does not use (RFC 9846 section 4.3.10).
    /// </summary>
    /// <param name="maxBytes">How many bytes of them are dropped at most.</param>
    protected void SkipEarlyData(int maxBytes) => Host.SkipEarlyData(maxBytes);

    /// <summary>Demands protection of what is received from now on. The engine owns the keys.</summary>
    /// <param name="keys">The keys.</param>
    protected void UseReadKeys(TrafficKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (Host.UseReadKeys(keys) is { } error)
            Fail(error);
    }

    /// <summary>Protects what is sent from now on. The engine owns the keys.</summary>
    /// <param name="keys">The keys.</param>
    protected void UseWriteKeys(TrafficKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        Host.UseWriteKeys(keys);
    }

    /// <summary>
    /// Completes the handshake, in the hook that enters an established state. Fails the session where the declaration demands a proof of the peer's identity
    /// that was not given. The engine owns the keys, the machine the secret.
    /// </summary>
    /// <param name="proof">That the peer holds the same keys.</param>
    /// <param name="negotiated">What was agreed.</param>
    /// <param name="read">The keys of application data that is received; null where they are in use already.</param>
    /// <param name="write">The keys of application data that is sent; null where they are in use already.</param>
    /// <param name="exporter">What the application derives keys of its own from.</param>
    protected void Establish(KeysConfirmed proof, NegotiatedSession negotiated, TrafficKeys? read, TrafficKeys? write, ExporterSecret exporter)
    {
        ArgumentNullException.ThrowIfNull(negotiated);
        ArgumentNullException.ThrowIfNull(exporter);
        var refusal = !IsComplete ? "its declaration does not mark it as established"
            : !proof.IsProven ? "the keys were not confirmed"
            : RequiresPeerIdentity && PeerIdentity is null ? "the peer's identity was not proven"
            : null;
        (_exporter, _exporterHash) = (exporter, _transcript.Function);
        if (refusal is not null)
        {
            read?.Dispose();
            write?.Dispose();
            Fail(LocalError($"the session cannot be established in state {StateName}: {refusal}"));
            return;
        }

        if (write is not null)
            UseWriteKeys(write);
        if (read is not null)
            UseReadKeys(read);
        Negotiated = negotiated;
    }

    /// <summary>Fails the session from a hook, which cannot return an error: the peer is told the alert. The first failure sticks.</summary>
    /// <param name="error">Why.</param>
    protected void Fail(SessionError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        Error ??= error;
    }

    /// <summary>Renews the keys of what is sent, before they have protected all the records that they may. Override where the handshake has a message for it.</summary>
    /// <returns>Whether it was done.</returns>
    protected virtual bool TryUpdateWriteKeys() => false;

    /// <summary>
    /// Whether the peer asked for renewed keys: they are renewed before more application data is sent (RFC 9846 section 4.7.3), or the end, so that several
    /// requests to a silent end get one answer.
    /// </summary>
    protected virtual bool OwesKeyUpdate => false;

    /// <summary>Whether the engine must renew the keys before it sends more application data, or the end.</summary>
    internal bool MustRenewWriteKeys => OwesKeyUpdate;

    /// <summary>Renews the keys of what is sent.</summary>
    /// <returns>Whether it was done.</returns>
    internal bool RenewWriteKeys() => TryUpdateWriteKeys();

    /// <summary>Wipes the secrets. Override to wipe those of the handshake.</summary>
    /// <param name="disposing">False from a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        _transcript.Dispose();
        _exporter?.Dispose();
    }

    internal void Start(IHandshakeHost host)
    {
        if (_host is not null)
            throw new InvalidOperationException("The machine has an engine already: make a new machine for each session.");
        _host = host;
        SendWhileItIsOurTurn();
    }

    /// <summary>Takes a whole message with its header, which stays valid as long as an operation is pending.</summary>
    internal void Accept(ReadOnlyMemory<byte> message)
    {
        Message = message;
        Receive(message.Span[0]);
        SendWhileItIsOurTurn();
    }

    internal void Resume()
    {
        var resume = _resume;
        (Pending, _resume) = (null, null);
        if (resume is not null)
            ApplyResult(resume());
        SendWhileItIsOurTurn();
    }

    /// <summary>Frees what only the handshake needed, once it is complete.</summary>
    internal void LeaveHandshake()
    {
        if (Pending is not null)
            return;
        Message = default;
        _transcript.Dispose();
    }

    internal void Export(string label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _exporter!.Export(Cryptography, _exporterHash!.Value, LabelPrefix, label, context, output);
    }

    /// <summary>Dispatches a message that has arrived: the generated table.</summary>
    /// <param name="code">The message's code.</param>
    protected abstract void Receive(int code);

    /// <summary>Sends the next message if it is this end's turn: the generated table.</summary>
    /// <returns>Whether it was.</returns>
    protected abstract bool Send();

    private protected void AppendToTranscript(ReadOnlySpan<byte> message)
    {
        // What comes after the handshake is not part of it (RFC 9846 section 4.4.1 ends the transcript with the client's Finished).
        if (Negotiated is null)
            _transcript.Append(message);
    }

    /// <summary>Does what a handler said, now or after what it waits for.</summary>
    private protected void ApplyResult(HandshakeResult step)
    {
        if (step.Error is { } error)
            Fail(error);
        else if (step.Operation is { } operation)
            (Pending, _resume) = (operation, step.Next);
        else
            Proceed();
    }

    /// <summary>Goes on after a handler said so.</summary>
    private protected abstract void Proceed();

    private protected static SessionError LocalError(string reason) => new(SessionErrorKind.LocalError, AlertDescription.InternalError, reason);

    private void SendWhileItIsOurTurn()
    {
        while (IsIdle && Send())
        {
        }
    }
}
