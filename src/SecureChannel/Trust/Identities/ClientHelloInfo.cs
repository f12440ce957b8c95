using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>The offer of a client. The values are not authenticated before the handshake completes.</summary>
/// <param name="ServerName">The requested server name, or null if the client requested none.</param>
/// <param name="ApplicationProtocols">
/// The application protocols of the client, best first, or null if the security does not know them. Bytes that are not UTF-8 are replaced by U+FFFD.
/// <see cref="NegotiatedSession.ClientHello"/> does not store a list of more than 1,024 bytes: the value is then null.
/// </param>
/// <param name="Groups">The key agreement groups of the client, best first, or null if the security does not know them.</param>
public sealed record ClientHelloInfo(string? ServerName, IReadOnlyList<string>? ApplicationProtocols, IReadOnlyList<NamedGroup>? Groups);
