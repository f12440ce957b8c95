using System.Reflection;
using SecureChannel.Cryptography;
using SecureChannel.Testing;
using SecureChannel.Tls13;
using Declaration = SecureChannel.Tls13.Tls13;

namespace SecureChannel.Tests.Tls13;

/// <summary>Every message of the declaration in every state: RFC 9846 appendix A.</summary>
public sealed class MessageOrderTests
{
    private static readonly (string State, Role Sender, string Message)[] Transitions =
    [
        .. from state in typeof(Declaration).GetFields(BindingFlags.Public | BindingFlags.Static)
           from attribute in state.GetCustomAttributes<TransitionAttribute>()
           let type = attribute.GetType()
           let sender = type.GetGenericTypeDefinition() == typeof(ClientAttribute<>) ? Role.Client : Role.Server
           select (state.Name, sender, type.GetGenericArguments()[0].Name),
    ];

    // One well-formed message of each type. Its content does not matter in a state that does not expect it.
    private static readonly Dictionary<string, byte[]> Messages = Record();

    public static TheoryData<Role, string, string> IllegalPairs()
    {
        var pairs = new TheoryData<Role, string, string>();
        foreach (var role in Enum.GetValues<Role>())
        {
            foreach (var state in RestingStates(role))
            {
                foreach (var message in Messages.Keys.Where(message => !IsLegal(role, state, message)))
                    pairs.Add(role, state, message);
            }
        }

        return pairs;
    }

    [Fact]
    public void Every_message_is_tested_in_every_state_in_which_an_endpoint_waits()
    {
        Assert.Equal(12, Messages.Count);
        Assert.Equal(
            [
                "ClientHelloSent", "ClientHelloRepeated", "Negotiated", "ServerAuthenticating", "ServerCertified", "ServerFinishing",
                "ServerAuthenticatingBoth", "ServerCertifiedBoth", "ServerFinishingBoth", "Connected",
            ],
            RestingStates(Role.Client));
        Assert.Equal(["Start", "RetryRequested", "ClientAuthenticating", "ClientCertified", "ClientFinishing", "Connected"], RestingStates(Role.Server));
        Assert.Equal((16 * 12) - 22, IllegalPairs().Count);
    }

    [Theory]
    [MemberData(nameof(IllegalPairs))]
    public void An_illegal_message_is_rejected_with_unexpected_message(Role role, string state, string message)
    {
        using var end = Reach(role, state);
        end.Accept(Messages[message]);
        Assert.Equal((SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage), (end.Error!.Kind, end.Error.Alert));
        Assert.Contains($" was received in state '{state}', which expects ", end.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Role.Client)]
    [InlineData(Role.Server)]
    public void A_message_of_unknown_type_is_rejected_in_every_state(Role role)
    {
        foreach (var state in RestingStates(role))
        {
            using var end = Reach(role, state);
            end.Accept([77, 0, 0, 0]);
            Assert.Equal(AlertDescription.UnexpectedMessage, end.Error!.Alert);
        }
    }

    /// <summary>RFC 9846 section 4.5.1.3: an empty Certificate of a server is a decode_error.</summary>
    [Theory]
    [InlineData("ServerAuthenticating")]
    [InlineData("ServerAuthenticatingBoth")]
    public void An_empty_certificate_of_a_server_is_a_decode_error(string state)
    {
        using var client = Reach(Role.Client, state);
        client.Accept(Messages["NoCertificate"]);
        Assert.Equal((SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateMissing, AlertDescription.DecodeError), (client.Error!.Kind, client.Error.Code, client.Error.Alert));
    }

    private static bool IsLegal(Role role, string state, string message) =>
        Transitions.Any(transition => transition.State == state && transition.Sender != role && transition.Message == message)
        // The client handles the message as a Certificate and rejects its content.
        || (message == "NoCertificate" && Transitions.Any(transition => transition.State == state && transition.Sender == Role.Server && role == Role.Client && transition.Message == "Certificate"));

    private static string[] RestingStates(Role role) =>
    [
        .. Enum.GetNames<Declaration>()
            .Where(state => state == "Connected" || !Transitions.Any(transition => transition.State == state && transition.Sender == role)),
    ];

    private static Dictionary<string, byte[]> Record()
    {
        using var client = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateClient(Tls13Ends.Client)).Start();
        var hello = client.Sent.Dequeue();
        using var retry = new ScriptedServer(hello);
        using var server = new ScriptedServer(hello);
        return new Dictionary<string, byte[]>
        {
            ["ClientHello"] = hello,
            ["HelloRetryRequest"] = retry.HelloRetryRequest(new HelloRetryRequestExtension.SupportedVersions(ProtocolVersion.Tls13)),
            ["ServerHello"] = server.ServerHello(),
            ["EncryptedExtensions"] = server.EncryptedExtensions(),
            ["CertificateRequest"] = server.CertificateRequest(),
            ["Certificate"] = server.Certificate(),
            ["NoCertificate"] = server.Certificate(default, []),
            ["CertificateVerify"] = server.CertificateVerify(),
            ["Finished"] = server.Finished(),
            ["EndOfEarlyData"] = HandshakeWire.Frame(default(EndOfEarlyData)),
            ["NewSessionTicket"] = HandshakeWire.Frame(new NewSessionTicket(60, 1, new byte[1], new byte[8], [])),
            ["KeyUpdate"] = HandshakeWire.Frame(new KeyUpdate(KeyUpdateRequest.NotRequested)),
        };
    }

    private static MachineEnd Reach(Role role, string state) => role == Role.Client ? ReachClient(state) : ReachServer(state);

    private static MachineEnd ReachClient(string state)
    {
        foreach (var (isRetried, isAsked) in new[] { (false, false), (true, false), (false, true) })
        {
            var parameters = Tls13Ends.Client with { Groups = [NamedGroup.Secp256r1, NamedGroup.Secp384r1] };
            var client = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateClient(parameters)).Start();
            using var server = new ScriptedServer(client.Sent.Dequeue());
            if (client.State == state)
                return client;
            if (isRetried)
            {
                client.Accept(server.HelloRetryRequest(
                    new HelloRetryRequestExtension.SupportedVersions(ProtocolVersion.Tls13), new HelloRetryRequestExtension.KeyShare(NamedGroup.Secp384r1)));
                server.Receive(client.Sent.Dequeue());
            }

            if (client.State == state)
                return client;
            foreach (var message in server.Rest(isAsked).Prepend(server.ServerHello()))
            {
                client.Accept(message);
                Assert.Null(client.Error);
                if (client.State == state)
                    return client;
            }

            client.Dispose();
        }

        throw new InvalidOperationException($"No client comes to {state}.");
    }

    private static MachineEnd ReachServer(string state)
    {
        var parameters = state switch
        {
            "RetryRequested" => Tls13Ends.Server with { Groups = [NamedGroup.Secp384r1] },
            "ClientAuthenticating" or "ClientCertified" => Tls13Ends.ServerOfClients,
            _ => Tls13Ends.Server,
        };
        var server = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateServer(parameters)).Start();
        using var client = new ScriptedClient(Tls13Ends.Client with { Groups = [NamedGroup.Secp256r1, NamedGroup.Secp384r1] });
        if (server.State == state)
            return server;
        server.Accept(client.Hello());
        if (server.State == state)
            return server;
        while (server.Sent.TryDequeue(out var message))
            client.Receive(message);
        if (server.State == state)
            return server;
        server.Accept(state == "ClientCertified" ? client.Certificate() : client.Finished());
        Assert.Equal(state, server.State);
        return server;
    }
}
