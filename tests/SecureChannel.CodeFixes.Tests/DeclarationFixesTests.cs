using SecureChannel.Analyzers;

namespace SecureChannel.CodeFixes.Tests;

public sealed class DeclarationFixesTests
{
    [Fact]
    public Task Values_of_states_are_removed() => DeclarationFixTest.CheckAsync<SCH2004ExplicitValue, SCH2004RemoveValue>(
        "[Protocol(\"p/1\")] enum P\n{\n    [Client<A>(End)]\n    Start [|= 1|], // first\n    [Final]\n    End [|= 4|]\n}",
        "[Protocol(\"p/1\")] enum P\n{\n    [Client<A>(End)]\n    Start, // first\n    [Final]\n    End\n}",
        steps: 2);

    [Theory]
    [InlineData("[Client<A>(End)]\n    [[|Client<A>(End)|]]\n    Start", "[Client<A>(End)]\n    Start")]
    [InlineData("[Client<A>(End), [|Client<A>(End)|]]\n    Start", "[Client<A>(End)]\n    Start")]
    [InlineData("[Client<A>(End)] [[|Client<A>(End)|]] Start", "[Client<A>(End)] Start")]
    public Task A_transition_that_stands_there_twice_is_removed(string state, string expected) => DeclarationFixTest.CheckAsync<SCH2015AmbiguousChoice, SCH2015RemoveDuplicate>(
        $"[Protocol(\"p/1\")] enum P\n{{\n    {state},\n    [Final]\n    End\n}}", $"[Protocol(\"p/1\")] enum P\n{{\n    {expected},\n    [Final]\n    End\n}}");

    [Fact]
    public async Task Transitions_that_lead_to_different_states_are_left_to_the_developer()
    {
        const string Declaration = "[Protocol(\"p/1\")] enum P { [Client<A>(End)] [[|Client<A>(Start)|]] Start, [Final] End }";
        await DeclarationFixTest.CheckAsync<SCH2015AmbiguousChoice, SCH2015RemoveDuplicate>(Declaration, Declaration, steps: 0);
    }

    [Theory]
    [InlineData("\"End\"")]
    [InlineData("nameof(End)")]
    [InlineData("nameof(P.End)")]
    [InlineData("Q.End")]
    public Task A_state_is_named_where_its_name_stands(string target) => DeclarationFixTest.CheckAsync<SCH2017WrongTarget, SCH2017NameState>(
        $"enum Q {{ End }}\n[Protocol(\"p/1\")] enum P {{ [Client<A>([|{target}|], As = \"X\")] Start, [Final] End }}",
        "enum Q { End }\n[Protocol(\"p/1\")] enum P { [Client<A>(End, As = \"X\")] Start, [Final] End }");

    [Theory]
    [InlineData("7")]
    [InlineData("\"Elsewhere\"")]
    public async Task What_names_no_state_is_left_to_the_developer(string target)
    {
        var declaration = $"[Protocol(\"p/1\")] enum P {{ [Client<A>([|{target}|])] Start, [Final] End }}";
        await DeclarationFixTest.CheckAsync<SCH2017WrongTarget, SCH2017NameState>(declaration, declaration, steps: 0);
    }

    [Theory]
    [InlineData("Role.Server", "Role.Client")]
    [InlineData("SecureChannel.Role.Server", "SecureChannel.Role.Client")]
    public Task A_message_proves_its_sender(string proves, string expected) => DeclarationFixTest.CheckAsync<SCH2028ProofByAnother, SCH2028ProveSender>(
        $"[Handshake(\"h/1\")] enum P {{ [Client<A>(Next, [|Authenticates = {proves}|])] Start, [Server<B>(Open, Authenticates = Role.Server)] Next, [Established] Open }}",
        $"[Handshake(\"h/1\")] enum P {{ [Client<A>(Next, Authenticates = {expected})] Start, [Server<B>(Open, Authenticates = Role.Server)] Next, [Established] Open }}");

    [Theory]
    [InlineData("[Client<A>(End, [|Authenticates = Role.Client|])] Start, [Final] End", "[Client<A>(End)] Start, [Final] End")]
    [InlineData("[Client<A>(End, [|CarriesEphemeralKey = true|], As = \"X\")] Start, [Final] End", "[Client<A>(End, As = \"X\")] Start, [Final] End")]
    [InlineData("[Client<A>(End)] Start, [Final] [[|Deadline(1)|]] End", "[Client<A>(End)] Start, [Final] End")]
    [InlineData("[Client<A>(End)] Start,\n    /// <summary>The end.</summary>\n    [[|Established|]]\n    [Final]\n    End", "[Client<A>(End)] Start,\n    /// <summary>The end.</summary>\n    [Final]\n    End")]
    public Task What_says_nothing_is_removed(string states, string expected) => DeclarationFixTest.CheckAsync<SCH2012MarkerOutOfPlace, SCH2012RemoveMarker>(
        $"[Protocol(\"p/1\")] enum P {{ {states} }}", $"[Protocol(\"p/1\")] enum P {{ {expected} }}");

    [Theory]
    [InlineData("[Client<A>(End)] [Client<[|Other.A|]>(End)]", "[Client<A>(End)] [Client<Other.A>(End, As = \"OtherA\")]")]
    [InlineData("[Client<A>(End)] [Client<[|Other.A|]>(P.End)]", "[Client<A>(End)] [Client<Other.A>(P.End, As = \"OtherA\")]")]
    public Task A_message_gets_a_name_of_its_own(string state, string expected) => DeclarationFixTest.CheckAsync<SCH2022SameName, SCH2022AddAs>(
        $"[Protocol(\"p/1\")] enum P {{ {state} Start, [Final] End }}", $"[Protocol(\"p/1\")] enum P {{ {expected} Start, [Final] End }}");
}
