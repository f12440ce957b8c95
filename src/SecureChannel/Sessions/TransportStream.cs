using SecureChannel.Handshakes;

namespace SecureChannel;

/// <summary>
/// A guarded transport as the inner stream of SslStream. Cancellation is left to the transport's end, so that no byte is lost. The stream refuses a peer whose
/// first bytes do not belong to TLS, because the errors of SslStream do not say so.
/// </summary>
internal sealed class TransportStream(GuardedTransport transport) : AsyncStream
{
    private bool _hasRead;

    /// <summary>Gets the error of a peer that uses another security, or null.</summary>
    public SessionError? DifferentSecurity { get; private set; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _hasRead ? transport.ReadAsync(buffer) : ReadFirstAsync(buffer);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => transport.WriteAsync(buffer);

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async ValueTask<int> ReadFirstAsync(Memory<byte> buffer)
    {
        var count = await transport.ReadAsync(buffer).ConfigureAwait(false);
        if (count == 0)
            return 0;
        _hasRead = true;
        if (!SessionSecurity.Tls13.Handshake!.Records.Knows(buffer.Span[0]))
            DifferentSecurity = ForeignProtocol.Recognize(buffer.Span[..count]);
        return DifferentSecurity is { } error ? throw new SessionException(error) : count;
    }
}
