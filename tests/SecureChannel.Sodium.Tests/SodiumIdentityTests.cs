using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;
using SecureChannel.Testing;

namespace SecureChannel.Sodium.Tests;

/// <summary>Identities with Ed25519 keys, which only the provider of the session can import.</summary>
public sealed class SodiumIdentityTests
{
    private static readonly string Chain = Read("ed25519.pem") + Read("intermediate.pem");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("pem")]
    [InlineData("encrypted pem")]
    [InlineData("p12")]
    [InlineData("second of several keys")]
    public async Task An_Ed25519_identity_completes_a_handshake(string format)
    {
        using var identity = format switch
        {
            "pem" => CertificateIdentity.FromPem(Chain, Read("ed25519.key")),
            "encrypted pem" => CertificateIdentity.FromEncryptedPem(Chain, Read("ed25519-encrypted.key"), "secret"),
            "p12" => CertificateIdentity.FromPkcs12File(PathOf("ed25519.p12"), "secret"),
            _ => CertificateIdentity.FromPem(Chain, Read("ed25519-second.key") + Read("ed25519.key")),
        };
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Stream, Client(), Server(identity));

        Assert.Equal(SignatureScheme.Ed25519, pair.Server.Negotiated!.SignatureScheme);
    }

    [Theory]
    [InlineData("pss", SignatureScheme.RsaPssPssSha256)]
    [InlineData("pss-restricted", SignatureScheme.RsaPssPssSha256)]
    [InlineData("p384", SignatureScheme.EcdsaSecp384r1Sha384)]
    public async Task Keys_of_other_types_complete_a_handshake(string name, SignatureScheme scheme)
    {
        using var identity = CertificateIdentity.FromPem(Read(name + ".pem") + Read("intermediate.pem"), Read(name + ".key"));
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Stream, Client(), Server(identity));

        Assert.Equal(scheme, pair.Server.Negotiated!.SignatureScheme);
    }

    [Fact]
    public void An_Ed25519_identity_is_refused_with_a_provider_that_does_not_support_it()
    {
        using var identity = CertificateIdentity.FromPem(Chain, Read("ed25519.key"));

        var exception = Assert.Throws<ArgumentException>(() => SecureSession.Create(Stream.Null, Server(identity) with { Cryptography = CryptographyProvider.Platform }));
        Assert.StartsWith("The identity cannot be used for the handshake 'tls/1.3'. The certificate 'CN=ed25519' has a key that the provider '.NET' cannot sign with.",
            exception.Message, StringComparison.Ordinal);
        exception = Assert.Throws<ArgumentException>(() => SecureSession.Create(Stream.Null, Server(identity) with { Security = SessionSecurity.SslStream }));
        Assert.Contains("has a private key that SslStream cannot use", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_Ed25519_key_of_another_certificate_is_refused_when_it_is_imported()
    {
        using var identity = CertificateIdentity.FromPem(Chain, Read("ed25519-second.key"));

        Assert.False(identity.TryGetSigner(SodiumProvider.Instance, out _, out var error));
        Assert.Equal(CertificateErrorKind.KeyMismatch, error.Kind);
        var exception = Assert.Throws<ArgumentException>(() => SecureSession.Create(Stream.Null, Server(identity)));
        Assert.Equal(CertificateErrorKind.KeyMismatch, Assert.IsType<CertificateException>(exception.InnerException).Error.Kind);
    }

    [Fact]
    public async Task A_disposed_identity_signs_no_more()
    {
        var identity = CertificateIdentity.FromPem(Chain, Read("ed25519.key"));
        Assert.True(identity.TryGetSigner(SodiumProvider.Instance, out var signer, out _));
        identity.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await signer.SignAsync(SignatureScheme.Ed25519, new byte[1], Cancellation));
        Assert.Throws<ObjectDisposedException>(() => identity.TryGetSigner(CryptographyProvider.Platform, out _, out _));
    }

    private static ClientOptions Client()
    {
        using var root = X509CertificateLoader.LoadCertificateFromFile(PathOf("root.pem"));
        return SessionPair.ClientOptions(SessionSecurity.Tls13.Name) with { Trust = TrustPolicy.FromAuthorities(root), Cryptography = SodiumProvider.Instance };
    }

    private static ServerOptions Server(CertificateIdentity identity) =>
        SessionPair.ServerOptions(SessionSecurity.Tls13.Name) with { Identity = identity, Cryptography = SodiumProvider.Instance };

    private static string PathOf(string name) => Repository.PathOf("tests", "Vectors", "Identities", name);

    private static string Read(string name) => File.ReadAllText(PathOf(name));
}
