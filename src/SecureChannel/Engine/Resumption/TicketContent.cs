using System.Collections.Immutable;
using SecureChannel.Cryptography;

namespace SecureChannel.Handshakes;

/// <summary>The state in a ticket, which a <see cref="TicketProtector"/> encrypts and authenticates.</summary>
[Message]
internal readonly ref partial struct TicketContent
{
    /// <summary>The version of the content.</summary>
    public const byte CurrentVersion = 1;

    /// <summary>Gets the version: <see cref="CurrentVersion"/>.</summary>
    public required byte Version { get; init; }

    /// <summary>Gets the cipher suite of the session.</summary>
    public required CipherSuite CipherSuite { get; init; }

    /// <summary>Gets the time of the full handshake, in milliseconds since 1970.</summary>
    public required long AuthenticatedAt { get; init; }

    /// <summary>Gets the time after which the ticket is not accepted, in milliseconds since 1970.</summary>
    public required long ExpiresAt { get; init; }

    /// <summary>Gets the hash of the facts to which the ticket is bound.</summary>
    [ByteLength(32)]
    public required ReadOnlySpan<byte> Binding { get; init; }

    /// <summary>Gets the key of the ticket.</summary>
    [ByteLength(32, 48)]
    public required ReadOnlySpan<byte> Key { get; init; }

    /// <summary>Gets the encoded <see cref="TicketChain"/>.</summary>
    [ByteLength(0, 0xFFFF)]
    public required ReadOnlySpan<byte> ClientChain { get; init; }
}

/// <summary>The certificates of a client that proved its identity.</summary>
/// <param name="Certificates">The certificates, the client's own first; empty if the client proved no identity.</param>
[Message]
internal sealed partial record TicketChain([property: ByteLength(0, 0xFFFF)] ImmutableArray<TicketCertificate> Certificates);

/// <summary>One certificate of a client.</summary>
/// <param name="Der">The certificate in DER.</param>
[Message]
internal sealed partial record TicketCertificate([property: ByteLength(1, 0xFFFF)] ReadOnlyMemory<byte> Der);
