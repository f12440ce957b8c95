using Microsoft.CodeAnalysis;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Testing;

namespace SecureChannel.Generators.Tests.Handshakes;

public sealed class DeletedTransitionTests
{
    public static TheoryData<int> OfKeyTransport => [.. HandshakeSource.KeyTransport.TransitionLines];

    public static TheoryData<int> OfTls13 => [.. HandshakeSource.Tls13.TransitionLines];

    [Fact]
    public void The_built_in_handshakes_compile_without_a_warning()
    {
        Assert.Equal(5, OfKeyTransport.Count);
        Assert.Empty(HandshakeSource.Errors(HandshakeSource.KeyTransport.Create(HandshakeSource.KeyTransport.Declaration)));
        Assert.Equal(24, OfTls13.Count);
        Assert.Empty(HandshakeSource.Errors(HandshakeSource.Tls13.Create(HandshakeSource.Tls13.Declaration)));
    }

    [Theory]
    [MemberData(nameof(OfKeyTransport))]
    public void Handlers_without_a_transition_do_not_compile(int line)
    {
        var transition = HandshakeSource.KeyTransport.Declaration.Split('\n')[line];
        var message = transition[(transition.IndexOf('<', StringComparison.Ordinal) + 1)..transition.IndexOf('>', StringComparison.Ordinal)];

        var errors = HandshakeSource.Errors(HandshakeSource.KeyTransport.Create(HandshakeSource.KeyTransport.Without(line)));

        // CS0759: the handler that receives the message and the one that writes it have no generated declaration.
        var orphans = errors.Where(error => error.Id == "CS0759").Select(error => error.GetMessage(null)).ToArray();
        Assert.Contains(orphans, text => text.Contains($".On(in {message}, ", StringComparison.Ordinal));
        Assert.Contains(orphans, text => text.Contains($".Write{message}(", StringComparison.Ordinal));
    }

    /// <summary>A message of TLS 1.3 may have several transitions. Its handlers then still compile, and the handshake stops in the state whose transition was deleted.</summary>
    [Theory]
    [MemberData(nameof(OfTls13))]
    public void Tls_without_one_transition_does_not_compile_or_stops_in_its_state(int line)
    {
        var source = HandshakeSource.Tls13;
        var generated = HandshakeSource.Generate(source.Create(source.Without(line)));
        if (generated.GetDiagnostics(TestContext.Current.CancellationToken).Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
            return;

        // The deleted transition was the only one of its state.
        var lines = source.Declaration.Split('\n');
        Assert.False(HandshakeSource.IsTransition(lines[line - 1]) || HandshakeSource.IsTransition(lines[line + 1]));
        var state = lines[line + 1].Trim().TrimEnd(',');

        // A handshake with a HelloRetryRequest passes every state, if the server requests a certificate or if it does not, and if it resumes a session or not.
        var requestsCertificate = state.EndsWith("Both", StringComparison.Ordinal);
        var resumes = state.StartsWith("Resumed", StringComparison.Ordinal);
        var tickets = resumes ? new TicketKeys(new byte[32]) : null;
        var client = Tls13Ends.ClientWithIdentity with { Groups = [NamedGroup.Secp256r1, NamedGroup.Secp384r1], SessionCache = resumes ? new ClientSessionCache() : null };
        var server = (requestsCertificate ? Tls13Ends.ServerOfClients : Tls13Ends.Server) with { Groups = [NamedGroup.Secp384r1], Tickets = tickets };
        var protocol = Load(generated);
        if (resumes)
        {
            using var first = new EnginePair(protocol, client, server).Start().Run();
            Assert.True(first.IsEstablished);
        }

        using var pair = new EnginePair(protocol, client, server).Start().Run();
        Assert.False(pair.IsEstablished);

        // The first state has no message before it.
        Assert.Contains(state, pair.Steps.Select(step => step.State).Prepend("Start"));
    }

    /// <summary>The authentication of the client is a property of the path: TLS 1.3 has a path without its certificate.</summary>
    [Fact]
    public void An_established_state_requires_the_proof_of_the_client_if_every_path_to_it_contains_one()
    {
        const string required = "RequiresPeerIdentity(global::SecureChannel.Tls13.Tls13 state) => state is global::SecureChannel.Tls13.Tls13.Connected;";
        const string optional = "RequiresPeerIdentity(global::SecureChannel.Tls13.Tls13 state) => false;";
        var declaration = HandshakeSource.Tls13.Declaration;
        var (client, server) = Machines(declaration);
        Assert.Contains(required, client, StringComparison.Ordinal);
        Assert.Contains(optional, server, StringComparison.Ordinal);

        (client, server) = Machines(declaration
            .Replace("    [Client<NoCertificate>(ClientFinishing)]\n", "", StringComparison.Ordinal)
            .Replace("    [Server<Certificate>(ServerCertified)]\n", "", StringComparison.Ordinal)
            .Replace("    [Server<ResumedServerHello>(Resumed, CarriesEphemeralKey = true)]\n", "", StringComparison.Ordinal));
        Assert.Contains(required, client, StringComparison.Ordinal);
        Assert.Contains(required, server, StringComparison.Ordinal);
    }

    [Fact]
    public void The_handler_of_an_authenticating_message_must_return_a_proof()
    {
        var errors = HandshakeSource.Errors(HandshakeSource.KeyTransport.Create(
            HandshakeSource.KeyTransport.Declaration
                .Replace("[Server<ServerCertificate>(Delivering)]", "[Server<ServerCertificate>(Delivering, Authenticates = Role.Server)]", StringComparison.Ordinal)));

        // CS8817: both declarations of a partial method must have the same return type.
        Assert.Equal("CS8817", Assert.Single(errors, error => error.Severity == DiagnosticSeverity.Error).Id);
    }

    private static (string Client, string Server) Machines(string declaration)
    {
        var generated = HandshakeSource.Generate(HandshakeSource.Tls13.Create(declaration)).SyntaxTrees.Select(tree => tree.ToString()).ToList();
        return (
            generated.Single(text => text.Contains("partial class Tls13Client : global::", StringComparison.Ordinal)),
            generated.Single(text => text.Contains("partial class Tls13Server : global::", StringComparison.Ordinal)));
    }

    private static HandshakeProtocol Load(Compilation compilation)
    {
        using var assembly = new MemoryStream();
        Assert.True(compilation.Emit(assembly).Success);
        var type = System.Reflection.Assembly.Load(assembly.ToArray()).GetType("SecureChannel.Tls13.Tls13Protocol", throwOnError: true)!;
        return (HandshakeProtocol)type.GetProperty("Instance")!.GetValue(null)!;
    }
}
