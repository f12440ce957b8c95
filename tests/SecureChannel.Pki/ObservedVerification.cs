using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Testing;

namespace SecureChannel.Pki;

/// <summary>
/// The verification of a server's certificates in a process of its own, so that an observer can record which files it opens and which connections it makes.
/// </summary>
internal static class ObservedVerification
{
    public const string ServerName = "bank.example";

    /// <summary>The names of the files that the observed process tries to open before and after the verification.</summary>
    public const string BeginMarker = "verification-begins";
    public const string EndMarker = "verification-ends";

    /// <summary>Runs the verification in a mode and prints the results of the complete chain and of the chain without its intermediate certificate.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string mode, string folder)
    {
        var root = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, "root.der"));
        ReadOnlyMemory<byte>[] chain = [Read("server.der"), Read("intermediate.der")];

        File.Exists(Path.Combine(folder, BeginMarker));
        foreach (var sent in new[] { chain, chain[..1] })
            Console.WriteLine(mode == "download" ? Download(sent, root) : await VerifyAsync(CreatePolicy(mode, root, chain[0]), sent));
        File.Exists(Path.Combine(folder, EndMarker));
        return 0;

        ReadOnlyMemory<byte> Read(string name) => File.ReadAllBytes(Path.Combine(folder, name));
    }

    private static TrustPolicy CreatePolicy(string mode, X509Certificate2 root, ReadOnlyMemory<byte> server) => mode switch
    {
        "authorities" => TrustPolicy.FromAuthorities(root),
        "pins" => TrustPolicy.FromPins(TrustPolicy.ComputePin(X509CertificateLoader.LoadCertificate(server.Span))),
        _ => TrustPolicy.System,
    };

    private static async Task<string> VerifyAsync(TrustPolicy trust, ReadOnlyMemory<byte>[] sent)
    {
        var result = await trust.VerifyAsync(sent, ServerName, CertificatePurpose.TlsServer, TestCertificates.Now);
        return result.Error?.Kind.ToString() ?? "accepted";
    }

    // The control: the platform's chain engine downloads the certificate of an issuer that it does not have.
    private static string Download(ReadOnlyMemory<byte>[] sent, X509Certificate2 root)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = TestCertificates.Now.UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(CertificatePurposes.TlsServerOid, null));
        chain.ChainPolicy.CustomTrustStore.Add(root);
        foreach (var certificate in sent.Skip(1))
            chain.ChainPolicy.ExtraStore.Add(X509CertificateLoader.LoadCertificate(certificate.Span));
        return chain.Build(X509CertificateLoader.LoadCertificate(sent[0].Span)) ? "accepted" : "rejected";
    }
}
