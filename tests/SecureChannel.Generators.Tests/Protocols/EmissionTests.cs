namespace SecureChannel.Generators.Tests.Protocols;

public sealed class EmissionTests
{
    public static TheoryData<string> Transitions { get; } = [.. BankSource.Transitions];

    [Fact]
    public void The_bank_compiles_without_warnings_in_a_project_with_documentation()
    {
        var compiled = new Compiled(BankSource.Messages, BankSource.Protocol, BankSource.Client, BankSource.Server);

        Assert.Empty(compiled.Problems);
        Assert.Contains("Example.BankClient.g.cs", compiled.FileNames);
        Assert.Contains("Example.BankServer.g.cs", compiled.FileNames);
    }

    [Fact]
    public void The_bank_declares_six_transitions() => Assert.Equal(6, Transitions.Count);

    [Theory]
    [MemberData(nameof(Transitions))]
    public void Code_that_relies_on_a_removed_transition_does_not_compile(string transition)
    {
        var protocol = BankSource.Protocol.Replace(transition, "");

        var client = new Compiled(BankSource.Messages, protocol, BankSource.Client);
        var server = new Compiled(BankSource.Messages, protocol, BankSource.Server);

        Assert.NotEmpty(client.Errors);
        Assert.NotEmpty(server.Errors);
    }

    [Fact]
    public void Generated_documentation_contains_that_of_the_enum_and_its_members()
    {
        var text = new Compiled(BankSource.Messages, BankSource.Protocol).TextOf("Example.BankClient.g.cs");

        Assert.Contains("A customer logs in, queries balances, and says goodbye.", text);
        Assert.Contains("The customer may query balances.", text);
    }

    [Fact]
    public void A_message_that_is_illegal_in_the_state_does_not_compile()
    {
        var compiled = new Compiled(BankSource.Messages, BankSource.Protocol, BankSource.Usings + """
            namespace Example;
            internal static class Wrong
            {
                public static async Task RunAsync(MessageChannel channel) => await BankClient.Begin(channel).SendAsync(new Goodbye());
            }
            """);

        Assert.Contains(compiled.Errors, error => error.Contains("CS1503"));
    }

    [Fact]
    public void An_answer_that_is_illegal_in_the_state_does_not_compile()
    {
        var compiled = new Compiled(BankSource.Messages, BankSource.Protocol, BankSource.Server.Replace("new(new Balance((long)balanceQuery.Account * 100, DateTimeOffset.UnixEpoch))", "new(new LoginRejected(\"no\"))"));

        Assert.Contains(compiled.Errors, error => error.Contains("CS1503"));
    }

    [Fact]
    public void A_token_has_sixteen_bytes()
    {
        // A reference and a version, without padding.
        Assert.Equal(16, System.Runtime.CompilerServices.Unsafe.SizeOf<SecureChannel.CompilerServices.StateCursor>());
    }
}
