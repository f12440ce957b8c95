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
    public void The_handshakes_as_they_are_compile_without_a_warning()
    {
        Assert.Equal(5, OfKeyTransport.Count);
        Assert.Empty(HandshakeSource.Errors(HandshakeSource.KeyTransport.Create(HandshakeSource.KeyTransport.Declaration)));
        Assert.Equal(18, OfTls13.Count);
        Assert.Empty(HandshakeSource.Errors(HandshakeSource.Tls13.Create(HandshakeSource.Tls13.Declaration)));
    }

    [Theory]
    [MemberData(nameof(OfKeyTransport))]
    public void Without_one_transition_the_handlers_of_its_message_are_in_nobodys_order(int line)
    {
        var transition = HandshakeSource.KeyTransport.Declaration.Split('\n')[line];
        var message = transition[(transition.IndexOf('<', StringComparison.Ordinal) + 1)..transition.IndexOf('>', StringComparison.Ordinal)];

        var errors = HandshakeSource.Errors(HandshakeSource.KeyTransport.Create(HandshakeSource.KeyTransport.Without(line)));

        // CS0759: no defining declaration of a partial method. One handler reads the message, the other writes it.
        var orphans = errors.Where(error => error.Id == "CS0759").Select(error => error.GetMessage(null)).ToArray();
        Assert.Contains(orphans, text => text.Contains($".On(in {message}, ", StringComparison.Ordinal));
        Assert.Contains(orphans, text => text.Contains($".Write{message}(", StringComparison.Ordinal));
    }

    /// <summary>A message of TLS 1.3 may stand in several states: then its handlers are still somebody's, and the handshake ends in a state that nothing leaves.</summary>
    [Theory]
    [MemberData(nameof(OfTls13))]
    public void Without_one_transition_tls_does_not_compile_or_never_gets_on(int line)
    {
        var source = HandshakeSource.Tls13;
        var generated = HandshakeSource.Generate(source.Create(source.Without(line)));
        if (generated.GetDiagnostics(TestContext.Current.CancellationToken).Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
            return;

        // It was the only transition of its state.
        var lines = source.Declaration.Split('\n');
        Assert.False(HandshakeSource.IsTransition(lines[line - 1]) || HandshakeSource.IsTransition(lines[line + 1]));
        var state = lines[line + 1].Trim().TrimEnd(',');
        if (state.EndsWith("Both", StringComparison.Ordinal))
            return;

        // A handshake with a HelloRetryRequest goes through every state in which the server asks for no certificate.
        var protocol = Load(generated);
        using var pair = new EnginePair(
            protocol,
            Tls13Ends.Client with { Groups = [NamedGroup.Secp256r1, NamedGroup.Secp384r1] },
            Tls13Ends.Server with { Groups = [NamedGroup.Secp384r1] }).Start().Run();
        Assert.False(pair.IsEstablished);

        // No message leads to the first state.
        Assert.Contains(state, pair.Steps.Select(step => step.State).Prepend("Start"));
    }

    [Fact]
    public void A_message_that_must_prove_the_server_needs_a_handler_that_returns_the_proof()
    {
        var errors = HandshakeSource.Errors(HandshakeSource.KeyTransport.Create(
            HandshakeSource.KeyTransport.Declaration
                .Replace("[Server<ServerCertificate>(Delivering)]", "[Server<ServerCertificate>(Delivering, Authenticates = Role.Server)]", StringComparison.Ordinal)));

        // CS8817: both declarations of a partial method must have the same return type.
        Assert.Equal("CS8817", Assert.Single(errors, error => error.Severity == DiagnosticSeverity.Error).Id);
    }

    private static HandshakeProtocol Load(Compilation compilation)
    {
        using var assembly = new MemoryStream();
        Assert.True(compilation.Emit(assembly).Success);
        var type = System.Reflection.Assembly.Load(assembly.ToArray()).GetType("SecureChannel.Tls13.Tls13Protocol", throwOnError: true)!;
        return (HandshakeProtocol)type.GetProperty("Instance")!.GetValue(null)!;
    }
}
