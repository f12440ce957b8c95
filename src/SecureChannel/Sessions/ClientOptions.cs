using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>What the end that opens sessions chooses.</summary>
public sealed class ClientOptions : SecureSessionOptions
{
    /// <summary>Whose word this end takes on who the server is.</summary>
    public required TrustPolicy Trust { get; init; }

    /// <summary>
    /// The name that the server's certificate must be for: a DNS name or an IP address (RFC 9525). If null, the host that
    /// <see cref="SecureSession.ConnectAsync(string, int, ClientOptions, CancellationToken)"/> connects to; a session over an open connection needs it.
    /// </summary>
    public string? ServerName { get; init; }

    /// <summary>The schemes by which the server may sign the handshake, best first; empty: the provider's. Each must be one of them.</summary>
    public IReadOnlyList<SignatureScheme> SignatureSchemes { get; init; } = [];

    internal override void Validate()
    {
        base.Validate();
        CheckChoice(SignatureSchemes, Cryptography.SignatureSchemes, scheme => scheme.Name, nameof(SignatureSchemes));
        ArgumentNullException.ThrowIfNull(Trust);
        if (ServerName is "")
            throw new ArgumentException("A server's name is not empty; leave it null to take the host that is connected to.", nameof(ServerName));
    }
}
