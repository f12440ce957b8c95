using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using SecureChannel.Cryptography;
using SecureChannel.Messages;

namespace SecureChannel.Handshakes;

/// <summary>The facts of a server's session to which its tickets are bound. A ticket resumes only a session with equal facts.</summary>
public sealed record ResumptionBinding
{
    private static readonly ConditionalWeakTable<CertificateIdentity, ServerFacts> Identities = [];

    /// <summary>Gets the cipher suite. Of the suite, only the hash function must be equal.</summary>
    public required CipherSuite CipherSuite { get; init; }

    /// <summary>Gets the server name that the client requested, or null.</summary>
    public string? ServerName { get; init; }

    /// <summary>Gets the application protocol, or null.</summary>
    public string? ApplicationProtocol { get; init; }

    /// <summary>Gets the identity of the server.</summary>
    public required CertificateIdentity Identity { get; init; }

    /// <summary>Gets the mode of client authentication.</summary>
    public ClientAuthenticationMode ClientAuthentication { get; init; }

    /// <summary>Gets the policy that decides which client certificates are trusted, or null.</summary>
    public TrustPolicy? ClientTrust { get; init; }

    /// <summary>
    /// Gets a value that indicates whether the session can be resumed. It cannot if a <see cref="CertificateVerifier"/> without
    /// <see cref="CertificateVerifier.PolicyId"/> decides which clients are trusted.
    /// </summary>
    public bool CanResume => ClientAuthentication == ClientAuthenticationMode.None || ClientTrust?.Fingerprint is not null;

    /// <summary>Gets the earliest end of validity of the server's certificates.</summary>
    internal DateTimeOffset NotAfter => Facts.NotAfter;

    private ServerFacts Facts => Identities.GetValue(Identity, static identity => new(identity));

    /// <summary>Computes the hash of all facts except the cipher suite.</summary>
    internal void ComputeHash(Span<byte> hash)
    {
        var policy = ClientAuthentication == ClientAuthenticationMode.None ? [] : ClientTrust!.Fingerprint!;
        SHA256.HashData(WireSerializer.ToArray(new BoundFacts(ServerName, ApplicationProtocol, Facts.Hash, (byte)ClientAuthentication, policy)), hash);
    }

    private sealed class ServerFacts(CertificateIdentity identity)
    {
        public byte[] Hash { get; } = SHA256.HashData(identity.Certificate.RawDataMemory.Span);

        public DateTimeOffset NotAfter { get; } =
            identity.Intermediates.Append(identity.Certificate).Min(certificate => new DateTimeOffset(certificate.NotAfter));
    }
}

/// <summary>The encoding of a <see cref="ResumptionBinding"/>. It is unambiguous, so that different facts have different hashes.</summary>
[Message]
internal sealed partial record BoundFacts(
    string? ServerName,
    string? ApplicationProtocol,
    ReadOnlyMemory<byte> Identity,
    byte ClientAuthentication,
    ReadOnlyMemory<byte> ClientTrust);
