using SecureChannel.CodeAnalysis;
using SecureChannel.Handshakes;
using SecureChannel.Messages;

namespace SecureChannel.Protocols;

/// <summary>
/// Carries coded messages both ways, in order: what generated protocols stand on. <c>SecureSession</c> is one. One send and one receive may be under way
/// at once.
/// </summary>
public abstract class MessageChannel : IAsyncDisposable
{
    private int _begun;
    // Zero until it is known; the greatest number if it is known that there is none.
    private int _version;

    /// <summary>The application protocol that the ends agreed on, such as <c>bank/1</c> (RFC 7301); null if none was.</summary>
    public abstract string? ApplicationProtocol { get; }

    /// <summary>
    /// The version of the application protocol, in which messages travel: what follows the last slash of its name, 2 for <c>bank/2</c>. It is that of
    /// <see cref="ApplicationProtocol"/> or, where the ends agreed on none, of the protocol that has begun here; <see cref="int.MaxValue"/> if the name has none, and as long as
    /// none is known: then every field travels.
    /// </summary>
    /// <remarks>What is received by <see cref="ReceiveAsync"/> is to be read in this version where messages have fields with <see cref="SinceAttribute"/>.</remarks>
    public int ProtocolVersion
    {
        get
        {
            // Every message asks.
            return _version != 0 ? _version : FindVersion();
        }
    }

    /// <summary>How the session ended; null while it has not.</summary>
    public abstract SessionEnd? End { get; }

    /// <summary>The clock of the deadlines that a protocol declares; the system's if not overridden.</summary>
    public virtual TimeProvider TimeProvider => TimeProvider.System;

    /// <summary>
    /// Sends a message in <see cref="ProtocolVersion"/>. It is encoded before the call returns. Messages that follow each other closely are gathered, and leave
    /// within milliseconds; <see cref="FlushAsync"/> has them leave now, and so has the next wait for the peer.
    /// </summary>
    /// <exception cref="SessionException">The session has failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before a byte moved: nothing was sent.</exception>
    [RequiresState(SessionState.Established)]
    public abstract ValueTask SendAsync<TMessage>(scoped in TMessage message, CancellationToken cancellationToken = default)
        where TMessage : ICodedMessage<TMessage>, allows ref struct;

    /// <summary>Completes once all that was sent has been handed to the transport.</summary>
    [RequiresState(SessionState.Established)]
    public abstract ValueTask FlushAsync(CancellationToken cancellationToken = default);

    /// <summary>Waits for the next message. Cancellation loses nothing: what has arrived stays for the next call.</summary>
    /// <returns>The message, whose body is valid until the next call; null once the session has ended without an error.</returns>
    /// <exception cref="SessionException">The session has failed.</exception>
    [RequiresState(SessionState.Established)]
    public abstract ValueTask<ReceivedMessage?> ReceiveAsync(CancellationToken cancellationToken = default);

    /// <summary>Ends the session by the explicit message, after what was sent before it.</summary>
    public abstract ValueTask CloseAsync(CancellationToken cancellationToken = default);

    /// <summary>Ends the session with an error: the peer is told its alert, and every later use here fails with it.</summary>
    public abstract ValueTask AbortAsync(SessionError error);

    /// <summary>Ends the session by the explicit message if it has not ended, and frees all it holds.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>Whether <see cref="ApplicationProtocol"/> will not change any more, though it is null.</summary>
    private protected virtual bool IsApplicationProtocolKnown => false;

    internal bool TryBegin(string protocol)
    {
        if (Interlocked.Exchange(ref _begun, 1) != 0)
            return false;
        _version = ApplicationProtocols.ReleaseOf(protocol);
        return true;
    }

    private int FindVersion()
    {
        // Asked first: it may become known between the two.
        var isKnown = IsApplicationProtocolKnown;
        if (ApplicationProtocol is { } agreed)
            return _version = ApplicationProtocols.ReleaseOf(agreed);
        // A protocol that begins meanwhile counts.
        if (isKnown)
            Interlocked.CompareExchange(ref _version, int.MaxValue, 0);
        return int.MaxValue;
    }
}

/// <summary>A message as it arrived: its code and its bytes.</summary>
/// <param name="Code">What tells the message apart.</param>
/// <param name="Body">The message's fields; valid until the next receive.</param>
public readonly record struct ReceivedMessage(int Code, ReadOnlyMemory<byte> Body);
