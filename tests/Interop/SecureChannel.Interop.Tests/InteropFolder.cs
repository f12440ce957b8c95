using SecureChannel.Interop.Tests;
using SecureChannel.Testing;

[assembly: AssemblyFixture(typeof(InteropFolder))]

namespace SecureChannel.Interop.Tests;

/// <summary>
/// A folder with an authority, a server certificate and a client certificate for each kind of key, created by openssl, and the compiled peers for Java and Go.
/// </summary>
public sealed class InteropFolder : IAsyncLifetime
{
    public const string ServerName = "bank.example";

    private static readonly (string Kind, string[] Key)[] Kinds =
    [
        ("p256", ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]),
        ("p384", ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"]),
        ("rsa", ["rsa:2048"]),
        ("rsa-pss", ["rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"]),
        ("ed25519", ["ed25519"]),
    ];

    private Task? _javaPeer;
    private Task? _goPeer;

    public static IEnumerable<string> KindsOfKeys => Kinds.Select(kind => kind.Kind);

    public string Path { get; } = Directory.CreateTempSubdirectory("interop").FullName;

    public string Authority => System.IO.Path.Combine(Path, "root.pem");

    public TrustPolicy Trust => field ??= TrustPolicy.FromPemFile(Authority);

    /// <summary>Gets the path of a script in tests/Interop/peers.</summary>
    public static string Script(string name) => Repository.PathOf("tests", "Interop", "peers", name);

    public string CertificateOf(string kind) => System.IO.Path.Combine(Path, kind + ".pem");

    /// <summary>Gets the path of a client certificate, such as "p256", or of its key.</summary>
    public string ClientCertificateOf(string kind) => CertificateOf("client-" + kind);

    public string ClientKeyOf(string kind) => KeyOf("client-" + kind);

    public string KeyOf(string kind) => System.IO.Path.Combine(Path, kind + ".key");

    public async ValueTask InitializeAsync()
    {
        if (!Programs.TryFind("openssl", out var openssl))
            return;

        await File.WriteAllTextAsync(System.IO.Path.Combine(Path, "req.cnf"), $"[req]\ndistinguished_name=dn\nprompt=no\n[dn]\nCN={ServerName}\n");
        await RequestAsync(openssl, "root", ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
            ["-subj", "/CN=Root", "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign"]);
        foreach (var (kind, key) in Kinds)
        {
            await RequestAsync(openssl, kind, key,
            [
                "-CA", "root.pem", "-CAkey", "root.key", "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "keyUsage=critical,digitalSignature",
                "-addext", "extendedKeyUsage=serverAuth", "-addext", $"subjectAltName=DNS:{ServerName},DNS:localhost,IP:127.0.0.1",
                "-addext", "authorityKeyIdentifier=keyid",
            ]);
            await RequestAsync(openssl, "client-" + kind, key,
            [
                "-subj", $"/CN=device {kind}", "-CA", "root.pem", "-CAkey", "root.key", "-addext", "basicConstraints=critical,CA:FALSE",
                "-addext", "keyUsage=critical,digitalSignature", "-addext", "extendedKeyUsage=clientAuth", "-addext", "authorityKeyIdentifier=keyid",
            ]);
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Path, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Compiles the Java peer once.</summary>
    /// <returns>The arguments of the Java virtual machine that precede those of the peer.</returns>
    public async Task<string[]> JavaPeerAsync()
    {
        await LazyInitializer.EnsureInitialized(ref _javaPeer, () => CompileJavaPeerAsync(Path));
        return ["-XX:TieredStopAtLevel=1", "-cp", Path, "JavaPeer"];
    }

    /// <summary>Compiles the Go peer once.</summary>
    /// <returns>The path of the program.</returns>
    public async Task<string> GoPeerAsync()
    {
        var path = System.IO.Path.Combine(Path, "peer-go");
        await LazyInitializer.EnsureInitialized(ref _goPeer, () => CompileGoPeerAsync(Path, path));
        return path;
    }

    private static async Task CompileGoPeerAsync(string folder, string path)
    {
        var compiled = await Command.RunAsync(Programs.Require("go"), folder, null, ["build", "-o", path, Script("peer.go")]);
        Assert.True(compiled.ExitCode == 0, compiled.Output);
    }

    private static async Task CompileJavaPeerAsync(string folder)
    {
        var compiled = await Command.RunAsync(Programs.Require("javac"), folder, null, ["-d", folder, Script("JavaPeer.java")]);
        Assert.True(compiled.ExitCode == 0, compiled.Output);
    }

    private async Task RequestAsync(string openssl, string name, string[] key, string[] more)
    {
        var created = await Command.RunAsync(openssl, Path, null,
            ["req", "-config", "req.cnf", "-x509", "-nodes", "-days", "30", "-keyout", name + ".key", "-out", name + ".pem", "-addext", "subjectKeyIdentifier=hash", "-newkey", .. key, .. more]);
        Assert.True(created.ExitCode == 0, created.Output);
    }
}
