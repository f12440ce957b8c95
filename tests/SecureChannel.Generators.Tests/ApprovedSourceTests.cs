using SecureChannel.Generators.Tests.Handshakes;
using SecureChannel.Generators.Tests.Protocols;
using SecureChannel.Testing;

namespace SecureChannel.Generators.Tests;

/// <summary>
/// Exact comparisons of generated code with approved files. To approve changes, run the tests with the environment variable SECURECHANNEL_APPROVE=1 and review
/// the difference of the files in <c>Approved</c>.
/// </summary>
public sealed class ApprovedSourceTests
{
    [Theory]
    [InlineData("BankClient")]
    [InlineData("BankServer")]
    public void Generated_bank_equals_the_approved_source(string role) =>
        AssertApproved(role, new Compiled(BankSource.Messages, BankSource.Protocol).TextOf($"Example.{role}.g.cs"));

    [Theory]
    [InlineData("ChatClient")]
    [InlineData("ChatServer")]
    public void Generated_chat_equals_the_approved_source(string role) =>
        AssertApproved(role, new Compiled(ChatSource.Text).TextOf($"Example.{role}.g.cs"));

    [Theory]
    [InlineData("KeyTransportClient")]
    [InlineData("KeyTransportServer")]
    public void Generated_key_transport_handshake_equals_the_approved_source(string role)
    {
        var compilation = HandshakeSource.Generate(HandshakeSource.KeyTransport.Create(HandshakeSource.KeyTransport.Declaration));

        AssertApproved(role, compilation.SyntaxTrees.Single(tree => tree.FilePath.EndsWith($"{role}.g.cs", StringComparison.Ordinal)).ToString());
    }

    private static void AssertApproved(string name, string generated)
    {
        var path = Repository.PathOf("tests", "SecureChannel.Generators.Tests", "Approved", $"{name}.g.cs.txt");
        if (Environment.GetEnvironmentVariable("SECURECHANNEL_APPROVE") == "1")
            File.WriteAllText(path, generated);
        Assert.Equal(File.ReadAllText(path), generated);
    }
}
