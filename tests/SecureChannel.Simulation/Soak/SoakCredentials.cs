using System.Security.Cryptography.X509Certificates;
using SecureChannel.Testing;

namespace SecureChannel.Simulation;

/// <summary>The options of sessions that run in real time, with certificates that are valid now.</summary>
internal static class SoakCredentials
{
    private const string ServerName = "bank.example";

    private static readonly TestCertificate Authority = Valid(TestCertificate.Authority("CN=Soak", TestCertificates.Rsa2048));
    private static readonly X509Certificate2 AuthorityCertificate = Authority.SelfSigned();
    private static readonly TrustPolicy Trust = TrustPolicy.FromAuthorities(AuthorityCertificate);
    private static readonly CertificateIdentity TlsIdentity = Issue(Valid(TestCertificate.Tls() with { Key = TestCertificates.Rsa2048 }));
    private static readonly CertificateIdentity KeyTransportIdentity = Issue(Valid(new TestCertificate()));

    /// <summary>Creates the options of an endpoint.</summary>
    public static SecureSessionOptions Create(Role role, SessionSecurity security, TimeSpan? idleTimeout, TimeSpan? keepAliveInterval = null)
    {
        if (role == Role.Client)
        {
            return new ClientOptions
            {
                Security = security,
                Trust = Trust,
                ServerName = ServerName,
                IdleTimeout = idleTimeout,
                KeepAliveInterval = keepAliveInterval,
            };
        }
        var identity = security == SessionSecurity.KeyTransport ? KeyTransportIdentity : TlsIdentity;
        return new ServerOptions { Security = security, Identity = identity, IdleTimeout = idleTimeout, KeepAliveInterval = keepAliveInterval };
    }

    private static TestCertificate Valid(TestCertificate content) =>
        content with { NotBefore = DateTimeOffset.UtcNow.AddDays(-1), NotAfter = DateTimeOffset.UtcNow.AddDays(30) };

    private static CertificateIdentity Issue(TestCertificate content)
    {
        using var certificate = content.SignedBy(AuthorityCertificate, TestCertificates.Rsa2048);
        using var withKey = certificate.CopyWithPrivateKey(TestCertificates.Rsa2048);
        return new CertificateIdentity(withKey);
    }
}
