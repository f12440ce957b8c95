namespace SecureChannel.Protocols;

/// <summary>The options of an <see cref="InMemoryChannel"/>.</summary>
public sealed record InMemoryChannelOptions
{
    /// <summary>Gets the application protocols that the client supports, in order of preference; empty for none.</summary>
    public IReadOnlyList<string> ClientProtocols { get; init; } = [];

    /// <summary>Gets the application protocols that the server supports, in order of preference; empty for none.</summary>
    public IReadOnlyList<string> ServerProtocols { get; init; } = [];

    /// <summary>Gets the identity of the client, such as one of <see cref="PeerIdentity.CreateForTesting"/>, or null for an anonymous client.</summary>
    public PeerIdentity? ClientIdentity { get; init; }

    /// <summary>Gets the identity of the server, or null for none.</summary>
    public PeerIdentity? ServerIdentity { get; init; }

    /// <summary>Gets the clock for declared deadlines. The default is the system clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
