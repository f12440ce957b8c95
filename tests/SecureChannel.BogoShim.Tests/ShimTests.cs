using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Testing;

namespace SecureChannel.Bogo.Tests;

/// <summary>The shim against a peer that behaves like the runner: the shim connects, sends its number, and inverts all bytes that it receives.</summary>
public sealed class ShimTests
{
    private const ulong Id = 0x0102030405060708;

    [Fact]
    public async Task The_client_completes_a_handshake_and_inverts_data()
    {
        await using var runner = new Runner();
        var shim = runner.RunShim("-expect-version", "772", "-advertise-alpn", "\u0003foo", "-expect-alpn", "foo", "-on-resume-shim-writes-first");

        await using var session = await runner.AcceptAsync(socket => SecureSession.Create(socket, new ServerOptions
        {
            Identity = Tls13Ends.Identity,
            ApplicationProtocols = ["foo"],
        }));
        Assert.Equal([0xFE, 0xFD], await EchoAsync(session, [1, 2]));

        Assert.Equal((Shim.Passed, ""), await shim);
    }

    [Fact]
    public async Task The_server_completes_a_handshake_and_writes_first()
    {
        using var folder = new TemporaryIdentity();
        await using var runner = new Runner();
        var shim = runner.RunShim(
            "-server", "-cert-file", folder.CertificatePath, "-key-file", folder.KeyPath, "-shim-writes-first", "-expect-server-name", Tls13Ends.ServerName);

        await using var session = await runner.AcceptAsync(socket => SecureSession.Create(socket, new ClientOptions
        {
            Trust = folder.Trust,
            ServerName = Tls13Ends.ServerName,
        }));
        Assert.Equal([.. "hello"u8, 0xFE], await EchoAsync(session, [1]));

        Assert.Equal((Shim.Passed, ""), await shim);
    }

    [Fact]
    public async Task A_failed_expectation_or_session_fails_the_test()
    {
        using var folder = new TemporaryIdentity();
        foreach (var (flags, error) in new[]
        {
            (new[] { "-expect-alpn", "foo" }, "expects 'foo'"),
            (["-verify-fail"], nameof(SessionErrorCode.CertificateRejected)),
        })
        {
            await using var runner = new Runner();
            var shim = runner.RunShim(flags);
            var session = await runner.CreateAsync(socket => SecureSession.Create(socket, new ServerOptions { Identity = Tls13Ends.Identity }));
            try
            {
                await session.HandshakeAsync();
            }
            catch (SessionException)
            {
                // The shim refused the server.
            }

            var (exitCode, text) = await shim;
            await session.DisposeAsync();
            Assert.Equal(Shim.Failed, exitCode);
            Assert.Contains(error, text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("-dtls")]
    [InlineData("-enable-early-data")]
    [InlineData("-max-version", "771")]
    [InlineData("-no-tls13")]
    [InlineData("-on-retry-verify-fail")]
    [InlineData("-curves", "65535")]
    [InlineData("-server")]
    public async Task A_flag_without_an_option_is_unimplemented(params string[] flags)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        Assert.Equal(Shim.Unimplemented, await Shim.RunAsync(["-port", "1", "-shim-id", "1", .. flags], output, errors));
        Assert.NotEqual("", errors.ToString());
    }

    [Fact]
    public async Task The_shim_has_no_split_handshaker()
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        Assert.Equal(Shim.Passed, await Shim.RunAsync(["-is-handshaker-supported"], output, TextWriter.Null));
        Assert.Equal("No", output.ToString().Trim());
    }

    private static async Task<byte[]> EchoAsync(SecureSession session, byte[] data)
    {
        var stream = session.AsStream();
        await stream.WriteAsync(data);
        await session.CompleteWritesAsync();
        using var received = new MemoryStream();
        await stream.CopyToAsync(received);
        return received.ToArray();
    }

    private sealed class Runner : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly List<Socket> _sockets = [];

        public Runner() => _listener.Start();

        public async Task<(int ExitCode, string Errors)> RunShim(params string[] flags)
        {
            using var errors = new StringWriter(CultureInfo.InvariantCulture);
            var port = ((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
            string[] all = ["-port", port, "-shim-id", Id.ToString(CultureInfo.InvariantCulture), .. flags];
            return (await Shim.RunAsync(all, TextWriter.Null, errors), errors.ToString());
        }

        public async Task<SecureSession> CreateAsync(Func<Socket, SecureSession> create)
        {
            var socket = await _listener.AcceptSocketAsync();
            _sockets.Add(socket);
            var id = new byte[8];
            for (var length = 0; length < id.Length;)
                length += await socket.ReceiveAsync(id.AsMemory(length));
            Assert.Equal(Id, BitConverter.ToUInt64(id));
            return create(socket);
        }

        public async Task<SecureSession> AcceptAsync(Func<Socket, SecureSession> create)
        {
            var session = await CreateAsync(create);
            await session.HandshakeAsync();
            return session;
        }

        public ValueTask DisposeAsync()
        {
            _sockets.ForEach(socket => socket.Dispose());
            _listener.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class TemporaryIdentity : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

        public TemporaryIdentity()
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=Test", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(Tls13Ends.ServerName);
            request.CertificateExtensions.Add(names.Build());
            using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            File.WriteAllText(KeyPath, key.ExportPkcs8PrivateKeyPem());
            File.WriteAllText(CertificatePath, certificate.ExportCertificatePem());
            Trust = TrustPolicy.FromPins(TrustPolicy.ComputePin(certificate));
        }

        public TrustPolicy Trust { get; }

        public string CertificatePath => Path.Combine(_folder.FullName, "cert.pem");

        public string KeyPath => Path.Combine(_folder.FullName, "key.pem");

        public void Dispose() => _folder.Delete(true);
    }
}
