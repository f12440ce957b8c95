using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using SecureChannel.Testing;

namespace SecureChannel.Pki.Tests;

/// <summary>
/// The files and connections of a process that verifies certificates, as strace records them. The controls show that strace records those of X509Chain.
/// </summary>
public sealed partial class SystemCallTests : IDisposable
{
    // Nothing listens on this port, so that a connection fails at once.
    private const string IssuerUri = "http://127.0.0.1:1/intermediate.der";

    private static readonly string[] CommonStores = ["/etc/ssl", "/etc/pki", "/usr/share/ca-certificates", "/usr/lib/ssl/certs", "/usr/lib/ssl/cert.pem"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("SecureChannel.Pki.");

    public SystemCallTests()
    {
        var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = TestCertificate.Authority("CN=Root", rootKey).SelfSigned();
        var authority = TestCertificate.Authority("CN=Intermediate");
        var intermediate = authority.SignedBy(root, rootKey);
        var server = TestCertificate.Tls() with { MoreExtensions = [new X509AuthorityInformationAccessExtension(null, [IssuerUri])] };
        Write("root.der", root);
        Write("intermediate.der", intermediate);
        Write("server.der", server.SignedBy(intermediate, authority.Key));
        Store = _folder.CreateSubdirectory("store").FullName;
    }

    // The home folder of the process, and the folder of the machine's authorities.
    private string Store { get; }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("authorities", "accepted", "UnknownAuthority")]
    [InlineData("pins", "accepted", "accepted")]
    public async Task No_store_is_opened_and_no_connection_is_made_while_certificates_are_verified(string mode, string complete, string incomplete)
    {
        var (results, calls) = await ObserveAsync(mode);

        Assert.Equal([complete, incomplete], results);
        Assert.Equal([], calls.Where(IsNetwork));
        Assert.Equal([], calls.Where(IsStore));
        Assert.Equal([], Verification(calls).Where(call => !IsProgram(call)));
    }

    [Fact]
    public async Task The_stores_that_the_platform_opens_are_observed()
    {
        var (results, calls) = await ObserveAsync("system");

        Assert.Equal(["UnknownAuthority", "UnknownAuthority"], results);
        Assert.Contains(Verification(calls), IsStore);
        Assert.DoesNotContain(calls, IsNetwork);
    }

    [Fact]
    public async Task The_connection_that_the_platform_makes_is_observed()
    {
        var (results, calls) = await ObserveAsync("download");

        Assert.Equal(["accepted", "rejected"], results);
        Assert.Contains(Verification(calls), IsStore);
        Assert.Contains(Verification(calls), call => call.StartsWith("connect(", StringComparison.Ordinal) && call.Contains("127.0.0.1", StringComparison.Ordinal));
    }

    private async Task<(IEnumerable<string> Results, List<string> Calls)> ObserveAsync(string mode)
    {
        var log = Path.Combine(_folder.FullName, "calls");
        var environment = new Dictionary<string, string>
        {
            ["HOME"] = Store, ["SSL_CERT_DIR"] = Store, ["SSL_CERT_FILE"] = Path.Combine(Store, "authorities.pem"),
            // The runtime's socket for debuggers is not part of the verification.
            ["DOTNET_EnableDiagnostics"] = "0",
        };
        var result = await Command.RunAsync(Programs.Require("strace"), AppContext.BaseDirectory, environment,
            "-f", "-qq", "-e", "trace=%file,%network,io_uring_setup", "-e", "signal=none", "-o", log,
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", "SecureChannel.Pki.dll", "observe", mode, _folder.FullName);
        Assert.True(result.ExitCode == 0, result.Output);
        return (result.Lines, [.. (await File.ReadAllLinesAsync(log)).Select(line => ProcessId.Replace(line, ""))]);
    }

    private static IEnumerable<string> Verification(List<string> calls)
    {
        var begin = calls.FindIndex(call => call.Contains(ObservedVerification.BeginMarker, StringComparison.Ordinal));
        var end = calls.FindIndex(call => call.Contains(ObservedVerification.EndMarker, StringComparison.Ordinal));
        Assert.InRange(begin, 0, end - 1);
        return calls[(begin + 1)..end].Where(call => !call.Contains(ObservedVerification.BeginMarker, StringComparison.Ordinal));
    }

    private bool IsStore(string call) => call.Contains(Store, StringComparison.Ordinal) || CommonStores.Any(store => call.Contains(store, StringComparison.Ordinal));

    private static bool IsNetwork(string call) => Network.IsMatch(call);

    // The files of the program and of .NET, which the runtime loads when a method is first called, libraries, and facts about the machine.
    private static bool IsProgram(string call)
    {
        if (call.Contains("resumed>", StringComparison.Ordinal) || call.StartsWith("+++", StringComparison.Ordinal) || OpenFile.IsMatch(call))
            return true;
        var path = FilePath.Match(call).Groups[1].Value;
        string[] folders = [AppContext.BaseDirectory, RuntimeEnvironment.GetRuntimeDirectory()];
        return path.Length > 0
            && (folders.Any(folder => folder.StartsWith(path, StringComparison.Ordinal) || path.StartsWith(folder, StringComparison.Ordinal)) || Libraries.IsMatch(path));
    }

    private void Write(string name, X509Certificate2 certificate) => File.WriteAllBytes(Path.Combine(_folder.FullName, name), certificate.RawData);

    [GeneratedRegex(@"^\d+\s+")]
    private static partial Regex ProcessId { get; }

    [GeneratedRegex("^(socket|connect|bind|listen|accept4?|send(to|msg|mmsg)|recv(from|msg|mmsg)|io_uring_setup)\\(")]
    private static partial Regex Network { get; }

    [GeneratedRegex("^\\w+\\([^\"]*\"([^\"]*)\"")]
    private static partial Regex FilePath { get; }

    [GeneratedRegex(@"^newfstatat\(\d+, """"")]
    private static partial Regex OpenFile { get; }

    [GeneratedRegex(@"\.so[.\d]*$|/ld\.so\.cache$|/openssl\.cnf$|^/proc/|^/sys/|^/dev/urandom$")]
    private static partial Regex Libraries { get; }
}
