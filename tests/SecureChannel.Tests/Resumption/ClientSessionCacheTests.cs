using System.Diagnostics.CodeAnalysis;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Resumption;

public sealed class ClientSessionCacheTests
{
    [Fact]
    public void The_latest_session_of_a_key_is_taken_first_and_once()
    {
        var cache = new ClientSessionCache();
        var proof = new ProofSource();
        ResumableSession first = proof.Create(), second = proof.Create();
        cache.Add("a", first);
        cache.Add("a", second);
        Assert.False(cache.TryTake("b", out var _));
        Assert.True(cache.TryTake("a", out var taken));
        Assert.Same(second, taken);
        Assert.True(cache.TryTake("a", out taken));
        Assert.Same(first, taken);
        Assert.False(cache.TryTake("a", out var _));
    }

    [Fact]
    public void A_full_cache_removes_the_oldest_session_and_wipes_its_key()
    {
        var cache = new ClientSessionCache(capacity: 3);
        var proof = new ProofSource();
        var sessions = Enumerable.Range(0, 5).Select(_ => proof.Create()).ToList();
        for (var index = 0; index < 5; index++)
            cache.Add($"{index}", sessions[index]);
        Assert.Equal([false, false, true, true, true], Enumerable.Range(0, 5).Select(index => cache.TryTake($"{index}", out var _)));
        Assert.All(sessions.Take(2), session => Assert.Throws<ObjectDisposedException>(() => session.Key.Bytes.Length));
    }

    [Fact]
    public void One_server_fills_at_most_eight_places()
    {
        var cache = new ClientSessionCache();
        var proof = new ProofSource();
        cache.Add("other", proof.Create());
        for (var count = 0; count < 1000; count++)
            cache.Add("a", proof.Create());
        var taken = 0;
        while (cache.TryTake("a", out var _))
            taken++;
        Assert.Equal(8, taken);
        Assert.True(cache.TryTake("other", out var _));
    }

    [Fact]
    public void Clear_removes_all_sessions_and_wipes_their_keys()
    {
        var cache = new ClientSessionCache();
        var proof = new ProofSource();
        var session = proof.Create();
        cache.Add("a", session);
        cache.Clear();
        Assert.False(cache.TryTake("a", out var _));
        Assert.Throws<ObjectDisposedException>(() => session.Key.Bytes.Length);
        cache.Add("a", proof.Create());
        Assert.True(cache.TryTake("a", out var _));
    }

    [Fact]
    public void A_capacity_below_one_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new ClientSessionCache(0));

    [Fact]
    public void A_cache_is_thread_safe()
    {
        var cache = new ClientSessionCache(capacity: 16);
        var proof = new ProofSource();
        Parallel.For(0, 2000, index =>
        {
            if (index % 3 != 0)
                cache.Add($"{index % 7}", proof.Create());
            else if (cache.TryTake($"{index % 7}", out var session))
                Assert.Equal(32, session.Key.Length);
        });
    }

    [Fact]
    public void An_application_can_replace_the_storage()
    {
        using var ends = new ResumptionEnds();
        var cache = new OwnCache();
        ends.Client = ends.Client with { SessionCache = cache };
        ends.Connect().Dispose();
        Assert.StartsWith(Tls13Ends.ServerName + " ", cache.Keys.First(), StringComparison.Ordinal);
        Assert.Equal(2, cache.Keys.Count);
        using var second = ends.Connect();
        Assert.True(second.Client.Engine.Negotiated!.IsResumed);
    }

    /// <summary>RFC 9846 section 4.3.11.1: the age in milliseconds plus ticket_age_add, modulo 2^32.</summary>
    [Fact]
    public void The_age_of_a_ticket_is_obfuscated()
    {
        var proof = new ProofSource();
        using var session = proof.Create(ageAdd: uint.MaxValue);
        Assert.Equal(uint.MaxValue, session.ObfuscateAge(proof.Now));
        Assert.Equal(1499u, session.ObfuscateAge(proof.Now + TimeSpan.FromMilliseconds(1500.9)));
    }

    /// <summary>RFC 9846 section 4.3.11.1: clients do not use tickets beyond their lifetime, and section 4.7.1: nor for longer than 7 days.</summary>
    [Theory]
    [InlineData(60, 60)]
    [InlineData(7 * 86400, 86400)]
    [InlineData(uint.MaxValue, 86400)]
    public void A_session_is_valid_for_the_lifetime_of_its_ticket_and_at_most_24_hours(uint lifetime, int expected)
    {
        var proof = new ProofSource();
        using var session = proof.Create(lifetime);
        Assert.Equal(proof.Now.AddSeconds(expected), session.ExpiresAt);
        Assert.True(session.IsValidAt(session.ExpiresAt.AddTicks(-1)));
        Assert.False(session.IsValidAt(session.ExpiresAt));
        Assert.False(session.IsValidAt(proof.Now.AddTicks(-1)));
    }

    [Fact]
    public void A_session_requires_the_certificates_of_its_proof()
    {
        var proof = new ProofSource();
        Assert.Throws<ArgumentException>(() => proof.Create(chain: [new byte[10]]));
        Assert.Throws<ArgumentException>(() => proof.Create(chain: []));
    }

    /// <summary>The proof of a resumed session needs a verified certificate that is the proven one, and confirmed keys.</summary>
    [Fact]
    public void A_resumed_identity_proves_nothing_without_confirmed_keys()
    {
        var proof = new ProofSource();
        using var session = proof.Create();
        using var other = Tls13Ends.Authority.IssueServer(Tls13Ends.ServerName);
        Assert.False(session.TryResume(ProofSource.Verify(other), out var _));
        Assert.True(session.TryResume(ProofSource.Verify(Tls13Ends.Identity), out var resumed));
        Assert.Throws<ArgumentException>(() => new IdentityProof(resumed, default(KeysConfirmed)));
        Assert.True(KeysConfirmed.TryCheck([1], [1], out var confirmed));
        Assert.Equal(Tls13Ends.ServerName, new IdentityProof(resumed, confirmed).Identity.Name);
    }

    private sealed class OwnCache : ClientSessionCache
    {
        private readonly List<(string Key, ResumableSession Session)> _sessions = [];

        public List<string> Keys => [.. _sessions.Select(item => item.Key)];

        protected internal override void Add(string key, ResumableSession session) => _sessions.Add((key, session));

        protected internal override bool TryTake(string key, [NotNullWhen(true)] out ResumableSession? session)
        {
            var index = _sessions.FindIndex(item => item.Key == key);
            session = index < 0 ? null : _sessions[index].Session;
            if (index >= 0)
                _sessions.RemoveAt(index);
            return session is not null;
        }
    }

    private sealed class ProofSource
    {
        private readonly IdentityProof _proof;

        public ProofSource()
        {
            Assert.True(Tls13Ends.Identity.TryGetSigner(CryptographyProvider.Platform, out var signer, out _));
            var signature = signer.SignAsync(signer.Schemes[0], new byte[1]).AsTask().GetAwaiter().GetResult();
            Assert.True(SignatureVerified.TryCheck(
                CryptographyProvider.Platform, Verify(Tls13Ends.Identity), signer.Schemes[0], new byte[1], signature.Span, out var verified, out var error), error?.ToString());
            _proof = new IdentityProof(verified);
        }

        public DateTimeOffset Now { get; } = DateTimeOffset.UtcNow;

        public static VerifiedIdentity Verify(CertificateIdentity identity)
        {
            var operation = new CertificateVerificationOperation(
                Tls13Ends.Client.Trust, identity.Chain, Tls13Ends.ServerName, CertificatePurpose.TlsServer, DateTimeOffset.UtcNow);
            operation.RunAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
            return operation.Identity!;
        }

        public ResumableSession Create(uint lifetime = 60, uint ageAdd = 0, IReadOnlyList<ReadOnlyMemory<byte>>? chain = null) =>
            new(_proof, chain ?? Tls13Ends.Identity.Chain, new byte[1], new ResumptionKey(new byte[32]), Now, TimeSpan.FromSeconds(lifetime), Now)
            {
                CipherSuite = CipherSuite.Aes128GcmSha256,
                AgeAdd = ageAdd,
            };
    }
}
