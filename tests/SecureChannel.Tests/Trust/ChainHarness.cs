using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Handshakes;
using SecureChannel.Testing;

namespace SecureChannel.Tests;

/// <summary>A trusted root, and assertions about the verification of certificates below it.</summary>
internal static class ChainHarness
{
    public static readonly ECDsa RootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    public static readonly X509Certificate2 Root = TestCertificate.Authority("CN=Root", RootKey).SelfSigned();
    public static readonly TrustPolicy Trusted = TrustPolicy.FromAuthorities(Root);

    public static X509Certificate2 BelowRoot(this TestCertificate content) => content.SignedBy(Root, RootKey);

    public static void Accept(string name, CertificatePurpose purpose, TrustPolicy trust, params X509Certificate2[] sent) =>
        Assert.Null(Verify(name, purpose, trust, [.. sent.Select(certificate => certificate.RawDataMemory)]));

    public static void AcceptWrapping(params X509Certificate2[] sent) => Accept("bank.example", CertificatePurpose.KeyTransportServer, Trusted, sent);

    public static void Reject(AlertDescription alert, string reason, params X509Certificate2[] sent) =>
        Reject(alert, reason, "bank.example", CertificatePurpose.KeyTransportServer, Trusted, sent);

    public static void Reject(AlertDescription alert, string reason, string name, CertificatePurpose purpose, TrustPolicy trust, params X509Certificate2[] sent)
    {
        var error = Verify(name, purpose, trust, [.. sent.Select(certificate => certificate.RawDataMemory)]);
        Assert.Equal((SessionErrorKind.UntrustedPeer, alert), (error?.Kind, error?.Alert));
        Assert.Contains(reason, error!.Message, StringComparison.Ordinal);
    }

    public static SessionError? Verify(string name, CertificatePurpose purpose, TrustPolicy trust, IReadOnlyList<ReadOnlyMemory<byte>> sent,
        DateTimeOffset? at = null)
    {
        var trusted = TryValidate(sent, name, purpose, trust, at ?? TestCertificates.Now, out var chain, out var error);
        Assert.Equal(trusted, error is null);
        Assert.Equal(trusted, chain is not null);
        if (error is { Kind: SessionErrorKind.UntrustedPeer })
            Assert.Equal(error.Message, error.Certificate?.Message);
        return error;
    }

    public static bool TryValidate(IReadOnlyList<ReadOnlyMemory<byte>> sent, string name, CertificatePurpose purpose, TrustPolicy trust, DateTimeOffset at,
        [NotNullWhen(true)] out VerifiedIdentity? identity, [NotNullWhen(false)] out SessionError? error) =>
        trust.TryVerify(sent, name, purpose, at, null, default, out identity, out error);
}
