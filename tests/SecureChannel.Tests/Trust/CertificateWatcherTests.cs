using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using SecureChannel.Cryptography;
using SecureChannel.Testing;

namespace SecureChannel.Tests;

public sealed class CertificateWatcherTests : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly ConcurrentQueue<CertificateError> _failures = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Changed_files_replace_the_identity_when_they_have_settled()
    {
        using var watcher = Watch("p256");
        var first = watcher.Current;
        Write("p384");

        _time.Advance(Poll);
        Assert.Same(first, watcher.Current);
        _time.Advance(Settle);

        Assert.Equal("CN=p384", watcher.Current.Certificate.Subject);
        Assert.Single(watcher.Current.Intermediates);
        Assert.Empty(_failures);
    }

    [Fact]
    public async Task A_replaced_identity_remains_usable()
    {
        using var watcher = Watch("p256");
        var first = watcher.Current;
        Write("p384");
        Assert.True(watcher.TryReload(out _));

        Assert.NotSame(first, watcher.Current);
        Assert.True(first.TryGetSigner(CryptographyProvider.Platform, out var signer, out _));
        Assert.NotEqual(0, (await signer.SignAsync(signer.Schemes[0], new byte[1], TestContext.Current.CancellationToken)).Length);
        Assert.Equal("CN=p256", first.Certificate.Subject);
    }

    [Fact]
    public async Task The_signer_of_a_replaced_identity_signs_after_a_collection()
    {
        using var watcher = Watch("p256");
        var signer = SignerOf(watcher);
        Write("p384");
        Assert.True(watcher.TryReload(out _));
        for (var round = 0; round < 3; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.NotEqual(0, (await signer.SignAsync(SignatureScheme.EcdsaSecp256r1Sha256, new byte[1], TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public void The_key_of_a_replaced_identity_is_wiped_when_nothing_uses_it()
    {
        List<byte[]> keys = [];
        CertificateWatcher? created = null;
        SensitiveMemory.Observe(keys.Add, _ => { }, () => created = Watch("p256"));
        using var watcher = created!;
        Assert.Contains(keys, key => key.AsSpan().ContainsAnyExcept((byte)0));
        Write("p384");
        Assert.True(watcher.TryReload(out _));

        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return keys.TrueForAll(key => !key.AsSpan().ContainsAnyExcept((byte)0));
            },
            SessionPair.Patience));
    }

    [Fact]
    public void A_certificate_that_is_written_before_its_key_is_not_combined_with_the_old_key()
    {
        using var watcher = Watch("p256");
        _folder.Write("bank.pem", IdentityTable.Chain("p384"));
        _time.Advance(Poll);
        _folder.Write("bank.key", IdentityTable.Read("p384.key"));

        // The files changed again, so they have not settled.
        _time.Advance(Settle);
        Assert.Equal("CN=p256", watcher.Current.Certificate.Subject);
        _time.Advance(Settle);

        Assert.Equal("CN=p384", watcher.Current.Certificate.Subject);
        Assert.Empty(_failures);
    }

    [Fact]
    public void A_mismatch_that_lasts_is_reported_once_and_the_old_identity_remains()
    {
        using var watcher = Watch("p256");
        var first = watcher.Current;
        _folder.Write("bank.pem", IdentityTable.Chain("p384"));
        _time.Advance(Poll);
        for (var poll = 0; poll < 5; poll++)
            _time.Advance(Poll);

        Assert.Equal(CertificateErrorKind.KeyMismatch, Assert.Single(_failures).Kind);
        Assert.Same(first, watcher.Current);

        _folder.Write("bank.key", IdentityTable.Read("p384.key"));
        _time.Advance(Poll);
        _time.Advance(Settle);
        Assert.Equal("CN=p384", watcher.Current.Certificate.Subject);
    }

    [Theory]
    [InlineData("no PEM", CertificateErrorKind.Malformed)]
    [InlineData("", CertificateErrorKind.Malformed)]
    public void Bad_content_leaves_the_old_identity(string content, CertificateErrorKind kind)
    {
        using var watcher = Watch("p256");
        _folder.Write("bank.pem", content);

        Assert.False(watcher.TryReload(out var error));
        Assert.Equal(kind, error.Kind);
        Assert.Equal("CN=p256", watcher.Current.Certificate.Subject);
    }

    [Fact]
    public void Missing_files_leave_the_old_identity_and_are_reported_once()
    {
        using var watcher = Watch("p256");
        File.Delete(_folder.PathOf("bank.key"));

        Assert.False(watcher.TryReload(out var error));
        Assert.StartsWith("A file of the identity cannot be read: ", error.Message, StringComparison.Ordinal);
        _time.Advance(Poll);
        _time.Advance(Settle);
        _time.Advance(Poll);

        Assert.Single(_failures);
        Assert.Equal("CN=p256", watcher.Current.Certificate.Subject);
    }

    [Fact]
    public void Replaced_symbolic_links_are_followed()
    {
        // Kubernetes replaces the link to the folder of all files of a secret.
        foreach (var name in (string[])["p256", "p384"])
        {
            Directory.CreateDirectory(_folder.PathOf(name));
            _folder.Write(Path.Combine(name, "tls.crt"), IdentityTable.Chain(name));
            _folder.Write(Path.Combine(name, "tls.key"), IdentityTable.Read(name + ".key"));
        }

        var link = _folder.PathOf("data");
        Directory.CreateSymbolicLink(link, _folder.PathOf("p256"));
        using var watcher = new CertificateWatcher(Path.Combine(link, "tls.crt"), Path.Combine(link, "tls.key"), _failures.Enqueue, _time);
        Directory.Delete(link);
        Directory.CreateSymbolicLink(link, _folder.PathOf("p384"));

        _time.Advance(Poll);
        _time.Advance(Settle);

        Assert.Equal("CN=p384", watcher.Current.Certificate.Subject);
    }

    [Fact]
    public void An_identity_that_the_sessions_cannot_use_is_refused()
    {
        using var watcher = Watch("p256");
        var options = new ServerOptions { Identity = watcher };
        _ = SecureSession.Create(Stream.Null, options);
        Write("ed25519");

        Assert.False(watcher.TryReload(out var error));
        Assert.Equal(CertificateErrorKind.UnsupportedKey, error.Kind);
        Write("wrapping");
        Assert.False(watcher.TryReload(out error));
        Assert.Equal(CertificateErrorKind.WrongUsage, error.Kind);
        Assert.Equal("CN=p256", watcher.Current.Certificate.Subject);
    }

    [Fact]
    public void A_valid_identity_is_not_replaced_by_an_expired_one()
    {
        using var watcher = Watch("p256");
        Write("expired");

        Assert.False(watcher.TryReload(out var error));
        Assert.Equal((CertificateErrorKind.Expired, "The certificate 'CN=expired' expired at 2021-01-01 00:00:00Z. Renew it."), (error.Kind, error.Message));
        Assert.Equal("CN=p256", watcher.Current.Certificate.Subject);
    }

    [Fact]
    public void A_callback_that_throws_does_not_stop_the_watcher()
    {
        Write("p256");
        using var watcher = new CertificateWatcher(
            _folder.PathOf("bank.pem"), _folder.PathOf("bank.key"), _ => throw new InvalidOperationException("callback"), _time);
        _folder.Write("bank.pem", "bad");
        _time.Advance(Poll);
        _time.Advance(Settle);
        Write("p384");
        _time.Advance(Poll);
        _time.Advance(Settle);

        Assert.Equal("CN=p384", watcher.Current.Certificate.Subject);
    }

    [Fact]
    public void A_disposed_watcher_does_nothing_more()
    {
        var watcher = Watch("p256");
        watcher.Dispose();
        watcher.Dispose();
        Write("p384");
        _time.Advance(Poll);
        _time.Advance(Settle);

        Assert.Throws<ObjectDisposedException>(() => watcher.Current);
        Assert.Throws<ObjectDisposedException>(() => watcher.TryReload(out _));
        Assert.Empty(_failures);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Signer SignerOf(CertificateWatcher watcher)
    {
        Assert.True(watcher.Current.TryGetSigner(CryptographyProvider.Platform, out var signer, out _));
        return signer;
    }

    private CertificateWatcher Watch(string name)
    {
        Write(name);
        return new(_folder.PathOf("bank.pem"), _folder.PathOf("bank.key"), _failures.Enqueue, _time);
    }

    private void Write(string name)
    {
        _folder.Write("bank.pem", IdentityTable.Chain(name));
        _folder.Write("bank.key", IdentityTable.Read(name + ".key"));
    }
}
