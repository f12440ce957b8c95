using Microsoft.CodeAnalysis;

namespace SecureChannel.Generators.Tests.Handshakes;

public sealed class AnytimeTests
{
    private const string Ping = "using SecureChannel; namespace SecureChannel.KeyTransport; [Message(9)] internal readonly ref partial struct Ping;";

    [Theory]
    [InlineData("[Established]", "[Established] [Anytime<Ping>(Role.Client)]")]
    [InlineData("[Handshake(\"key-transport/1\")]", "[Handshake(\"key-transport/1\")] [Anytime<Ping>(Role.Client)]")]
    public void A_message_of_any_time_has_a_send_method_and_a_handler_and_is_never_sent_by_the_order(string attribute, string with)
    {
        Assert.Contains(attribute, HandshakeSource.KeyTransport.Declaration);
        var compilation = HandshakeSource.KeyTransport.Create(HandshakeSource.KeyTransport.Declaration.Replace(attribute, with, StringComparison.Ordinal), Ping);

        HandshakeSource.CreateDriver().RunGeneratorsAndUpdateCompilation(compilation, out var generated, out _, TestContext.Current.CancellationToken);

        // CS8795: the partial methods that write and receive the message have no implementation here.
        var missing = generated.GetDiagnostics(TestContext.Current.CancellationToken).Where(found => found.Id == "CS8795").Select(found => found.GetMessage(null)).Order().ToArray();
        Assert.Equal(2, missing.Length);
        Assert.Contains("WritePing", missing[0], StringComparison.Ordinal);
        Assert.Contains(".On(in Ping", missing[1], StringComparison.Ordinal);
        var client = generated.SyntaxTrees.Single(tree => tree.FilePath.EndsWith("KeyTransportClient.g.cs", StringComparison.Ordinal)).ToString();
        Assert.Contains("private void SendPing()", client, StringComparison.Ordinal);
        Assert.DoesNotContain("Choice", client, StringComparison.Ordinal);
    }
}
