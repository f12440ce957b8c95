using System.Security.Cryptography.X509Certificates;
using SecureChannel.Testing;

namespace SecureChannel.Simulation;

/// <summary>
/// Creates the sessions of a run. All signatures are RSA signatures, whose length is constant: a length that depends on a random key would change the events of
/// a seed.
/// </summary>
internal static class Sessions
{
    private const string ServerName = "bank.example";

    private static readonly TestCertificate Authority = TestCertificate.Authority("CN=Simulation", TestCertificates.Rsa2048);
    private static readonly X509Certificate2 AuthorityCertificate = Authority.SelfSigned();
    private static readonly TrustPolicy Trust = TrustPolicy.FromAuthorities(AuthorityCertificate);
    private static readonly CertificateIdentity TlsIdentity = Issue(TestCertificate.Tls() with { Key = TestCertificates.Rsa2048 });
    private static readonly CertificateIdentity KeyTransportIdentity = Issue(new TestCertificate());

    /// <summary>Creates the session of an end.</summary>
    public static SecureSession Create(Role role, Scenario scenario, Stream transport, TimeProvider time)
    {
        var plan = scenario.PlanOf(role);
        var calls = 0;
        Action<HandshakeProgress>? observer = plan.Throws == ThrowingCallback.HandshakeObserver ? _ => ThrowAtCall(plan, ref calls) : null;
        Action<string>? keyLog = plan.Throws == ThrowingCallback.KeyLog ? _ => ThrowAtCall(plan, ref calls) : null;
        if (role == Role.Client)
        {
            return SecureSession.Create(transport, new ClientOptions
            {
                Security = scenario.Security,
                Trust = Trust,
                ServerName = ServerName,
                TimeProvider = time,
                IdleTimeout = plan.IdleTimeout,
                KeepAliveInterval = scenario.KeepAliveInterval,
                KeepAliveTimeout = Scenario.KeepAliveTimeout,
                HandshakeTimeout = plan.HandshakeTimeout,
                AllowHalfClose = plan.AllowHalfClose,
                MaxMessageSize = plan.MaxMessageSize,
                HandshakeObserver = observer,
                KeyLog = keyLog,
                CloseTimeout = plan.CloseTimeout,
                DelayClock = time,
            });
        }
        return SecureSession.Create(transport, new ServerOptions
        {
            Security = scenario.Security,
            Identity = scenario.Security == SessionSecurity.KeyTransport ? KeyTransportIdentity : TlsIdentity,
            TimeProvider = time,
            IdleTimeout = plan.IdleTimeout,
            HandshakeTimeout = plan.HandshakeTimeout,
            AllowHalfClose = plan.AllowHalfClose,
            MaxMessageSize = plan.MaxMessageSize,
            HandshakeObserver = observer,
            KeyLog = keyLog,
            CloseTimeout = plan.CloseTimeout,
            DelayClock = time,
        });
    }

    private static void ThrowAtCall(EndPlan plan, ref int calls)
    {
        if (++calls == plan.ThrowsAtCall)
            throw new ApplicationException();
    }

    private static CertificateIdentity Issue(TestCertificate content)
    {
        using var certificate = content.SignedBy(AuthorityCertificate, TestCertificates.Rsa2048);
        using var withKey = certificate.CopyWithPrivateKey(TestCertificates.Rsa2048);
        return new CertificateIdentity(withKey);
    }
}
