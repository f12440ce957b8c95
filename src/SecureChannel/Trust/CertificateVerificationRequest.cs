using System.Net;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel;

/// <summary>A request to verify the certificates of one peer in one handshake. Only the library creates instances. Thread-safe.</summary>
public sealed class CertificateVerificationRequest
{
    private readonly ParsedCertificate _certificate;

    private CertificateVerificationRequest(IReadOnlyList<ReadOnlyMemory<byte>> chain, ParsedCertificate certificate, string? name,
        CertificatePurpose purpose, DateTimeOffset time, CryptographyProvider cryptography, VerificationContext context)
    {
        (Chain, _certificate, Name, Purpose, Time, Cryptography, Context) = (chain, certificate, name, purpose, time, cryptography, context);
    }

    /// <summary>Gets the certificates that the peer sent, in DER: its own first. Only the first one is known to be well-formed.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Chain { get; }

    /// <summary>Gets the SubjectPublicKeyInfo of the peer's own certificate, in DER.</summary>
    public ReadOnlyMemory<byte> PublicKey => _certificate.PublicKey.Encoded;

    /// <summary>Gets the name that the peer must prove, or null if it is not known, as for clients.</summary>
    public string? Name { get; }

    /// <summary>Gets the purpose that the certificate must allow.</summary>
    public CertificatePurpose Purpose { get; }

    /// <summary>Gets the time of the verification.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>
    /// Gets the OCSP response that the peer stapled (RFC 9846 section 4.5.1.1), in DER and not verified, or an empty value if it sent none. Only
    /// <see cref="SessionSecurity.Tls13"/> receives one.
    /// </summary>
    public ReadOnlyMemory<byte> StapledOcspResponse => Context.StapledOcspResponse.GetValueOrDefault();

    /// <summary>
    /// Gets the remote endpoint: that of the transport, or the endpoint to which the client connects, such as a host name and a port. Null if it is not known.
    /// </summary>
    public EndPoint? RemoteEndPoint => Context.RemoteEndPoint;

    /// <summary>Gets the facts of the handshake.</summary>
    internal VerificationContext Context { get; }

    /// <summary>Gets the provider of the handshake.</summary>
    internal CryptographyProvider Cryptography { get; }

    /// <summary>Accepts the peer's certificate.</summary>
    /// <param name="name">The name of the peer, or null for <see cref="Name"/>.</param>
    /// <returns>The result, which is valid for this request alone.</returns>
    public CertificateVerificationResult Accept(string? name = null)
    {
        var leaf = new CheckedLeaf(_certificate, [], ChainCacheKey.Of(Chain, Purpose, Cryptography), Time, Time);
        return new(new VerifiedIdentity(leaf, name ?? Name, cache: null)) { Request = this };
    }

    /// <summary>Rejects the peer's certificate.</summary>
    /// <param name="kind">The kind of the error.</param>
    /// <param name="message">The text for people: what is wrong, and what to do.</param>
    /// <returns>The result.</returns>
    public CertificateVerificationResult Reject(CertificateErrorKind kind, string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new(new CertificateError(kind, message) { Certificate = _certificate.Encoded }) { Request = this };
    }

    /// <summary>Returns the purpose and the name.</summary>
    public override string ToString() => $"{Purpose} {Name}";

    /// <summary>Creates a request, or returns an error if the peer's own certificate is missing or malformed.</summary>
    internal static CertificateVerificationRequest? Create(IReadOnlyList<ReadOnlyMemory<byte>> chain, string? name, CertificatePurpose purpose,
        DateTimeOffset time, CryptographyProvider cryptography, VerificationContext context, TrustOptions options, out SessionError? error)
    {
        error = ChainVerifier.CheckSize(chain, options);
        if (error is not null)
            return null;

        // The caller's buffers may change while the verifier awaits.
        ReadOnlyMemory<byte>[] copies = [.. chain.Select(certificate => certificate.ToArray())];
        if (CertificateParser.TryParse(copies[0], out var leaf, out var malformed))
        {
            var stapled = context.StapledOcspResponse is { } response ? response.ToArray() : default(ReadOnlyMemory<byte>?);
            return new(copies, leaf, name, purpose, time, cryptography, context with { StapledOcspResponse = stapled });
        }


        error = ChainVerifier.CreateParseError(malformed, copies[0], 0, copies.Length);
        return null;
    }

    /// <summary>Binds the result of a policy to this request.</summary>
    internal CertificateVerificationResult Bind(CertificateVerificationResult result) => result with { Request = this };

    /// <summary>Returns a result of this request unchanged, and rejects any other one that accepts.</summary>
    internal CertificateVerificationResult Check(CertificateVerificationResult result) => result.Identity is null || result.Request == this
        ? result
        : Reject(CertificateErrorKind.Rejected, "The verifier returned the result of another request. Return the result of this request's Accept method.");
}
