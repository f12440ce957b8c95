using Microsoft.CodeAnalysis.Diagnostics;

namespace SecureChannel.Analyzers.Tests;

/// <summary>The rules of use on the lanes of a split state.</summary>
public sealed class LaneRulesTests
{
    private static readonly TokenCases<SCH3002TokenUsedAgain> UsedAgain = new(LaneCases.UsedAgain);
    private static readonly TokenCases<SCH3003TokenDropped> Dropped = new(LaneCases.Dropped);
    private static readonly TokenCases<SCH3004TokenStored> Stored = new(LaneCases.Stored);
    private static readonly TokenCases<SCH3005ReplyNotExhausted> NotExhausted = new(LaneCases.NotExhausted);
    private static readonly TokenCases<SCH3006TransitionNotAwaited> NotAwaited = new(LaneCases.NotAwaited);
    private static readonly TokenCases<SCH3007OperationsAtOnce> AtOnce = new(LaneCases.AtOnce);

    private static readonly Func<string, Task>[] Silent =
    [
        On<SCH3001SendBeforeEstablished>(), On<SCH3002TokenUsedAgain>(), On<SCH3003TokenDropped>(), On<SCH3004TokenStored>(), On<SCH3005ReplyNotExhausted>(),
        On<SCH3006TransitionNotAwaited>(), On<SCH3007OperationsAtOnce>(), On<SCH3008ProtocolBegunTwice>(),
    ];

    public static TheoryData<string> UsedAgainNames => UsedAgain.Names;

    public static TheoryData<string> DroppedNames => Dropped.Names;

    public static TheoryData<string> StoredNames => Stored.Names;

    public static TheoryData<string> NotExhaustedNames => NotExhausted.Names;

    public static TheoryData<string> NotAwaitedNames => NotAwaited.Names;

    public static TheoryData<string> AtOnceNames => AtOnce.Names;

    public static TheoryData<string> RightNames => [.. LaneCases.Right.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(UsedAgainNames))]
    public Task A_lane_is_not_used_after_it_was_used_up_or_joined(string name) => UsedAgain.CheckAsync(name);

    [Theory]
    [MemberData(nameof(DroppedNames))]
    public Task A_lane_is_not_dropped_while_there_is_more_to_send(string name) => Dropped.CheckAsync(name);

    [Theory]
    [MemberData(nameof(StoredNames))]
    public Task A_lane_is_not_kept_in_collections_and_closures(string name) => Stored.CheckAsync(name);

    [Theory]
    [InlineData("class C { ChatClient.Talking.SendLane {|warning:_a|}; }")]
    [InlineData("class C { ReceiveLane<ChatClient.Talking.Incoming>? {|warning:_a|}; }")]
    [InlineData("class C { ReceiveLane? {|warning:_a|}; }")]
    [InlineData("class C { (ChatClient.Talking.SendLane, int) {|warning:_a|}; }")]
    [InlineData("class C { public ChatClient.ClientLeft.SendLane {|warning:A|} { get; set; } }")]
    [InlineData("class C { List<ChatClient.Talking.SendLane> {|warning:_a|} = []; }")]
    [InlineData("class C { ChatClient.Talking.SendLane.Rejoined? {|warning:_a|}; }")]
    [InlineData("class C<T> where T : struct, ISendLane<T> { T {|warning:_a|}; }")]
    [InlineData("class C { IAsyncEnumerable<int>? _a; List<ChatClient.Talking.Incoming> _b = []; Func<ChatClient.Talking.SendLane, Task>? _c; }")]
    public Task A_lane_is_not_kept_in_a_member(string source) => RuleTest.CheckAsync<SCH3004TokenStored>(SCH3004TokenStored.Id, source);

    [Theory]
    [MemberData(nameof(NotExhaustedNames))]
    public Task A_switch_handles_each_that_arrives_and_each_way_on(string name) => NotExhausted.CheckAsync(name);

    [Theory]
    [MemberData(nameof(NotAwaitedNames))]
    public Task A_send_and_a_receive_are_awaited_once(string name) => NotAwaited.CheckAsync(name);

    [Theory]
    [MemberData(nameof(AtOnceNames))]
    public Task A_lane_has_one_operation_at_a_time(string name) => AtOnce.CheckAsync(name);

    [Theory]
    [MemberData(nameof(RightNames))]
    public Task What_is_right_is_left_alone_by_every_rule(string name) => Task.WhenAll(Silent.Select(check => check(name)));

    private static Func<string, Task> On<TRule>()
        where TRule : DiagnosticAnalyzer, new() => new TokenCases<TRule>(LaneCases.Right).CheckAsync;
}
