using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Testing;

namespace SecureChannel.Pki;

/// <summary>The result of the platform's chain engine.</summary>
/// <param name="IsAccepted">True if the platform found a valid path; otherwise, false.</param>
/// <param name="Status">The problems of the path that the platform chose.</param>
/// <param name="Path">The path that the platform chose, which may be incomplete.</param>
internal sealed record PlatformChain(bool IsAccepted, X509ChainStatusFlags Status, IReadOnlyList<byte[]> Path)
{
    /// <summary>Verifies a server's certificates under given authorities alone, without revocation and downloads.</summary>
    public static PlatformChain Verify(IEnumerable<byte[]> anchors, IReadOnlyList<byte[]> presented)
    {
        var certificates = new List<X509Certificate2>();
        try
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.DisableCertificateDownloads = true;
            chain.ChainPolicy.VerificationTime = TestCertificates.Now.UtcDateTime;
            chain.ChainPolicy.ApplicationPolicy.Add(new Oid(CertificatePurposes.TlsServerOid, null));
            chain.ChainPolicy.CustomTrustStore.AddRange(anchors.Select(Load).ToArray());
            chain.ChainPolicy.ExtraStore.AddRange(presented.Skip(1).Select(Load).ToArray());

            var isAccepted = chain.Build(Load(presented[0]));
            return new(isAccepted, chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status),
                [.. chain.ChainElements.Select(element => element.Certificate.RawData)]);
        }
        finally
        {
            certificates.ForEach(certificate => certificate.Dispose());
        }

        X509Certificate2 Load(byte[] der)
        {
            var certificate = X509CertificateLoader.LoadCertificate(der);
            certificates.Add(certificate);
            return certificate;
        }
    }
}
