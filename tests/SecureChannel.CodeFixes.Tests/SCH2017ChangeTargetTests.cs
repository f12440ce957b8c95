using SecureChannel.Analyzers.Protocols;

namespace SecureChannel.CodeFixes.Tests;

public sealed class SCH2017ChangeTargetTests
{
    [Theory]
    [InlineData("\"End\"")]
    [InlineData("nameof(End)")]
    [InlineData("nameof(P.End)")]
    [InlineData("Q.End")]
    public Task Replaces_a_target_that_names_a_state_in_another_form(string target) => DeclarationFixTest.CheckAsync<SCH2017TargetNotAState, SCH2017ChangeTarget>(
        $"enum Q {{ End }}\n[Protocol(\"p/1\")] enum P {{ [Client<A>([|{target}|], As = \"X\")] Start, [Final] End }}",
        "enum Q { End }\n[Protocol(\"p/1\")] enum P { [Client<A>(End, As = \"X\")] Start, [Final] End }");

    [Theory]
    [InlineData("7")]
    [InlineData("\"Elsewhere\"")]
    public async Task Offers_no_fix_for_a_target_that_names_no_state(string target)
    {
        var declaration = $"[Protocol(\"p/1\")] enum P {{ [Client<A>([|{target}|])] Start, [Final] End }}";
        await DeclarationFixTest.CheckAsync<SCH2017TargetNotAState, SCH2017ChangeTarget>(declaration, declaration, steps: 0);
    }
}
