using SecureChannel.Analyzers.Protocols;

namespace SecureChannel.CodeFixes.Tests;

public sealed class SCH2012RemoveAttributeTests
{
    [Theory]
    [InlineData("[Client<A>(End, [|Authenticates = Role.Client|])] Start, [Final] End", "[Client<A>(End)] Start, [Final] End")]
    [InlineData("[Client<A>(End, [|CarriesEphemeralKey = true|], As = \"X\")] Start, [Final] End", "[Client<A>(End, As = \"X\")] Start, [Final] End")]
    [InlineData("[Client<A>(End)] Start, [Final] [[|Deadline(1)|]] End", "[Client<A>(End)] Start, [Final] End")]
    [InlineData("[Client<A>(End)] Start,\n    /// <summary>The end.</summary>\n    [[|Established|]]\n    [Final]\n    End", "[Client<A>(End)] Start,\n    /// <summary>The end.</summary>\n    [Final]\n    End")]
    public Task Removes_an_attribute_or_argument_without_effect(string states, string expected) => DeclarationFixTest.CheckAsync<SCH2012AttributeWithoutEffect, SCH2012RemoveAttribute>(
        $"[Protocol(\"p/1\")] enum P {{ {states} }}", $"[Protocol(\"p/1\")] enum P {{ {expected} }}");
}
