using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel;
using SecureChannel.Testing;

namespace Mqtt.Tests;

/// <summary>A mosquitto broker on a free port, over plain TCP or TLS. If mosquitto is not installed, the test is skipped, or fails in CI.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mosquitto-");
    private readonly ECDsa _authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;
    private readonly ExternalProgram _program;

    private Mosquitto(string program, bool isSecure)
    {
        var (from, to) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        _authority = (TestCertificate.Authority("CN=Authority of mosquitto's tests", _authorityKey) with { NotBefore = from, NotAfter = to }).SelfSigned();
        Port = FreePort();
        // When started as root, mosquitto changes to another user, which cannot read the folder.
        var lines = new List<string> { $"listener {Port} 127.0.0.1", "allow_anonymous true", "user root" };
        if (isSecure)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var certificate = (TestCertificate.Tls() with { Key = key, NotBefore = from, NotAfter = to }).SignedBy(_authority, _authorityKey);
            lines.Add($"cafile {Write("authority.pem", _authority.ExportCertificatePem())}");
            lines.Add($"certfile {Write("server.pem", certificate.ExportCertificatePem())}");
            lines.Add($"keyfile {Write("server.key", key.ExportPkcs8PrivateKeyPem())}");
        }

        _program = ExternalProgram.Start(program, _folder.FullName, "-v", "-c", Write("mosquitto.conf", string.Join('\n', lines) + "\n"));
    }

    /// <summary>Gets the port that mosquitto listens on.</summary>
    public int Port { get; }

    /// <summary>Gets the policy that trusts the certificate of the TLS listener, whose name is <c>bank.example</c>.</summary>
    public TrustPolicy Trust => TrustPolicy.FromAuthorities(_authority);

    public string Authority => Path.Combine(_folder.FullName, "authority.pem");

    /// <summary>Starts mosquitto.</summary>
    public static async Task<Mosquitto> StartAsync(bool isSecure)
    {
        var mosquitto = new Mosquitto(Programs.Require("mosquitto"), isSecure);
        await mosquitto._program.WaitForOutputAsync("running$");
        return mosquitto;
    }

    /// <summary>Waits until the log matches a regular expression.</summary>
    public Task WaitForOutputAsync(string pattern) => _program.WaitForOutputAsync(pattern);

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _authority.Dispose();
        _authorityKey.Dispose();
        _folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
