using SecureChannel.Analyzers;

namespace SecureChannel.CodeFixes.Tests;

public sealed class SCH3006AwaitTests
{
    [Fact]
    public Task Awaits_a_statement() => CheckAsync(
        """
                // Leaves.
                [|ready.SendAsync(new Goodbye())|];
        """,
        """
                // Leaves.
                await ready.SendAsync(new Goodbye());
        """);

    [Fact]
    public Task Awaits_what_was_discarded() => CheckAsync(
        "        _ = [|ready.SendAsync(new BalanceQuery(1)).ReceiveAsync()|];",
        "        _ = await ready.SendAsync(new BalanceQuery(1)).ReceiveAsync();");

    [Fact]
    public Task Leaves_a_variable_alone_since_what_follows_may_need_the_task() => CheckAsync(
        "        var sending = [|ready.SendAsync(new Goodbye())|];",
        "        var sending = [|ready.SendAsync(new Goodbye())|];");

    [Fact]
    public Task Leaves_a_function_alone_that_is_not_async() => CheckAsync(
        "        void Leave(BankClient.Ready leaving) => [|leaving.SendAsync(new Goodbye())|];",
        "        void Leave(BankClient.Ready leaving) => [|leaving.SendAsync(new Goodbye())|];");

    private static Task CheckAsync(string body, string expected) => UseFixTest.CheckAsync<SCH3006TransitionNotAwaited, SCH3006Await>(body, expected);
}
