using SecureChannel.Analyzers.Protocols;

namespace SecureChannel.CodeFixes.Tests;

public sealed class SCH2015RemoveDuplicateTests
{
    [Theory]
    [InlineData("[Client<A>(End)]\n    [[|Client<A>(End)|]]\n    Start", "[Client<A>(End)]\n    Start")]
    [InlineData("[Client<A>(End), [|Client<A>(End)|]]\n    Start", "[Client<A>(End)]\n    Start")]
    [InlineData("[Client<A>(End)] [[|Client<A>(End)|]] Start", "[Client<A>(End)] Start")]
    public Task Removes_a_duplicate_transition(string state, string expected) => DeclarationFixTest.CheckAsync<SCH2015AmbiguousTransition, SCH2015RemoveDuplicate>(
        $"[Protocol(\"p/1\")] enum P\n{{\n    {state},\n    [Final]\n    End\n}}", $"[Protocol(\"p/1\")] enum P\n{{\n    {expected},\n    [Final]\n    End\n}}");

    [Fact]
    public async Task Offers_no_fix_for_transitions_to_different_states()
    {
        const string Declaration = "[Protocol(\"p/1\")] enum P { [Client<A>(End)] [[|Client<A>(Start)|]] Start, [Final] End }";
        await DeclarationFixTest.CheckAsync<SCH2015AmbiguousTransition, SCH2015RemoveDuplicate>(Declaration, Declaration, steps: 0);
    }
}
