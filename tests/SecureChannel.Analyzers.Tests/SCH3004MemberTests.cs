namespace SecureChannel.Analyzers.Tests;

/// <summary>SCH3004 on declarations of members.</summary>
public sealed class SCH3004MemberTests
{
    [Theory]
    [InlineData("class C { BankClient.Ready {|warning:_a|}; }")]
    [InlineData("class C { static BankClient.Ready {|warning:_a|}; }")]
    [InlineData("class C { readonly BankClient.Ready {|warning:_a|} = default; }")]
    [InlineData("class C { BankClient.Ready? {|warning:_a|}; }")]
    [InlineData("struct S { BankClient.Ready {|warning:_a|}; }")]
    [InlineData("class C { public BankClient.Ready {|warning:A|} { get; set; } }")]
    [InlineData("class C { public BankClient.Ready {|warning:A|} { get; } }")]
    [InlineData("class C { public static BankClient.Ready {|warning:A|} { get; set; } }")]
    [InlineData("record R(ulong Account, BankClient.Ready {|warning:Ready|});")]
    [InlineData("record struct R(BankClient.Ready {|warning:Ready|});")]
    [InlineData("class C { BankClient.Ready[] {|warning:_a|} = []; }")]
    [InlineData("class C { List<BankClient.Ready> {|warning:_a|} = []; }")]
    [InlineData("class C { Dictionary<string, BankClient.Ready> {|warning:_a|} = []; }")]
    [InlineData("class C { Dictionary<string, List<BankClient.Ready>> {|warning:_a|} = []; }")]
    [InlineData("class C { (int, BankClient.Ready) {|warning:_a|}; }")]
    [InlineData("class C { Task<BankClient.Ready> {|warning:_a|} = Task.FromResult(default(BankClient.Ready)); }")]
    [InlineData("class C { BankClient.Authenticating.Reply? {|warning:_a|}; }")]
    [InlineData("class C { BankServer.Authenticating {|warning:_a|}; }")]
    [InlineData("class C(BankClient.Ready ready) { public async Task GoAsync() => await {|warning:ready|}.SendAsync(new Goodbye()); }")]
    [InlineData("class C<T> where T : struct, IStateToken<T> { T {|warning:_a|}; }")]
    public Task Flags(string source) => RuleTest.CheckAsync<SCH3004TokenStored>(SCH3004TokenStored.Id, source);

    [Theory]
    [InlineData("class C { int _a; }")]
    [InlineData("class C { MessageChannel? _a; }")]
    [InlineData("class C { Balance _a; List<Balance> _b = []; }")]
    [InlineData("class C { public BankClient.Ready A => default; }")]
    [InlineData("class C { public BankClient.Ready A { get => default; set { } } }")]
    [InlineData("class C { BankClient.Ready A() => default; }")]
    [InlineData("class C { Func<BankClient.Ready, Task<BankClient.Ready>>? _a; }")]
    [InlineData("class C { delegate Task D(BankClient.Ready ready); D? _a; }")]
    [InlineData("class C { event Action<BankClient.Ready>? A; void B() => A?.Invoke(default); }")]
    [InlineData("interface I { BankClient.Ready A { get; } }")]
    [InlineData("abstract class C { public abstract BankClient.Ready A { get; } }")]
    [InlineData("class C(MessageChannel channel) { public async Task GoAsync() => _ = await BankClient.Begin(channel).SendAsync(new Login(\"a\", \"b\")); }")]
    [InlineData("enum E { A } class C { E _a = E.A; const string B = BankClient.Name; }")]
    public Task Leaves_alone(string source) => RuleTest.CheckAsync<SCH3004TokenStored>(SCH3004TokenStored.Id, source);
}
