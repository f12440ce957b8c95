using System.Globalization;
using SecureChannel.Testing;

namespace SecureChannel.Interop.Tests;

/// <summary>Revocation with openssl: its authority issues CRLs, its responder OCSP responses, and its server staples them.</summary>
public sealed class StaplingInteropTests(StaplingFolder folder) : IClassFixture<StaplingFolder>
{
    [Theory]
    [InlineData("good", 0, null)]
    [InlineData("good-sha256", 0, null)]
    [InlineData("good-delegated", 0, null)]
    [InlineData("revoked", 0, AlertDescription.CertificateRevoked)]
    [InlineData("good", 2, AlertDescription.BadCertificateStatusResponse)]
    [InlineData("wrong-responder", 0, AlertDescription.BadCertificateStatusResponse)]
    [InlineData("none", 0, AlertDescription.CertificateUnknown)]
    public async Task Client_verifies_the_response_that_openssl_staples(string response, int daysLater, AlertDescription? alert)
    {
        Programs.Require("openssl");
        var trust = TrustPolicy.FromPemFile(folder.PathOf("root.pem")).WithOptions(new TrustOptions { Revocation = RevocationMode.Required });
        Assert.Equal(alert, await ConnectAsync(response, trust, daysLater));
    }

    [Theory]
    [InlineData("empty.crl", null)]
    [InlineData("revoked.crl", AlertDescription.CertificateRevoked)]
    public async Task Client_reads_the_CRL_of_an_authority_of_openssl(string crl, AlertDescription? alert)
    {
        Programs.Require("openssl");
        var trust = TrustPolicy.FromPemFile(folder.PathOf("root.pem"))
            .WithOptions(new TrustOptions { Revocation = RevocationMode.Required, CrlPaths = [folder.PathOf(crl)] });
        Assert.Equal(alert, await ConnectAsync("none", trust));
    }

    [Fact]
    public async Task Client_of_openssl_accepts_the_response_that_the_server_staples()
    {
        var openssl = Programs.Require("openssl");
        using var loaded = CertificateIdentity.FromPemFile(folder.PathOf("server.pem"), folder.PathOf("server.key"));
        using var identity = new CertificateIdentity(loaded.Certificate) { OcspResponse = await File.ReadAllBytesAsync(folder.PathOf("good.ocsp")) };
        await using var server = new EchoServer(identity);
        await using var client = ExternalProgram.Start(openssl, folder.Path,
            ["s_client", "-connect", $"127.0.0.1:{server.Port}", "-servername", StaplingFolder.ServerName, "-CAfile", "root.pem", "-tls1_3", "-status"]);
        await client.WaitForOutputAsync("Verify return code: 0");
        Assert.Contains("OCSP Response Status: successful", client.Output, StringComparison.Ordinal);
        Assert.Contains("Cert Status: good", client.Output, StringComparison.Ordinal);
        await client.WriteInputAsync("Q\n");
        await client.WaitForExitAsync();
    }

    // Returns the alert of the client, or null if the handshake completed.
    private async Task<AlertDescription?> ConnectAsync(string response, TrustPolicy trust, int daysLater = 0)
    {
        var openssl = Programs.Require("openssl");
        string[] status = response == "none" ? [] : ["-status_file", response + ".ocsp"];
        await using var server = ExternalProgram.Start(
            openssl, folder.Path, ["s_server", "-accept", "127.0.0.1:0", "-cert", "server.pem", "-key", "server.key", "-tls1_3", "-rev", .. status]);
        var port = int.Parse((await server.WaitForOutputAsync(@"^ACCEPT .*:(\d+)")).Groups[1].Value, CultureInfo.InvariantCulture);
        var options = new ClientOptions
        {
            Trust = trust, ServerName = StaplingFolder.ServerName, IdleTimeout = null, TimeProvider = new ManualTimeProvider(DateTimeOffset.UtcNow.AddDays(daysLater)),
        };
        try
        {
            await using var session = await Endpoints.ConnectAsync(port, options);
            Assert.Equal(StaplingFolder.ServerName, session.PeerIdentity?.Name);
            return null;
        }
        catch (SessionException failure)
        {
            Assert.Equal(SessionErrorKind.UntrustedPeer, failure.Error.Kind);
            return failure.Error.Alert;
        }
    }
}
