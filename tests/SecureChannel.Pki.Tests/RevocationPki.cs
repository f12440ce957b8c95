using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Ocsp;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using SecureChannel.Handshakes;
using SecureChannel.Testing;
using BouncyCertificate = Org.BouncyCastle.X509.X509Certificate;
using X509Extension = System.Security.Cryptography.X509Certificates.X509Extension;

namespace SecureChannel.Pki.Tests;

/// <summary>
/// A root, an intermediate authority and a server, with CRLs and OCSP responses that BouncyCastle creates. It shares no code with the library.
/// </summary>
internal static class RevocationPki
{
    public const string Name = "bank.example";
    public const string CrlUri = "http://crl.example/1.crl";

    public static readonly DateTime Now = TestCertificates.Now.UtcDateTime;
    public static readonly ECDsa RootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    public static readonly ECDsa IntermediateKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    public static readonly ECDsa OtherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    public static readonly X509Certificate2 Root = Authority("CN=Root", RootKey).SelfSigned();
    public static readonly X509Certificate2 Intermediate = Authority("CN=Intermediate", IntermediateKey).SignedBy(Root, RootKey);
    public static readonly X509Certificate2 Leaf = Server().SignedBy(Intermediate, IntermediateKey);
    public static readonly X509Certificate2 OtherLeaf = Server().SignedBy(Intermediate, IntermediateKey);

    public static readonly TrustPolicy Trust = TrustPolicy.FromAuthorities(Root);

    /// <summary>Gets a current CRL of the root, which does not list the intermediate authority.</summary>
    public static byte[] RootCrl { get; } = Crl(Root, RootKey);

    public static TestCertificate Authority(string subject, ECDsa key) =>
        TestCertificate.Authority(subject, key) with { Usage = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign };

    public static TestCertificate Server(params X509Extension[] extensions) => TestCertificate.Tls() with { Subject = "CN=server", MoreExtensions = extensions };

    /// <summary>Creates the content of a responder's certificate.</summary>
    public static TestCertificate Responder(params string[] purposes) => TestCertificate.Tls() with
    {
        Subject = "CN=responder", Key = OtherKey, Names = [], Purposes = purposes is [] ? ["1.3.6.1.5.5.7.3.9"] : purposes,
    };

    /// <summary>Creates a TLS feature extension with status_request (RFC 7633), which is known as must-staple.</summary>
    public static X509Extension MustStaple() => new("1.3.6.1.5.5.7.1.24", [0x30, 3, 2, 1, 5], critical: false);

    /// <summary>Creates a CRL. By default, it is current and has no entries.</summary>
    public static byte[] Crl(X509Certificate2 issuer, ECDsa key, X509Certificate2[]? revoked = null, int? thisUpdateHours = null, int? nextUpdateHours = null,
        string algorithm = "SHA256withECDSA", Action<X509V2CrlGenerator>? change = null, bool hasNumber = true)
    {
        var generator = new X509V2CrlGenerator();
        generator.SetIssuerDN(Convert(issuer).SubjectDN);
        generator.SetThisUpdate(Now.AddHours(thisUpdateHours ?? -24));
        generator.SetNextUpdate(Now.AddHours(nextUpdateHours ?? 24));
        foreach (var certificate in revoked ?? [])
            generator.AddCrlEntry(SerialNumberOf(certificate), Now.AddDays(-2), CrlReason.KeyCompromise);
        if (hasNumber)
            generator.AddExtension(X509Extensions.CrlNumber, false, new CrlNumber(BigInteger.One));
        change?.Invoke(generator);
        return generator.Generate(new Asn1SignatureFactory(algorithm, Convert(key))).GetEncoded();
    }

    /// <summary>Creates an OCSP response. By default, the intermediate authority signs that the server's certificate is good.</summary>
    public static byte[] Ocsp(X509Certificate2? about = null, X509Certificate2? issuer = null, ECDsa? key = null, RespID? responder = null,
        X509Certificate2[]? certificates = null, CertificateStatus? status = null, int thisUpdateHours = -1, int? nextUpdateHours = 24,
        string hash = "1.3.14.3.2.26", string algorithm = "SHA256withECDSA", X509Extensions? extensions = null, X509Extensions? singleExtensions = null,
        DateTime? thisUpdate = null)
    {
        var signer = Convert(issuer ?? Intermediate);
        var generator = new BasicOcspRespGenerator(responder ?? new RespID(signer.SubjectDN));
        generator.AddResponse(new CertificateID(new AlgorithmIdentifier(new DerObjectIdentifier(hash), DerNull.Instance), signer, SerialNumberOf(about ?? Leaf)), status,
            thisUpdate ?? Now.AddHours(thisUpdateHours), nextUpdateHours is { } hours ? Now.AddHours(hours) : null, singleExtensions);
        if (extensions is not null)
            generator.SetResponseExtensions(extensions);
        var basic = generator.Generate(new Asn1SignatureFactory(algorithm, Convert(key ?? IntermediateKey)), [.. (certificates ?? []).Select(Convert)], Now.AddHours(-1));
        return new OCSPRespGenerator().Generate(OcspRespStatus.Successful, basic).GetEncoded();
    }

    /// <summary>Creates an OCSP response without a status, such as tryLater (3).</summary>
    public static byte[] OcspError(int status) => new OCSPRespGenerator().Generate(status, null).GetEncoded();

    public static X509Extensions Extension(string oid, bool isCritical)
    {
        var generator = new X509ExtensionsGenerator();
        generator.AddExtension(new DerObjectIdentifier(oid), isCritical, DerNull.Instance.GetEncoded());
        return generator.Generate();
    }

    public static BouncyCertificate Convert(X509Certificate2 certificate) => new(certificate.RawData);

    public static AsymmetricKeyParameter Convert(ECDsa key) => PrivateKeyFactory.CreateKey(key.ExportPkcs8PrivateKey());

    public static AsymmetricKeyParameter ConvertPublic(ECDsa key) => PublicKeyFactory.CreateKey(key.ExportSubjectPublicKeyInfo());

    public static BigInteger SerialNumberOf(X509Certificate2 certificate) => Convert(certificate).SerialNumber;

    /// <summary>Verifies the path from a server's certificate, by default with a stapled response that was not requested.</summary>
    public static async Task<SessionError?> VerifyAsync(TrustOptions options, X509Certificate2? leaf = null, ReadOnlyMemory<byte>? stapled = null,
        DateTimeOffset? at = null, X509Certificate2? intermediate = null, TrustPolicy? trust = null)
    {
        var policy = (trust ?? Trust).WithOptions(options);
        var operation = new CertificateVerificationOperation(policy, [(leaf ?? Leaf).RawDataMemory, (intermediate ?? Intermediate).RawDataMemory], Name,
            CertificatePurpose.TlsServer, at ?? TestCertificates.Now) { StapledOcspResponse = stapled };
        await operation.RunAsync(CancellationToken.None);
        Assert.Equal(operation.Error is null, operation.Identity is not null);
        return operation.Error;
    }
}
