using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Usage;

namespace SecureChannel.Analyzers.Tests.Usage;

/// <summary>Tests of all usage rules on the lanes of a split state.</summary>
public sealed class LaneRulesTests
{
    private static readonly Func<string, Task>[] Silent =
    [
        On<SCH3001UsedBeforeEstablished>(), On<SCH3002TokenReused>(), On<SCH3003TokenUnused>(), On<SCH3004TokenStored>(), On<SCH3005ReplyNotHandled>(),
        On<SCH3006OperationNotAwaited>(), On<SCH3007ConcurrentOperations>(), On<SCH3008ProtocolBegunTwice>(),
    ];

    public static TheoryData<string> RightNames => [.. LaneCases.Right.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(RightNames))]
    public Task No_rule_reports_correct_use_of_lanes(string name) => Task.WhenAll(Silent.Select(check => check(name)));

    private static Func<string, Task> On<TRule>()
        where TRule : DiagnosticAnalyzer, new() => new TokenCases<TRule>(LaneCases.Right).CheckAsync;
}
