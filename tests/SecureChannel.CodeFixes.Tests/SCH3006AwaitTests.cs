using SecureChannel.Analyzers.Usage;

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
    public Task Awaits_a_discarded_task() => CheckAsync(
        "        _ = [|ready.SendAsync(new BalanceQuery(1)).ReceiveAsync()|];",
        "        _ = await ready.SendAsync(new BalanceQuery(1)).ReceiveAsync();");

    [Fact]
    public Task Offers_no_fix_for_a_task_in_a_variable() => CheckAsync(
        "        var sending = [|ready.SendAsync(new Goodbye())|];",
        "        var sending = [|ready.SendAsync(new Goodbye())|];");

    [Fact]
    public Task Offers_no_fix_in_a_function_that_is_not_async() => CheckAsync(
        "        void Leave(BankClient.Ready leaving) => [|leaving.SendAsync(new Goodbye())|];",
        "        void Leave(BankClient.Ready leaving) => [|leaving.SendAsync(new Goodbye())|];");

    private static Task CheckAsync(string body, string expected) => UsageFixTest.CheckAsync<SCH3006OperationNotAwaited, SCH3006Await>(body, expected);
}
