using System.Runtime.CompilerServices;

namespace SecureChannel.Protocols;

/// <summary>The options of a pair of in-memory channels. They represent what the endpoints of a session negotiate and prove.</summary>
public sealed record InMemoryChannelOptions
{
    /// <summary>
    /// Gets the application protocols that the client supports, in order of preference. The default is an empty list. The channels negotiate by the same rules
    /// as a session whose endpoints require one of their protocols.
    /// </summary>
    public IReadOnlyList<string> ClientProtocols { get; init => field = Copy(value); } = [];

    /// <summary>Gets the application protocols that the server supports, in order of preference. The default is an empty list.</summary>
    public IReadOnlyList<string> ServerProtocols { get; init => field = Copy(value); } = [];

    /// <summary>
    /// Gets the identity of the client that the server sees, such as <see cref="PeerIdentity.CreateForTesting"/> creates, or null for none. The default is
    /// null.
    /// </summary>
    public PeerIdentity? ClientIdentity { get; init; }

    /// <summary>Gets the identity of the server that the client sees, or null for none. The default is null.</summary>
    public PeerIdentity? ServerIdentity { get; init; }

    /// <summary>Gets the maximum size of a received message, in bytes, without its framing. The default is 1 MiB; the minimum is 0.</summary>
    public int MaxMessageSize { get; init; } = MessageFraming.DefaultMaxMessageSize;

    /// <summary>Gets the clock for deadlines. The default is the system clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Determines whether two options are the same instance.</summary>
    /// <param name="other">The options to compare with.</param>
    /// <returns>True if both are the same instance; otherwise, false.</returns>
    public bool Equals(InMemoryChannelOptions? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>Returns the name of the type, without any values.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(InMemoryChannelOptions);

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(ClientProtocols);
        ArgumentNullException.ThrowIfNull(ServerProtocols);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxMessageSize);
    }

    private static IReadOnlyList<string> Copy(IReadOnlyList<string> list) => list is null ? null! : [.. list];
}
