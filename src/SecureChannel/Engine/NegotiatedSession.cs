using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel;

/// <summary>The parameters that both endpoints negotiated in the handshake.</summary>
public sealed record NegotiatedSession
{
    /// <summary>Creates an instance without session parameters.</summary>
    public NegotiatedSession()
    {
    }

    /// <summary>Creates an instance with session parameters.</summary>
    /// <param name="agreed">The parameters.</param>
    public NegotiatedSession(AgreedParameters agreed) =>
        (ParametersVersion, IdleTimeout, KeepAliveInterval, PeerMaxMessageSize) = (agreed.Version, agreed.IdleTimeout, agreed.KeepAliveInterval, agreed.PeerMaxMessageSize);

    /// <summary>Gets the name and version of the handshake, such as <c>tls/1.3</c>.</summary>
    public required string Handshake { get; init; }

    /// <summary>Gets the application protocol (RFC 7301), or null if none was negotiated.</summary>
    public string? ApplicationProtocol { get; init; }

    /// <summary>Gets the cipher suite, or null if the platform's TLS negotiated one that <see cref="Cryptography.CipherSuite"/> does not define.</summary>
    public CipherSuite? CipherSuite { get; init; }

    /// <summary>
    /// Gets the group of the key exchange (RFC 9846 section 4.3.7), or null if the handshake has no key exchange or does not report its group.
    /// </summary>
    public NamedGroup? Group { get; init; }

    /// <summary>
    /// Gets the scheme of the server's signature (RFC 9846 section 4.3.3), or null if the handshake has no signature or does not report its scheme.
    /// </summary>
    public SignatureScheme? SignatureScheme { get; init; }

    /// <summary>
    /// Gets a value that indicates whether the client proved its identity in the handshake. At the client, the value is true if it presented an identity, which
    /// the server may still refuse.
    /// </summary>
    public bool IsClientAuthenticated { get; init; }

    /// <summary>
    /// Gets a value that indicates whether the session resumes an earlier one. The identities were then proven in the earlier session, and the certificates were
    /// verified again.
    /// </summary>
    public bool IsResumed { get; init; }

    /// <summary>Gets a value that indicates whether the server requested another key share with a HelloRetryRequest (RFC 9846 section 4.2.4).</summary>
    public bool IsRetried { get; init; }

    /// <summary>Gets the offer of the client. At clients, and if the security does not report the offer, the value is null.</summary>
    public ClientHelloInfo? ClientHello
    {
        get => field ??= Offer?.Describe();
        init;
    }

    /// <summary>Gets the offer from which <see cref="ClientHello"/> is created at its first use, or null.</summary>
    public IClientOffer? Offer { get; init; }

    /// <summary>Gets the time without authenticated traffic after which the session ends, or null if the session has no idle timeout.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>
    /// Gets the version of the session parameters that both endpoints exchanged, or null if the peer sent none. Without them, only the local endpoint applies
    /// <see cref="IdleTimeout"/>, and the session has no keep-alive.
    /// </summary>
    public int? ParametersVersion { get; init; }

    /// <summary>
    /// Gets the time without received records after which each endpoint sends a ping: the smaller value of both endpoints, or null if neither wants keep-alive.
    /// </summary>
    public TimeSpan? KeepAliveInterval { get; init; }

    /// <summary>Gets the maximum size of a message that the peer receives, in bytes without framing, or null if it is unknown.</summary>
    public int? PeerMaxMessageSize { get; init; }
}
