using SecureChannel.Messages;

namespace SecureChannel.Simulation;

/// <summary>An application that sends and receives messages without a protocol.</summary>
internal sealed class MessageActor(Endpoint end, Ledger outgoing, Ledger incoming) : Actor(end, outgoing, incoming)
{
    protected override ValueTask SendAsync(ReadOnlyMemory<byte> content, int number, CancellationToken cancellationToken) =>
        Endpoint.Session.SendAsync(new Parcel(number, content), cancellationToken);

    protected override async ValueTask<bool> ReceiveAsync(CancellationToken cancellationToken)
    {
        if (await Endpoint.Session.ReceiveAsync(cancellationToken) is not { } message)
            return true;
        // Disposal, which may run at the same time, invalidates the body.
        if (Endpoint.IsDisposed)
            return false;
        if (WireSerializer.TryRead<Parcel>(message.Body.Span, out var parcel, out _))
            Incoming.Receive(parcel.Number, parcel.Content.Span);
        else
            Incoming.Receive(-1, default);
        return false;
    }
}
