using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>Handshakes over TCP with a server whose certificate files change meanwhile. The files are written one after the other, without a lock.</summary>
internal sealed class RotationRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _security;
    private readonly ManualTimeProvider _time = new();
    private readonly ConcurrentDictionary<string, bool> _presented = new();
    private int _completed;

    public RotationRun(string security)
    {
        _security = security;
        Write();
    }

    /// <summary>Gets the number of handshakes that completed.</summary>
    public int Completed => _completed;

    /// <summary>Gets the number of changes of the certificate that the server adopted.</summary>
    public int Changes { get; private set; }

    /// <summary>Gets the number of different certificates that clients received.</summary>
    public int Certificates => _presented.Count;

    public void Dispose() => _folder.Dispose();

    /// <summary>Runs handshakes and changes the certificate after an equal share of them. Throws if a handshake fails.</summary>
    public async Task RunAsync(int handshakes, int changes, int parallel)
    {
        var failures = new ConcurrentQueue<object>();
        using var watcher = new CertificateWatcher(_folder.PathOf("bank.pem"), _folder.PathOf("bank.key"), failures.Enqueue, _time);
        var options = SessionPair.ServerOptions(_security) with
        {
            Identity = watcher,
            HandshakeFailed = failures.Enqueue,
            FirstByteTimeout = SessionPair.Patience,
            HandshakeTimeout = SessionPair.Patience,
        };
        await using var listener = SecureListener.Start(new IPEndPoint(IPAddress.Loopback, 0), options);
        var client = SessionPair.ClientOptions(_security) with { HandshakeTimeout = SessionPair.Patience };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var started = 0;
        var share = handshakes / (changes + 1);

        async Task ConnectAsync()
        {
            for (var number = Interlocked.Increment(ref started); number <= handshakes; number = Interlocked.Increment(ref started))
            {
                // The other clients continue while one changes the files.
                if (number % share == 0 && number / share <= changes)
                    Change(watcher);
                await using var session = await SecureSession.ConnectAsync(listener.LocalEndPoint, client, stop.Token);
                _presented.TryAdd(session.PeerIdentity!.Certificate!.Thumbprint, true);
                Interlocked.Increment(ref _completed);
            }
        }

        async Task AcceptAsync()
        {
            while (true)
                await (await listener.AcceptAsync(stop.Token)).DisposeAsync();
        }

        var accepting = AcceptAsync();
        await Task.WhenAll(Enumerable.Range(0, parallel).Select(_ => ConnectAsync()));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting);
        Assert.Empty(failures);
    }

    private void Change(CertificateWatcher watcher)
    {
        lock (_folder)
        {
            var written = Write();
            _time.Advance(TimeSpan.FromSeconds(5));
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(written, watcher.Current.Certificate.Thumbprint);
            Changes++;
        }
    }

    private string Write()
    {
        var isWrapping = _security == SessionSecurity.KeyTransport.Name;
        using var identity = SessionPair.Authority.IssueServer(SessionPair.ServerName, isWrapping ? CertificatePurpose.KeyTransportServer : CertificatePurpose.TlsServer);
        _folder.Write("bank.pem", identity.Certificate.ExportCertificatePem());
        _folder.Write("bank.key", identity.Certificate.GetECDsaPrivateKey()?.ExportPkcs8PrivateKeyPem() ?? identity.Certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return identity.Certificate.Thumbprint;
    }
}
