namespace SecureChannel;

/// <summary>The support of the platform for TLS 1.3 through SslStream.</summary>
internal static class PlatformTls
{
    /// <summary>The switch that lets clients on macOS use the Network framework, which supports TLS 1.3.</summary>
    private const string NetworkFramework = "System.Net.Security.UseNetworkFramework";
    private const string NetworkFrameworkVariable = "DOTNET_SYSTEM_NET_SECURITY_USENETWORKFRAMEWORK";

    /// <summary>Throws if SslStream has no TLS 1.3 on this operating system, instead of letting every handshake fail.</summary>
    /// <param name="role">The role of the local endpoint.</param>
    /// <exception cref="ArgumentException">SslStream has no TLS 1.3.</exception>
    public static void ThrowIfUnsupported(Role role)
    {
        var isApple = OperatingSystem.IsMacOS() || OperatingSystem.IsIOS() || OperatingSystem.IsTvOS() || OperatingSystem.IsMacCatalyst();
        if (FindProblem(role, isApple, UsesNetworkFramework) is { } problem)
            throw new ArgumentException(problem);
    }

    private static bool UsesNetworkFramework => AppContext.TryGetSwitch(NetworkFramework, out var isEnabled)
        ? isEnabled
        : Environment.GetEnvironmentVariable(NetworkFrameworkVariable) is "1" or "true" or "True";

    /// <summary>Returns the reason why SslStream has no TLS 1.3, or null if it has.</summary>
    internal static string? FindProblem(Role role, bool isApple, bool usesNetworkFramework) =>
        !isApple || (role == Role.Client && usesNetworkFramework) ? null
        : "'SessionSecurity.SslStream' requires TLS 1.3, which .NET does not support on this operating system. Use 'SessionSecurity.Tls13', which works with "
            + $"every TLS 1.3 peer{(role == Role.Client ? $", or set the switch '{NetworkFramework}'" : "")}.";
}
