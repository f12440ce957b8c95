using SecureChannel.Handshakes;
using SecureChannel.Messages;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Resumption;

/// <summary>The facts that a ticket is bound to. Any difference leads to a full handshake.</summary>
public sealed class TicketBindingTests
{
    private static readonly DevelopmentAuthority Authority = Tls13Ends.Authority;

    [Theory]
    [InlineData("nothing", true)]
    [InlineData("application protocol", false)]
    [InlineData("server identity", false)]
    [InlineData("mode of client authentication", false)]
    [InlineData("policy for clients", false)]
    [InlineData("policy for clients with equal content", true)]
    [InlineData("options of the policy for clients", false)]
    public void A_server_resumes_only_with_the_same(string difference, bool isResumed)
    {
        using var ends = new ResumptionEnds();
        using var identity = Authority.IssueClient("device-7");
        ends.Client = ends.Client with { Identity = identity, ApplicationProtocols = ["bank/1", "bank/2"] };
        ends.Server = ends.Server with
        {
            ApplicationProtocols = ["bank/1"],
            ClientAuthentication = ClientAuthenticationMode.Request,
            ClientTrust = TrustPolicy.FromAuthorities(Authority.Certificate),
        };
        ends.Connect().Dispose();
        using var other = Authority.IssueServer(Tls13Ends.ServerName);
        ends.Server = difference switch
        {
            "application protocol" => ends.Server with { ApplicationProtocols = ["bank/2"] },
            "server identity" => ends.Server with { Identity = other },
            "mode of client authentication" => ends.Server with { ClientAuthentication = ClientAuthenticationMode.Require },
            "policy for clients" => ends.Server with { ClientTrust = TrustPolicy.FromPins(TrustPolicy.ComputePin(identity.Certificate)) },
            "policy for clients with equal content" => ends.Server with { ClientTrust = TrustPolicy.FromAuthorities(Authority.Certificate) },
            "options of the policy for clients" => ends.Server with { ClientTrust = TrustPolicy.FromAuthorities(Authority.Certificate).WithOptions(new TrustOptions { MaxChainLength = 5 }) },
            _ => ends.Server,
        };
        using var second = ends.Connect();
        Assert.Equal(isResumed, second.Server.Engine.Negotiated!.IsResumed);
        Assert.Equal(identity.Certificate, second.Server.Engine.PeerIdentity!.Certificate);
        Assert.Equal((true, true), (second.Server.Engine.Negotiated.IsClientAuthenticated, second.Client.Engine.Negotiated!.IsClientAuthenticated));
        ResumedHandshakeTests.AssertSameSession(second);
    }

    [Theory]
    [InlineData("nothing", true)]
    [InlineData("server name", false)]
    [InlineData("application protocols", false)]
    [InlineData("policy", false)]
    [InlineData("policy with equal content", true)]
    [InlineData("identity", false)]
    public void A_client_offers_a_session_only_with_the_same(string difference, bool isResumed)
    {
        using var ends = new ResumptionEnds();
        using var server = Authority.IssueServer("bank.example");
        using var both = DevelopmentAuthority.Create("Other");
        using var identity = Authority.IssueClient("device-7");
        ends.Client = ends.Client with { ApplicationProtocols = ["bank/1"], RequireApplicationProtocol = false };
        ends.Connect().Dispose();
        ends.Client = difference switch
        {
            "server name" => ends.Client with { ServerName = "BANK.example" },
            "application protocols" => ends.Client with { ApplicationProtocols = ["bank/1", "bank/2"] },
            "policy" => ends.Client with { Trust = TrustPolicy.FromAuthorities(Authority.Certificate, both.Certificate) },
            "policy with equal content" => ends.Client with { Trust = TrustPolicy.FromAuthorities(Authority.Certificate) },
            "identity" => ends.Client with { Identity = identity },
            _ => ends.Client,
        };
        Assert.Equal(isResumed, ends.Client.TryTakeSession(out var session));
        session?.Dispose();
    }

    /// <summary>A ticket of one name of a server is not accepted for another, although the certificate has both.</summary>
    [Fact]
    public void A_server_does_not_resume_under_another_server_name()
    {
        using var ends = new ResumptionEnds();
        var store = new StoringProtector();
        ends.Server = ends.Server with { Tickets = store };
        ends.Connect().Dispose();
        var binding = new ResumptionBinding { CipherSuite = SecureChannel.Cryptography.CipherSuite.Aes128GcmSha256, Identity = Tls13Ends.Identity, ServerName = Tls13Ends.ServerName };
        var now = ends.Time.GetUtcNow();
        Assert.True(ResumptionTicket.TryOpen(store, binding with { CipherSuite = Suite(store) }, [1], now, out var ticket));
        ticket.Dispose();
        Assert.False(ResumptionTicket.TryOpen(store, binding with { CipherSuite = Suite(store), ServerName = "other.example" }, [1], now, out var _));
        Assert.False(ResumptionTicket.TryOpen(store, binding with { CipherSuite = Suite(store), ServerName = null }, [1], now, out var _));
        Assert.False(ResumptionTicket.TryOpen(store, binding with { CipherSuite = Suite(store), ApplicationProtocol = "" }, [1], now, out var _));
    }

    [Fact]
    public void A_session_without_a_client_certificate_is_resumed_in_the_mode_request()
    {
        using var ends = new ResumptionEnds();
        ends.Server = ends.Server with { ClientAuthentication = ClientAuthenticationMode.Request, ClientTrust = TrustPolicy.FromAuthorities(Authority.Certificate) };
        ends.Connect().Dispose();
        using var second = ends.Connect();
        Assert.Equal((true, false), (second.Server.Engine.Negotiated!.IsResumed, second.Server.Engine.Negotiated.IsClientAuthenticated));
        Assert.Null(second.Server.Engine.PeerIdentity);
    }

    [Theory]
    [InlineData(Role.Client)]
    [InlineData(Role.Server)]
    public void A_verifier_without_a_policy_id_disables_resumption(Role role)
    {
        foreach (var id in new[] { null, "v1" })
        {
            using var ends = new ResumptionEnds();
            using var identity = Authority.IssueClient("device-7");
            var policy = TrustPolicy.FromVerifier(new ToggledVerifier(id));
            ends.Client = ends.Client with { Identity = identity };
            ends.Server = ends.Server with { ClientAuthentication = ClientAuthenticationMode.Require, ClientTrust = TrustPolicy.FromAuthorities(Authority.Certificate) };
            if (role == Role.Client)
                ends.Client = ends.Client with { Trust = policy };
            else
                ends.Server = ends.Server with { ClientTrust = policy };
            ends.Connect().Dispose();
            using var second = ends.Connect();
            Assert.Equal(id is not null, second.Server.Engine.Negotiated!.IsResumed);
        }
    }

    /// <summary>The certificates are verified again: withdrawn trust leads to a full handshake, which fails with the reason.</summary>
    [Theory]
    [InlineData(Role.Client)]
    [InlineData(Role.Server)]
    public void Withdrawn_trust_ends_resumption_and_the_full_handshake_fails(Role role)
    {
        using var ends = new ResumptionEnds();
        using var identity = Authority.IssueClient("device-7");
        var verifier = new ToggledVerifier("v1");
        ends.Client = ends.Client with { Identity = identity };
        ends.Server = ends.Server with { ClientAuthentication = ClientAuthenticationMode.Require, ClientTrust = TrustPolicy.FromAuthorities(Authority.Certificate) };
        if (role == Role.Client)
            ends.Client = ends.Client with { Trust = TrustPolicy.FromVerifier(verifier) };
        else
            ends.Server = ends.Server with { ClientTrust = TrustPolicy.FromVerifier(verifier) };
        ends.Connect().Dispose();
        using (var second = ends.Connect())
            Assert.True(second[role].Engine.Negotiated!.IsResumed);

        verifier.Accepts = false;
        using var third = ends.Attempt();
        Assert.False(third.IsEstablished);
        Assert.Equal((SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateRejected), (third[role].Error!.Kind, third[role].Error!.Code));
        Assert.Contains(third.Steps, step => step.Message == "Certificate");
    }

    [Fact]
    public void A_client_whose_authority_is_no_longer_trusted_is_refused()
    {
        using var ends = new ResumptionEnds();
        using var other = DevelopmentAuthority.Create("Other");
        ends.Connect().Dispose();
        ends.Client = ends.Client with { Trust = TrustPolicy.FromAuthorities(other.Certificate) };
        using var second = ends.Attempt();
        Assert.Equal(CertificateErrorKind.UnknownAuthority, second.Client.Error!.Certificate!.Kind);
    }

    [Fact]
    public void A_ticket_lives_for_24_hours_after_the_full_handshake()
    {
        using var ends = new ResumptionEnds();
        ends.Connect().Dispose();
        for (var hours = 0; hours < 23; hours += 6)
        {
            using var pair = ends.Connect();
            Assert.True(pair.Server.Engine.Negotiated!.IsResumed);
            ends.Time.Advance(TimeSpan.FromHours(6));
        }

        // The client has tickets from six hours ago, but the full handshake is 24 hours ago.
        using var last = ends.Connect();
        Assert.False(last.Server.Engine.Negotiated!.IsResumed);
    }

    [Fact]
    public void A_server_refuses_a_ticket_that_a_client_uses_too_late_or_before_its_time()
    {
        using var ends = new ResumptionEnds();
        var (store, binding) = Store(ends);
        var now = ends.Time.GetUtcNow();
        Assert.True(ResumptionTicket.TryOpen(store, binding, [1], now + TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(2), out var opened));
        opened.Dispose();
        Assert.False(ResumptionTicket.TryOpen(store, binding, [1], now + TimeSpan.FromHours(24), out var _));
        Assert.False(ResumptionTicket.TryOpen(store, binding, [1], now - TimeSpan.FromSeconds(1), out var _));
    }

    /// <summary>A ticket expires with the certificate of the server, or with that of the client.</summary>
    [Fact]
    public void A_ticket_does_not_outlive_a_certificate()
    {
        using var ends = new ResumptionEnds();
        var expiry = new DateTimeOffset(Tls13Ends.Identity.Certificate.NotAfter);
        ends.Time.Advance(expiry - ends.Time.GetUtcNow() - TimeSpan.FromMinutes(10));
        ends.Connect().Dispose();
        Assert.True(ends.Client.TryTakeSession(out var session));
        Assert.True(session.ExpiresAt <= expiry);
        session.Dispose();
        ends.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.False(ends.Client.TryTakeSession(out var _));
    }

    /// <summary>A protector of the application returns any bytes. The reader of tickets never throws.</summary>
    [Fact]
    public void A_state_that_a_protector_changed_is_refused_without_an_exception()
    {
        using var ends = new ResumptionEnds();
        var (store, binding) = Store(ends);
        var state = store.States.First();
        var now = ends.Time.GetUtcNow();
        for (var length = 0; length < state.Length; length++)
            Assert.False(ResumptionTicket.TryOpen(new FixedProtector(state[..length]), binding, [1], now, out var _));
        Assert.False(ResumptionTicket.TryOpen(new FixedProtector([.. state, 0]), binding, [1], now, out var _));
        for (var bit = 0; bit < 8 * state.Length; bit++)
        {
            var changed = state.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            if (ResumptionTicket.TryOpen(new FixedProtector(changed), binding, [1], now, out var ticket))
                ticket.Dispose();
        }
    }

    /// <summary>Every rule of a policy changes its fingerprint. A new option needs a line here and in PolicyFingerprint.</summary>
    [Fact]
    public void Every_option_of_a_policy_changes_its_fingerprint()
    {
        var options = new Dictionary<string, TrustOptions>
        {
            [nameof(TrustOptions.MaxChainLength)] = new() { MaxChainLength = 9 },
            [nameof(TrustOptions.RequireExtendedKeyUsage)] = new() { RequireExtendedKeyUsage = true },
            [nameof(TrustOptions.RequireRootAnchors)] = new() { RequireRootAnchors = true },
            [nameof(TrustOptions.Revocation)] = new() { Revocation = RevocationMode.IfAvailable },
        };
        var policy = TrustPolicy.FromAuthorities(Authority.Certificate);
        var fingerprints = options.Values.Select(changed => policy.WithOptions(changed)).Append(policy).Append(TrustPolicy.System).Append(policy.WithPins(TrustPolicy.ComputePin(Authority.Certificate)))
            .Append(TrustPolicy.FromPins(TrustPolicy.ComputePin(Authority.Certificate)))
            .Append(TrustPolicy.FromVerifier(new ToggledVerifier("a"))).Append(TrustPolicy.FromVerifier(new ToggledVerifier("b")))
            .Append(TrustPolicy.FromVerifier(new ToggledVerifier("a").And(new ToggledVerifier("b"))))
            .Append(TrustPolicy.FromVerifier(new ToggledVerifier("a").Or(new ToggledVerifier("b"))))
            .Append(TrustPolicy.FromVerifier(CertificateVerifier.FromPolicy(policy)))
            .Select(item => Convert.ToHexString(item.Fingerprint!)).ToList();
        Assert.Equal(fingerprints.Count, fingerprints.Distinct().Count());
        Assert.Equal(Convert.ToHexString(TrustPolicy.FromAuthorities(Authority.Certificate).Fingerprint!), fingerprints[options.Count]);
        Assert.Null(TrustPolicy.FromVerifier(new ToggledVerifier("a").And(new ToggledVerifier(null))).Fingerprint);

        // Content that must be valid is covered by its hash.
        string[] contents = [nameof(TrustOptions.CrlPaths), nameof(TrustOptions.Crls), nameof(TrustOptions.OcspResponses)];
        Assert.Equal(
            options.Keys.Concat(contents).Order(StringComparer.Ordinal),
            typeof(TrustOptions).GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal));
    }

    private static (StoringProtector Store, ResumptionBinding Binding) Store(ResumptionEnds ends)
    {
        var store = new StoringProtector();
        ends.Server = ends.Server with { Tickets = store };
        ends.Connect().Dispose();
        return (store, new ResumptionBinding { CipherSuite = Suite(store), Identity = Tls13Ends.Identity, ServerName = Tls13Ends.ServerName });
    }

    private static SecureChannel.Cryptography.CipherSuite Suite(StoringProtector store)
    {
        Assert.True(WireSerializer.TryRead<TicketContent>(store.States.First(), out var content, out var _));
        return content.CipherSuite;
    }

    private sealed class FixedProtector(byte[] state) : TicketProtector
    {
        public override void Protect(ReadOnlySpan<byte> ticket, System.Buffers.IBufferWriter<byte> output) => throw new NotSupportedException();

        public override bool TryUnprotect(ReadOnlySpan<byte> ticket, System.Buffers.IBufferWriter<byte> output)
        {
            System.Buffers.BuffersExtensions.Write(output, state);
            return true;
        }
    }

    private sealed class ToggledVerifier(string? id) : CertificateVerifier
    {
        public bool Accepts { get; set; } = true;

        public override string? PolicyId => id;

        public override ValueTask<CertificateVerificationResult> VerifyAsync(CertificateVerificationRequest request, CancellationToken cancellationToken) =>
            new(Accepts ? request.Accept() : request.Reject(CertificateErrorKind.Rejected, "Withdrawn."));
    }
}
