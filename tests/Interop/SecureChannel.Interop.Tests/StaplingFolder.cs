using SecureChannel.Testing;

namespace SecureChannel.Interop.Tests;

/// <summary>A folder with an authority of openssl, a server's certificate, and the CRLs and OCSP responses about it.</summary>
public sealed class StaplingFolder : IAsyncLifetime
{
    public const string ServerName = "bank.example";

    private const string Configuration = """
        [req]
        distinguished_name=dn
        prompt=no
        [dn]
        CN=bank.example
        [ca]
        default_ca=default
        [default]
        database=index.txt
        crlnumber=crlnumber
        default_md=sha256
        default_crl_days=7
        crl_extensions=crl
        [crl]
        authorityKeyIdentifier=keyid
        """;

    public string Path { get; } = Directory.CreateTempSubdirectory("stapling").FullName;

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public async ValueTask InitializeAsync()
    {
        if (!Programs.TryFind("openssl", out var openssl))
            return;
        await File.WriteAllTextAsync(PathOf("ca.cnf"), Configuration);
        await File.WriteAllTextAsync(PathOf("crlnumber"), "01\n");
        string[] authority = ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-addext", "subjectKeyIdentifier=hash"];
        await CertifyAsync(openssl, "root", ["-subj", "/CN=Root", .. authority]);
        await CertifyAsync(openssl, "other", ["-subj", "/CN=Root", .. authority]);
        string[] issued = ["-CA", "root.pem", "-CAkey", "root.key", "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "keyUsage=critical,digitalSignature"];
        await CertifyAsync(openssl, "server", [.. issued, "-set_serial", "0x1001", "-addext", "extendedKeyUsage=serverAuth", "-addext", $"subjectAltName=DNS:{ServerName}"]);
        await CertifyAsync(openssl, "responder", [.. issued, "-subj", "/CN=Responder", "-set_serial", "0x1002", "-addext", "extendedKeyUsage=OCSPSigning"]);

        // The database of openssl has one line for each certificate: V is valid, R is revoked.
        var end = DateTime.UtcNow.AddDays(20).ToString("yyMMddHHmmss", System.Globalization.CultureInfo.InvariantCulture) + "Z";
        await File.WriteAllTextAsync(PathOf("index.txt"), $"V\t{end}\t\t1001\tunknown\t/CN={ServerName}\n");
        await RunAsync(openssl, ["ca", "-config", "ca.cnf", "-gencrl", "-keyfile", "root.key", "-cert", "root.pem", "-out", "empty.crl"]);
        await RespondAsync(openssl, "good", "root", "-ndays", "1");
        await RespondAsync(openssl, "good-sha256", "root", "-ndays", "1", "-sha256");
        await RespondAsync(openssl, "good-delegated", "responder", "-ndays", "1");
        await RespondAsync(openssl, "wrong-responder", "other", "-ndays", "1");
        var revokedAt = DateTime.UtcNow.AddDays(-1).ToString("yyMMddHHmmss", System.Globalization.CultureInfo.InvariantCulture) + "Z";
        await File.WriteAllTextAsync(PathOf("index.txt"), $"R\t{end}\t{revokedAt},keyCompromise\t1001\tunknown\t/CN={ServerName}\n");
        await RunAsync(openssl, ["ca", "-config", "ca.cnf", "-gencrl", "-keyfile", "root.key", "-cert", "root.pem", "-out", "revoked.crl"]);
        await RespondAsync(openssl, "revoked", "root", "-ndays", "1");
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Path, recursive: true);
        return ValueTask.CompletedTask;
    }

    private Task RespondAsync(string openssl, string name, string signer, params string[] more)
    {
        var hash = more.Contains("-sha256") ? (string[])["-sha256"] : [];
        return RunAsync(openssl,
        [
            "ocsp", "-index", "index.txt", "-CA", "root.pem", "-rsigner", signer + ".pem", "-rkey", signer + ".key", "-issuer", "root.pem", .. hash, "-cert", "server.pem",
            "-respout", name + ".ocsp", "-no_nonce", "-noverify", .. more.Except(hash),
        ]);
    }

    private Task CertifyAsync(string openssl, string name, string[] more) => RunAsync(openssl,
    [
        "req", "-config", "ca.cnf", "-x509", "-nodes", "-days", "30", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-keyout", name + ".key", "-out", name + ".pem", .. more,
    ]);

    private async Task RunAsync(string openssl, string[] arguments)
    {
        var command = await Command.RunAsync(openssl, Path, null, arguments);
        Assert.True(command.ExitCode == 0, command.Output);
    }
}
