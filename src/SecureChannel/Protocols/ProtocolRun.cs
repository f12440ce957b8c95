namespace SecureChannel.Protocols;

/// <summary>
/// One run of a protocol over a channel: where it is, and which tokens are valid. A token holds the version that the run had when it was given out; an
/// operation claims the version, and its success advances it.
/// </summary>
internal sealed class ProtocolRun
{
    private long _version = 1;

    private ProtocolRun(MessageChannel channel, ProtocolState state) => (Channel, State) = (channel, state);

    public MessageChannel Channel { get; }

    /// <summary>Written only by whoever holds the claim.</summary>
    public ProtocolState State { get; private set; }

    public static Turn Begin(MessageChannel channel, ProtocolState start)
    {
        ArgumentNullException.ThrowIfNull(channel);
        if (channel.ApplicationProtocol is { } agreed && agreed != start.Protocol)
            throw new InvalidOperationException($"{start.Subject}: the ends of this channel agreed on {agreed}, so {start.Protocol} cannot begin on it.");
        if (!channel.TryBegin())
            throw new InvalidOperationException($"{start.Subject}: a protocol has begun on this channel already, and a channel carries one run. Keep the token that Begin returned.");
        return new Turn(new ProtocolRun(channel, start), 1);
    }

    public void Claim(long version, ProtocolState state, string what)
    {
        if (!ReferenceEquals(State, state) || Interlocked.CompareExchange(ref _version, -version, version) != version)
            throw Refuse(version, state, what);
    }

    public void Release(long version) => Volatile.Write(ref _version, version);

    public Turn Advance(long version, ProtocolState next)
    {
        State = next;
        Volatile.Write(ref _version, version + 1);
        return new Turn(this, version + 1);
    }

    public void Demand(long version, ProtocolState state, string what)
    {
        if (!ReferenceEquals(State, state) || Volatile.Read(ref _version) != version)
            throw Refuse(version, state, what);
    }

    public static InvalidOperationException RefuseDefault(ProtocolState state, string what) => new(
        $"{state.Subject}: {what} is not possible with a default {state.Name}, which belongs to no run. Take the token from Begin or from the operation that leads to {state.Name}.");

    private InvalidOperationException Refuse(long version, ProtocolState state, string what) => new(Volatile.Read(ref _version) == -version
        ? $"{state.Subject}: {what} is not possible in {state.Name} while another operation of the same token is under way. Await it first."
        : $"{state.Subject}: {what} is not possible with this {state.Name}, which has been used: {State.WhatNow}. Use the token that the last operation returned.");
}
