using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Resumption;

/// <summary>Full and resumed handshakes between both endpoints of this library.</summary>
public sealed class ResumedHandshakeTests
{
    public static TheoryData<CipherSuite, NamedGroup> Parameters
    {
        get
        {
            var data = new TheoryData<CipherSuite, NamedGroup>();
            foreach (var suite in CryptographyProvider.Platform.CipherSuites)
            {
                foreach (var group in CryptographyProvider.Platform.Groups)
                    data.Add(suite, group);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public void A_second_handshake_resumes_the_session_of_the_first(CipherSuite suite, NamedGroup group)
    {
        using var ends = new ResumptionEnds();
        ends.Client = ends.Client with { CipherSuites = [suite], Groups = [group] };
        using (var first = ends.Connect())
            Assert.Equal((false, false), (first.Client.Engine.Negotiated!.IsResumed, first.Server.Engine.Negotiated!.IsResumed));

        using var second = ends.Connect();
        foreach (var end in new[] { second.Client, second.Server })
        {
            var negotiated = end.Engine.Negotiated!;
            Assert.Equal((true, suite, group, null), (negotiated.IsResumed, negotiated.CipherSuite!.Value, negotiated.Group!.Value, negotiated.SignatureScheme));
        }

        Assert.Equal(Tls13Ends.ServerName, second.Client.Engine.PeerIdentity!.Name);
        Assert.Equal(Tls13Ends.Identity.Certificate, second.Client.Engine.PeerIdentity.Certificate);
        AssertSameSession(second);
        Assert.DoesNotContain(second.Steps, step => step.Message is "Certificate" or "CertificateVerify");
    }

    /// <summary>RFC 9846 appendix C.4: the keys of a resumed session depend on a new key agreement.</summary>
    [Fact]
    public void Sessions_that_resume_one_another_have_different_keys()
    {
        using var ends = new ResumptionEnds();
        var exported = new List<string>();
        for (var count = 0; count < 4; count++)
        {
            using var pair = ends.Connect();
            Assert.Equal(count > 0, pair.Client.Engine.Negotiated!.IsResumed);
            exported.Add(Convert.ToHexString(AssertSameSession(pair)));
        }

        Assert.Equal(4, exported.Distinct().Count());
    }

    [Fact]
    public void A_session_is_resumed_after_a_retry_request()
    {
        using var ends = new ResumptionEnds();
        ends.Connect().Dispose();
        ends.Client = ends.Client with { Groups = [NamedGroup.Secp384r1, NamedGroup.Secp256r1] };
        ends.Server = ends.Server with { Groups = [NamedGroup.Secp256r1] };
        using var second = ends.Connect();
        Assert.Contains(second.Steps, step => step.Message == "HelloRetryRequest");
        Assert.True(second.Client.Engine.Negotiated!.IsResumed);
        AssertSameSession(second);
    }

    /// <summary>RFC 9846 section 4.2.2: after a retry request, keys that the suite cannot use are withdrawn.</summary>
    [Fact]
    public void A_retry_request_with_a_suite_of_another_hash_leads_to_a_full_handshake()
    {
        using var ends = new ResumptionEnds();
        ends.Client = ends.Client with { CipherSuites = [CipherSuite.Aes128GcmSha256] };
        ends.Connect().Dispose();
        ends.Client = ends.Client with { CipherSuites = [CipherSuite.Aes256GcmSha384, CipherSuite.Aes128GcmSha256], Groups = [NamedGroup.Secp384r1, NamedGroup.Secp256r1] };
        ends.Server = ends.Server with { Groups = [NamedGroup.Secp256r1], CipherSuites = [CipherSuite.Aes256GcmSha384] };
        using var second = ends.Connect();
        Assert.Contains(second.Steps, step => step.Message == "HelloRetryRequest");
        Assert.False(second.Client.Engine.Negotiated!.IsResumed);
        AssertSameSession(second);
    }

    /// <summary>RFC 9846 section 4.7.1: "Any ticket MUST only be resumed with a cipher suite that has the same KDF hash algorithm".</summary>
    [Fact]
    public void A_session_is_resumed_with_another_suite_of_the_same_hash_only()
    {
        using var ends = new ResumptionEnds();
        ends.Client = ends.Client with { CipherSuites = [CipherSuite.Aes128GcmSha256] };
        ends.Connect().Dispose();
        ends.Client = ends.Client with { CipherSuites = [CipherSuite.ChaCha20Poly1305Sha256] };
        using (var second = ends.Connect())
            Assert.Equal((true, CipherSuite.ChaCha20Poly1305Sha256), (second.Server.Engine.Negotiated!.IsResumed, second.Server.Engine.Negotiated.CipherSuite!.Value));
        ends.Client = ends.Client with { CipherSuites = [CipherSuite.Aes256GcmSha384] };
        using (var third = ends.Connect())
            Assert.False(third.Server.Engine.Negotiated!.IsResumed);

        // A ticket under the suite of the third session is offered, and the server prefers a suite of the other hash.
        ends.Client = ends.Client with { CipherSuites = [CipherSuite.Aes128GcmSha256, CipherSuite.Aes256GcmSha384] };
        ends.Server = ends.Server with { CipherSuites = [CipherSuite.Aes128GcmSha256] };
        using var fourth = ends.Connect();
        Assert.False(fourth.Server.Engine.Negotiated!.IsResumed);
        AssertSameSession(fourth);
    }

    [Fact]
    public void A_client_uses_a_ticket_once_and_a_full_handshake_brings_two()
    {
        using var ends = new ResumptionEnds();
        using var first = ends.Connect();

        // Neither handshake completes, so that no new ticket arrives.
        var offers = Enumerable.Range(0, 3).Select(_ => ends.Hello()).ToList();
        Assert.Equal([true, true, false], offers.Select(hello => hello.Extensions.Any(extension => extension is SecureChannel.Tls13.ClientHelloExtension.PreSharedKeys)));
        var identities = offers.Take(2).Select(hello => hello.Extensions.OfType<SecureChannel.Tls13.ClientHelloExtension.PreSharedKeys>().Single().Identities.Single()).ToList();
        Assert.NotEqual(identities[0].Identity.ToArray(), identities[1].Identity.ToArray());
        Assert.NotEqual(identities[0].ObfuscatedTicketAge, identities[1].ObfuscatedTicketAge);
    }

    /// <summary>RFC 9846 section 8: without early data, a replayed ClientHello leads to no session, because the sender does not have the key.</summary>
    [Fact]
    public void A_server_accepts_a_ticket_more_than_once()
    {
        using var ends = new ResumptionEnds();
        ends.Connect().Dispose();
        byte[] hello;
        using (var second = ends.Connect())
        {
            Assert.True(second.Server.Engine.Negotiated!.IsResumed);
            hello = [.. second.Sent[Role.Client].Take(5 + (second.Sent[Role.Client][3] << 8) + second.Sent[Role.Client][4])];
        }

        using var replay = ends.CreatePair();
        replay.Server.Engine.Start(replay.Now, replay.Server.Output);
        replay.Server.Deliver(hello, replay.Now);
        Assert.Equal(("ClientFinishing", EngineStatus.Handshaking), (replay.Steps[^1].State, replay.Server.Engine.Status));
    }

    [Fact]
    public void A_client_without_a_cache_offers_no_resumption_and_receives_no_ticket()
    {
        using var ends = new ResumptionEnds();
        ends.Client = ends.Client with { SessionCache = null };
        using var pair = ends.Connect();
        Assert.DoesNotContain(pair.Steps, step => step.Message == "NewSessionTicket");
        Assert.DoesNotContain(ends.Hello().Extensions, extension => extension is SecureChannel.Tls13.ClientHelloExtension.PskKeyExchangeModes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_server_without_a_protector_issues_no_tickets(bool isNone)
    {
        using var ends = new ResumptionEnds();
        ends.Server = ends.Server with { Tickets = isNone ? TicketProtector.None : null };
        using (var pair = ends.Connect())
            Assert.DoesNotContain(pair.Steps, step => step.Message == "NewSessionTicket");
        using var second = ends.Connect();
        Assert.False(second.Server.Engine.Negotiated!.IsResumed);
    }

    [Fact]
    public void Session_parameters_are_negotiated_again()
    {
        using var ends = new ResumptionEnds();
        using (var first = ends.Connect())
            Assert.Null(first.Client.Engine.Negotiated!.IdleTimeout);
        ends.Server = ends.Server with { Session = new SessionParameters { IdleTimeout = TimeSpan.FromSeconds(7), MaxMessageSize = 1234 } };
        using var second = ends.Connect();
        var negotiated = second.Client.Engine.Negotiated!;
        Assert.Equal((true, TimeSpan.FromSeconds(7), 1234), (negotiated.IsResumed, negotiated.IdleTimeout!.Value, negotiated.PeerMaxMessageSize!.Value));
    }

    [Fact]
    public void Tickets_that_one_server_issues_are_accepted_by_another_with_the_same_keys()
    {
        using var ends = new ResumptionEnds();
        byte[] key = [.. Enumerable.Range(1, 32).Select(value => (byte)value)];
        ends.Server = ends.Server with { Tickets = new TicketKeys(key) };
        ends.Connect().Dispose();
        ends.Server = ends.Server with { Tickets = new TicketKeys(new byte[32], key) };
        using (var second = ends.Connect())
            Assert.True(second.Server.Engine.Negotiated!.IsResumed);
        ends.Server = ends.Server with { Tickets = new TicketKeys(key) };
        using var third = ends.Connect();
        Assert.False(third.Server.Engine.Negotiated!.IsResumed);
        AssertSameSession(third);
    }

    [Fact]
    public void A_custom_protector_sees_the_state_and_may_store_it()
    {
        using var ends = new ResumptionEnds();
        var store = new StoringProtector();
        ends.Server = ends.Server with { Tickets = store };
        ends.Connect().Dispose();
        Assert.Equal(2, store.Count);
        using (var second = ends.Connect())
            Assert.True(second.Server.Engine.Negotiated!.IsResumed);
        store.Clear();
        using var third = ends.Connect();
        Assert.False(third.Server.Engine.Negotiated!.IsResumed);
    }

    [Fact]
    public void Keys_are_updated_in_a_resumed_session()
    {
        using var ends = new ResumptionEnds();
        ends.Connect().Dispose();
        using var second = ends.Connect();
        second.Write(Role.Client, 1, 2, 3);
        second.Run();
        second.Write(Role.Server, 4);
        second.Run();
        Assert.Equal([1, 2, 3], second.Server.Received);
        Assert.Equal([4], second.Client.Received);
    }

    internal static byte[] AssertSameSession(EnginePair pair)
    {
        byte[] client = new byte[32], server = new byte[32];
        pair.Client.Engine.ExportKeyingMaterial("test", [], client);
        pair.Server.Engine.ExportKeyingMaterial("test", [], server);
        Assert.Equal(client, server);
        pair.Write(Role.Client, 1, 2);
        pair.Write(Role.Server, 3);
        pair.Run();
        Assert.Equal([1, 2], pair.Server.Received);
        Assert.Equal([3], pair.Client.Received);
        return client;
    }
}
