using SecureChannel.Analyzers.Protocols;

namespace SecureChannel.CodeFixes.Tests;

public sealed class SCH2022AddAsTests
{
    [Theory]
    [InlineData("[Client<A>(End)] [Client<[|Other.A|]>(End)]", "[Client<A>(End)] [Client<Other.A>(End, As = \"OtherA\")]")]
    [InlineData("[Client<A>(End)] [Client<[|Other.A|]>(P.End)]", "[Client<A>(End)] [Client<Other.A>(P.End, As = \"OtherA\")]")]
    public Task Adds_As_with_another_name(string state, string expected) => DeclarationFixTest.CheckAsync<SCH2022DuplicateName, SCH2022AddAs>(
        $"[Protocol(\"p/1\")] enum P {{ {state} Start, [Final] End }}", $"[Protocol(\"p/1\")] enum P {{ {expected} Start, [Final] End }}");
}
