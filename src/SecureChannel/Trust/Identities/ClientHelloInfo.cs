using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>The offer of a client. The values are not authenticated before the handshake completes.</summary>
/// <param name="ServerName">The requested server name, or null if the client requested none.</param>
/// <param name="ApplicationProtocols">The application protocols of the client, best first, or null if the security does not know them.</param>
/// <param name="Groups">The key agreement groups of the client, best first, or null if the security does not know them.</param>
public sealed record ClientHelloInfo(string? ServerName, IReadOnlyList<string>? ApplicationProtocols, IReadOnlyList<NamedGroup>? Groups);
