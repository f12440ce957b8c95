using Microsoft.CodeAnalysis;

namespace SecureChannel.Generators.Tests.Handshakes;

public sealed class DeletedTransitionTests
{
    public static TheoryData<string> Transitions => [.. KeyTransportSource.TransitionLines.Select(line => line.Trim())];

    [Fact]
    public void The_handshake_as_it_is_compiles_without_a_warning()
    {
        Assert.Equal(5, Transitions.Count);
        Assert.Empty(KeyTransportSource.Errors(KeyTransportSource.Create(KeyTransportSource.Declaration)));
    }

    [Theory]
    [MemberData(nameof(Transitions))]
    public void Without_one_transition_the_handlers_of_its_message_are_in_nobodys_order(string transition)
    {
        var message = transition[(transition.IndexOf('<', StringComparison.Ordinal) + 1)..transition.IndexOf('>', StringComparison.Ordinal)];

        var errors = KeyTransportSource.Errors(KeyTransportSource.Create(KeyTransportSource.Declaration.Replace(transition, "", StringComparison.Ordinal)));

        // CS0759: no defining declaration of a partial method. One handler reads the message, the other writes it.
        var orphans = errors.Where(error => error.Id == "CS0759").Select(error => error.GetMessage(null)).ToArray();
        Assert.Contains(orphans, text => text.Contains($".On(in {message}, ", StringComparison.Ordinal));
        Assert.Contains(orphans, text => text.Contains($".Write{message}(", StringComparison.Ordinal));
    }

    [Fact]
    public void A_message_that_must_prove_the_server_needs_a_handler_that_returns_the_proof()
    {
        var errors = KeyTransportSource.Errors(KeyTransportSource.Create(
            KeyTransportSource.Declaration
                .Replace("[Server<ServerCertificate>(Delivering)]", "[Server<ServerCertificate>(Delivering, Proves = Identity.Server)]", StringComparison.Ordinal)));

        // CS8817: both declarations of a partial method must have the same return type.
        Assert.Equal("CS8817", Assert.Single(errors, error => error.Severity == DiagnosticSeverity.Error).Id);
    }
}
