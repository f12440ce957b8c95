using SecureChannel.Analyzers.Protocols;

namespace SecureChannel.CodeFixes.Tests;

public sealed class SCH2004RemoveValueTests
{
    [Fact]
    public Task Removes_explicit_values_of_states() => DeclarationFixTest.CheckAsync<SCH2004ExplicitValue, SCH2004RemoveValue>(
        "[Protocol(\"p/1\")] enum P\n{\n    [Client<A>(End)]\n    Start [|= 1|], // first\n    [Final]\n    End [|= 4|]\n}",
        "[Protocol(\"p/1\")] enum P\n{\n    [Client<A>(End)]\n    Start, // first\n    [Final]\n    End\n}",
        steps: 2);
}
