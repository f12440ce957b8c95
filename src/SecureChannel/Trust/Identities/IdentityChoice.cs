using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>The checks of an identity that an endpoint wants to present.</summary>
internal static class IdentityChoice
{
    /// <summary>Throws if options contain an identity that cannot be used.</summary>
    /// <exception cref="ArgumentException">The identity cannot be used.</exception>
    public static void ThrowIfUnusable(IdentitySource identity, IdentityUse use, string handshake)
    {
        if (identity.Check(use) is { } error)
        {
            throw new ArgumentException(
                $"The identity cannot be used for the handshake '{handshake}'. {error.Message}", nameof(identity), new CertificateException(error));
        }
    }

    /// <summary>Throws if the mode of client authentication and the policy contradict each other.</summary>
    /// <param name="mode">The value of the option 'ClientAuthentication'.</param>
    /// <param name="trust">The value of the option 'ClientTrust'.</param>
    /// <exception cref="ArgumentException">The mode is not defined, or the policy is missing or is not used.</exception>
    public static void ThrowIfContradictory(ClientAuthenticationMode mode, TrustPolicy? trust)
    {
        const string modeName = "ClientAuthentication", trustName = "ClientTrust";
        var (option, problem) = (mode, trust) switch
        {
            (ClientAuthenticationMode.None, null) or (ClientAuthenticationMode.Request or ClientAuthenticationMode.Require, not null) => (null, null),
            (ClientAuthenticationMode.None, _) => (modeName,
                $"'{trustName}' is set, but '{modeName}' does not request certificates of clients. Set '{modeName}' to Request or Require."),
            (ClientAuthenticationMode.Request or ClientAuthenticationMode.Require, _) => (trustName,
                $"'{modeName}' is {mode}, which requires '{trustName}': the policy that decides which client certificates are trusted."),
            _ => (modeName, $"'{modeName}' has the undefined value {(int)mode}."),
        };
        if (problem is not null)
            throw new ArgumentException(problem, option);
    }

    /// <summary>Creates the error for a selected identity that cannot be used.</summary>
    public static SessionError CreateError(CertificateError error) => new(
        SessionErrorKind.LocalError, SessionErrorCode.InvalidConfiguration, AlertDescription.InternalError,
        $"The selected identity cannot be used. {error.Message}");

    /// <summary>
    /// Returns the first scheme of an identity's key that a peer verifies, or null if the peer verifies no such scheme. RSASSA-PKCS1-v1_5 signs no handshake
    /// (RFC 9846 section 4.3.3).
    /// </summary>
    public static SignatureScheme? FindScheme(CertificateIdentity identity, CryptographyProvider cryptography, IReadOnlyList<SignatureScheme> schemes)
    {
        if (!identity.TryGetSigner(cryptography, out var signer, out _))
            return null;
        foreach (var scheme in signer.Schemes)
        {
            if (scheme.IsForHandshakes && schemes.Contains(scheme))
                return scheme;
        }

        return null;
    }

    /// <summary>
    /// Returns a value that indicates whether one of the certificates of an identity is issued by one of the authorities that a peer named (RFC 9846 section
    /// 4.5.1.2), or the peer named none.
    /// </summary>
    /// <param name="identity">The identity.</param>
    /// <param name="authorities">The names of the authorities in DER.</param>
    public static bool IsIssuedBy(CertificateIdentity identity, IEnumerable<ReadOnlyMemory<byte>> authorities)
    {
        var isEmpty = true;
        foreach (var authority in authorities)
        {
            isEmpty = false;
            if (!DistinguishedName.IsWellFormed(authority))
                continue;
            foreach (var certificate in identity.Intermediates.Prepend(identity.Certificate))
            {
                if (HasIssuer(certificate, authority))
                    return true;
            }
        }

        return isEmpty;
    }

    private static bool HasIssuer(X509Certificate2 certificate, ReadOnlyMemory<byte> name)
    {
        var issuer = certificate.IssuerName.RawData;
        return DistinguishedName.IsWithin(issuer, name) && DistinguishedName.IsWithin(name, issuer);
    }
}
