namespace SecureChannel.Tests.Sessions;

public sealed class PlatformTlsTests
{
    [Theory]
    [InlineData(Role.Client, false, false, true)]
    [InlineData(Role.Server, false, false, true)]
    [InlineData(Role.Client, true, false, false)]
    [InlineData(Role.Client, true, true, true)]
    [InlineData(Role.Server, true, false, false)]
    [InlineData(Role.Server, true, true, false)]
    public void SslStream_is_refused_where_the_platform_has_no_TLS_13(Role role, bool isApple, bool usesNetworkFramework, bool isSupported)
    {
        var problem = PlatformTls.FindProblem(role, isApple, usesNetworkFramework);

        Assert.Equal(isSupported, problem is null);
        if (isSupported)
            return;
        Assert.StartsWith("'SessionSecurity.SslStream' requires TLS 1.3, which .NET does not support on this operating system. Use 'SessionSecurity.Tls13'",
            problem, StringComparison.Ordinal);
        Assert.Equal(role == Role.Client, problem!.Contains("System.Net.Security.UseNetworkFramework", StringComparison.Ordinal));
    }
}
