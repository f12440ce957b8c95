using SecureChannel.Cryptography;
using SecureChannel.Messages;
using SecureChannel.Testing;
using SecureChannel.Tls13;

namespace SecureChannel.Tests.Tls13;

/// <summary>A server that requests a certificate, and a server that issues tickets: RFC 9846 sections 4.5.1 and 4.7.1.</summary>
public sealed class CertificateRequestTests
{
    [Fact]
    public void A_client_answers_a_certificate_request_with_an_empty_certificate()
    {
        using var client = Connect(server => server.CertificateRequest(), out var server);
        using (server)
        {
            Assert.Equal("Connected", client.State);
            var answer = client.Sent.Dequeue();
            Assert.Equal([11, 0, 0, 4, 0, 0, 0, 0], answer);
            server.Receive(answer);
            Assert.True(server.IsRight(client.Sent.Dequeue()));
            Assert.Empty(client.Sent);
        }
    }

    [Fact]
    public void A_client_sends_no_certificate_without_a_request()
    {
        using var client = Connect(null, out var server);
        using (server)
        {
            Assert.True(server.IsRight(client.Sent.Dequeue()));
            Assert.Empty(client.Sent);
        }
    }

    [Fact]
    public void Unknown_extensions_of_a_request_and_of_a_ticket_are_ignored()
    {
        using var client = Connect(
            server => server.CertificateRequest(
                default,
                new CertificateRequestExtension.Other((ExtensionType)0x0A0A, default),
                new CertificateRequestExtension.SignatureAlgorithms([SignatureScheme.EcdsaSecp256r1Sha256]),
                new CertificateRequestExtension.Other((ExtensionType)0xFAFA, new byte[1])),
            out var server);
        using (server)
        {
            Assert.Equal("Connected", client.State);
            client.Accept(Ticket(new NewSessionTicketExtension.Other((ExtensionType)0x1A1A, new byte[3])));
            Assert.Null(client.Error);
        }
    }

    [Fact]
    public void A_ticket_is_ignored()
    {
        using var client = Connect(null, out var server);
        using (server)
        {
            for (var ticket = 0; ticket < 3; ticket++)
                client.Accept(Ticket(new NewSessionTicketExtension.EarlyData(16384)));
            Assert.Null(client.Error);
            Assert.Equal("Connected", client.State);
        }
    }

    private static byte[] Ticket(NewSessionTicketExtension extension) => HandshakeWire.Frame(new NewSessionTicket(604_800, 1, new byte[1], new byte[8], [extension]));

    private static MachineEnd Connect(Func<ScriptedServer, byte[]>? request, out ScriptedServer server)
    {
        var client = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateClient(Tls13Ends.Client)).Start();
        server = new ScriptedServer(client.Sent.Dequeue());
        client.Accept(server.ServerHello());
        client.Accept(server.EncryptedExtensions());
        if (request is not null)
            client.Accept(request(server));
        client.Accept(server.Certificate());
        client.Accept(server.CertificateVerify());
        client.Accept(server.Finished());
        Assert.Null(client.Error);
        return client;
    }
}

/// <summary>The answers of a server to extensions: RFC 9846 section 4.3.</summary>
public sealed class ServerAnswerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_server_answers_only_the_extensions_that_the_client_offered(bool isAsked)
    {
        var parameters = isAsked
            ? Tls13Ends.Client with { ApplicationProtocols = ["bank/1"], Session = new() { IdleTimeout = TimeSpan.FromSeconds(30) } }
            : Tls13Ends.Client with { ServerName = "192.0.2.1" };
        using var client = new ScriptedClient(parameters);
        using var server = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateServer(Tls13Ends.Server with { ApplicationProtocols = ["bank/1"], RequireApplicationProtocol = false, Session = new() { IdleTimeout = TimeSpan.FromSeconds(20) } })).Start();
        server.Accept(client.Hello());
        server.Sent.Dequeue();
        Assert.True(WireSerializer.TryRead<EncryptedExtensions>(server.Sent.Dequeue().AsSpan(4), out var encrypted, out _));
        Type[] expected = isAsked ? [typeof(EncryptedExtension.ServerName), typeof(EncryptedExtension.ApplicationProtocol), typeof(EncryptedExtension.Parameters)] : [typeof(EncryptedExtension.Parameters)];
        Assert.Equal(expected, encrypted.Extensions.Select(extension => extension.GetType()));
    }

    // RFC 9846 section 4.5.1.1: "the body of the "status_request" extension from the server MUST be a CertificateStatus structure".
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_server_staples_its_OCSP_response_if_the_client_requests_it(bool isAsked, bool hasResponse)
    {
        byte[] response = [1, 2, 3];
        using var identity = new CertificateIdentity(Tls13Ends.Identity.Certificate, Tls13Ends.Identity.Intermediates) { OcspResponse = hasResponse ? response : default };
        using var client = new ScriptedClient();
        using var server = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateServer(Tls13Ends.Server with { Identity = identity })).Start();
        var request = new ClientHelloExtension.StatusRequest(OcspStatusRequest.Any);
        server.Accept(client.Hello(extensions => isAsked ? extensions.Add(request) : extensions));
        var certificate = server.Sent.Single(message => message[0] == 11);

        Assert.True(WireSerializer.TryRead<Certificate>(certificate.AsSpan(4), out var sent, out _));
        var extensions = sent.Entries[0].Extensions;
        if (isAsked && hasResponse)
            Assert.Equal(response, Assert.IsType<OcspResponse>(Assert.IsType<CertificateExtension.Status>(Assert.Single(extensions)).Content).Der.ToArray());
        else
            Assert.Empty(extensions);
    }
}
