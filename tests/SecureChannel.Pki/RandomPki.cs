using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Testing;

namespace SecureChannel.Pki;

/// <summary>
/// A random public key infrastructure: authorities that are cross-signed, renewed, have rolled over their keys or form loops, some of them with a defect, and
/// one server below them. The same seed always creates the same structure.
/// </summary>
internal sealed class RandomPki
{
    public const string ServerName = "server.bank.example";

    private static readonly ECDsa[] Keys = [.. Enumerable.Range(0, 7).Select(_ => ECDsa.Create(ECCurve.NamedCurves.nistP256))];
    private static readonly string[] Names = ["CN=A", "CN=B", "CN=C", "CN=D"];
    private static readonly string[] Domains = ["bank.example", "example", "server.bank.example", "other.example", "www.bank.example"];

    private readonly Random _random;
    private readonly List<(string Name, ECDsa Key)> _authorities = [];

    public RandomPki(int seed)
    {
        _random = new Random(seed);
        for (var count = _random.Next(2, 7); count > 0; count--)
            _authorities.Add((Pick(Names), Keys[_random.Next(Keys.Length)]));
        Anchors = [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => CreateAnchor())];
        var intermediates = Enumerable.Range(0, _random.Next(1, 9)).Select(_ => CreateIntermediate()).ToArray();
        _random.Shuffle(intermediates);
        Presented = [CreateServer(), .. intermediates];
    }

    public IReadOnlyList<X509Certificate2> Anchors { get; }

    public IReadOnlyList<X509Certificate2> Presented { get; }

    /// <summary>Verifies the server with the library.</summary>
    public async Task<CertificateError?> VerifyAsync()
    {
        // An authority that must not issue certificates cannot be configured, so it is left out, as the oracle rejects its paths.
        var anchors = Anchors.Where(CanBeTrusted).ToList();
        if (anchors.Count == 0)
            return new CertificateError(CertificateErrorKind.UnknownAuthority, "No anchor can be configured.");
        var result = await TrustPolicy.FromAuthorities(anchors).VerifyAsync([.. Presented.Select(certificate => certificate.RawDataMemory)],
            ServerName, CertificatePurpose.TlsServer, TestCertificates.Now);
        return result.Error;
    }

    private static bool CanBeTrusted(X509Certificate2 anchor)
    {
        try
        {
            TrustPolicy.FromAuthorities(anchor);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private X509Certificate2 CreateAnchor()
    {
        var (name, key) = Pick(_authorities);
        var content = CreateAuthority(name, key, chance: 8);
        return Happens(4) ? SignBy(content, Pick(_authorities)) : content.SelfSigned();
    }

    private X509Certificate2 CreateIntermediate()
    {
        var (name, key) = Pick(_authorities);
        return SignBy(CreateAuthority(name, key, chance: 14), Pick(_authorities));
    }

    private X509Certificate2 CreateServer()
    {
        var content = TestCertificate.Tls() with { Names = [ServerName], Subject = Happens(10) ? Pick(Names) : "CN=server" };
        if (Happens(20))
            content = content with { NotAfter = TestCertificates.Now.AddDays(-1) };
        if (Happens(10))
            content = content with { Names = [ServerName, Pick(Domains)] };
        return SignBy(content, Pick(_authorities));
    }

    // One in 'chance' certificates has each kind of defect.
    private TestCertificate CreateAuthority(string name, ECDsa key, int chance)
    {
        var content = TestCertificate.Authority(name, key);
        var extensions = new List<X509Extension>();
        if (Happens(chance))
            content = content with { NotAfter = TestCertificates.Now.AddDays(-_random.Next(1, 5)) };
        else if (Happens(2 * chance))
            content = content with { NotBefore = TestCertificates.Now.AddDays(_random.Next(1, 5)) };
        if (Happens(chance / 2))
            content = content with { PathLength = _random.Next(0, 3) };
        if (Happens(2 * chance))
            content = content with { Usage = X509KeyUsageFlags.CrlSign };
        if (Happens(chance))
            content = content with { Purposes = [Pick([CertificatePurposes.TlsServerOid, CertificatePurposes.TlsClientOid, "2.5.29.37.0"])] };
        if (Happens(2 * chance))
            extensions.Add(new X509Extension("1.2.3.4", [5, 0], critical: true));
        if (Happens(chance / 2))
            extensions.Add(CreateNameConstraints());
        return content with { MoreExtensions = [.. extensions] };
    }

    // One in 20 signatures is by the key of another authority.
    private X509Certificate2 SignBy(TestCertificate content, (string Name, ECDsa Key) issuer)
    {
        using var named = new TestCertificate { Subject = issuer.Name, Key = issuer.Key }.SelfSigned();
        return content.SignedBy(named, Happens(20) ? Keys[_random.Next(Keys.Length)] : issuer.Key);
    }

    private X509Extension CreateNameConstraints()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, Happens(2) ? 0 : 1)))
        {
            for (var count = _random.Next(1, 3); count > 0; count--)
            {
                using (writer.PushSequence())
                    writer.WriteCharacterString(UniversalTagNumber.IA5String, Pick(Domains), new Asn1Tag(TagClass.ContextSpecific, 2));
            }
        }

        return new X509Extension("2.5.29.30", writer.Encode(), critical: true);
    }

    private bool Happens(int oneIn) => _random.Next(oneIn) == 0;

    private T Pick<T>(IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];
}
