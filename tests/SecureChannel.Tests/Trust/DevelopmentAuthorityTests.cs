namespace SecureChannel.Tests;

public sealed class DevelopmentAuthorityTests
{
    [Theory]
    [InlineData(CertificatePurpose.KeyTransportServer, "bank.example")]
    [InlineData(CertificatePurpose.TlsServer, "bank.example")]
    [InlineData(CertificatePurpose.TlsServer, "localhost")]
    [InlineData(CertificatePurpose.TlsServer, "127.0.0.1")]
    [InlineData(CertificatePurpose.TlsServer, "::1")]
    public void A_policy_that_trusts_the_authority_trusts_the_servers_that_it_issues(CertificatePurpose purpose, string name)
    {
        using var authority = DevelopmentAuthority.Create("Development CA");
        using var server = authority.IssueServer(name, purpose);

        Assert.True(ChainHarness.TryValidate(server.Chain, name, purpose, TrustPolicy.FromAuthorities(authority.Certificate), DateTimeOffset.UtcNow,
            out var verified,
            out var error), error?.ToString());

        Assert.Equal((name, purpose, server.Certificate.Thumbprint), (verified.Identity.Name, verified.Purpose, verified.Identity.Certificate!.Thumbprint));
        Assert.True(server.Supports(purpose, out _));
        Assert.Equal(purpose == CertificatePurpose.KeyTransportServer, server.KeyUnwrapper is not null);
    }

    [Fact]
    public void A_server_sends_the_intermediate_certificates_above_it()
    {
        using var root = DevelopmentAuthority.Create("Root");
        using var upper = root.IssueAuthority("Upper");
        using var lower = upper.IssueAuthority("Lower");
        using var server = lower.IssueServer("bank.example", CertificatePurpose.TlsServer);

        Assert.Equal("CN=bank.example", server.Certificate.Subject);
        Assert.Equal(["CN=Lower", "CN=Upper"], server.Intermediates.Select(intermediate => intermediate.Subject));
        Assert.True(ChainHarness.TryValidate(server.Chain, "bank.example", CertificatePurpose.TlsServer,
            TrustPolicy.FromPem(root.ExportCertificatePem()),
            DateTimeOffset.UtcNow, out _, out var error), error?.ToString());
    }
}
