using SecureChannel.Analyzers.Usage;

namespace SecureChannel.Analyzers.Tests.Usage;

public sealed class SCH3004Tests
{
    private static readonly TokenCases<SCH3004TokenStored> Flagged = new(
        ("lambda", "Func<Task> f = async () => await {|warning:ready|}.SendAsync(new Goodbye()); await f();"),
        ("lambda with a body", "Func<Task> f = async () => { await {|warning:ready|}.SendAsync(new Goodbye()); }; await f();"),
        ("anonymous method", "Func<Task> f = async delegate { await {|warning:ready|}.SendAsync(new Goodbye()); }; await f();"),
        ("local function", "await Local(); async Task Local() => await {|warning:ready|}.SendAsync(new Goodbye());"),
        ("lambda in a lambda", "Func<Func<Task>> f = () => async () => await {|warning:ready|}.SendAsync(new Goodbye()); await f()();"),
        ("two lambdas", "Func<Task> f = async () => await {|warning:ready|}.SendAsync(new Goodbye()); Func<Task> g = async () => await {|warning:ready|}.SendAsync(new Goodbye()); await f();"),
        ("local of the method", "var next = await ready.SendAsync(new BalanceQuery(1)); Func<Task> f = async () => { _ = await {|warning:next|}.ReceiveAsync(); }; await f();"),
        ("pattern variable", "if (await authenticating.ReceiveAsync() is BankClient.Authenticating.LoginAccepted(_, var next)) { Func<Task> f = async () => await {|warning:next|}.SendAsync(new Goodbye()); await f(); }"),
        ("parameter of the lambda around", "Func<BankClient.Ready, Task> f = async r => { Func<Task> g = async () => await {|warning:r|}.SendAsync(new Goodbye()); await g(); }; await f(ready);"),
        ("passed on in a lambda", "Func<Task> f = () => Helpers.PassAsync({|warning:ready|}); await f();"),
        ("assigned in a lambda", "Func<Task> f = async () => { (_, {|warning:ready|}) = await Helpers.Field.SendAsync(new BalanceQuery(1)).ReceiveAsync(); }; await f();"),
        ("tuple captured", "var r = await answering.ReceiveAsync(); Func<Task> f = async () => await {|warning:r|}.Next.SendAsync(new Goodbye()); await f();"),
        ("callback that stays and leaves", "Func<Task> f = async () => { await ready.SendAsync(new Ping()); await {|warning:ready|}.SendAsync(new Goodbye()); }; await f();"),
        ("added to a list", "var l = new List<BankClient.Ready>(); l.Add({|warning:ready|});"),
        ("list initializer", "var l = new List<BankClient.Ready> { {|warning:ready|} };"),
        ("collection expression", "List<BankClient.Ready> l = [{|warning:ready|}];"),
        ("array", "var l = new[] { {|warning:ready|} };"),
        ("element of an array", "var l = new BankClient.Ready[1]; l[0] = {|warning:ready|};"),
        ("dictionary", """var l = new Dictionary<string, BankClient.Ready>(); l["a"] = {|warning:ready|};"""),
        ("added to a dictionary", """var l = new Dictionary<string, BankClient.Ready>(); l.Add("a", {|warning:ready|});"""),
        ("queue of results", "var l = new Queue<BankClient.Answering>(); l.Enqueue({|warning:await ready.SendAsync(new BalanceQuery(1))|});"),
        ("list of tuples", "var l = new List<(int, BankClient.Ready)>(); l.Add({|warning:(1, ready)|});"));

    private static readonly TokenCases<SCH3004TokenStored> LeftAlone = new(
        ("no closure", "await ready.SendAsync(new Goodbye());"),
        ("lambda with its own", "Func<BankClient.Ready, Task> f = async r => await r.SendAsync(new Goodbye()); await f(ready);"),
        ("local function with its own", "await Local(ready); async Task Local(BankClient.Ready r) => await r.SendAsync(new Goodbye());"),
        ("token made in a lambda", "Func<Task> f = async () => { var r = await Helpers.TryAsync(channel); await r.SendAsync(new Goodbye()); }; await f();"),
        ("lambda that stays", "Func<Task> f = async () => await ready.SendAsync(new Ping()); await f();"),
        ("local function that stays", "await Local(); async Task Local() => await ready.SendAsync(new Ping());"),
        ("run once", "await Task.Run(async () => await ready.SendAsync(new Goodbye()));"),
        ("run once, with a body", "await Task.Run(async () => { await ready.SendAsync(new Goodbye()); });"),
        ("run once, cancellable", "await Task.Run(() => Helpers.PassAsync(ready), token);"),
        ("name only", "Func<string> f = () => nameof(ready); f();"),
        ("lambda over other things", "Func<bool> f = () => flag && number > 0; f();"),
        ("lambda over the channel", """Func<Task> f = async () => { _ = await BankClient.Begin(channel).SendAsync(new Login("a", "b")); }; await f();"""),
        ("tuple", "var pair = (1, ready); await pair.ready.SendAsync(new Goodbye());"),
        ("returned tuple", "_ = Local(ready); static (int, BankClient.Ready) Local(BankClient.Ready r) => (1, r);"),
        ("passed to a method", "await Helpers.PassAsync(ready);"),
        ("passed to a generic method", "_ = await Task.FromResult(ready);"),
        ("value task", "await Helpers.FinishAsync(new ValueTask<BankClient.Ready>(ready));"),
        ("message in a list", "var l = new List<Balance>(); (var b, ready) = await ready.SendAsync(new BalanceQuery(1)).ReceiveAsync(); l.Add(b); await ready.SendAsync(new Goodbye());"),
        ("dictionary by message", """var l = new Dictionary<ulong, string>(); if (await authenticating.ReceiveAsync() is BankClient.Authenticating.LoginAccepted(var a, _)) l.Add(a.Account, "a");"""),
        ("default", "BankClient.Ready r = default; r = ready; await r.SendAsync(new Goodbye());"),
        ("callback type", "Func<BankClient.Ready, Task<BankClient.Ready>> f = Helpers.OnAsync; await f(ready);"),
        ("loop", """foreach (var c in "abc") (_, ready) = await ready.SendAsync(new BalanceQuery(1)).ReceiveAsync();"""));

    private static readonly TokenCases<SCH3004TokenStored> Lanes = new(LaneCases.Stored);

    public static TheoryData<string> FlaggedNames => Flagged.Names;

    public static TheoryData<string> LeftAloneNames => LeftAlone.Names;

    public static TheoryData<string> LaneNames => Lanes.Names;

    [Theory]
    [MemberData(nameof(FlaggedNames))]
    public Task Reports_misuse(string name) => Flagged.CheckAsync(name);

    [Theory]
    [MemberData(nameof(LeftAloneNames))]
    public Task Does_not_report_correct_use(string name) => LeftAlone.CheckAsync(name);

    [Theory]
    [MemberData(nameof(LaneNames))]
    public Task Reports_a_lane_in_a_collection_or_closure(string name) => Lanes.CheckAsync(name);

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
    public Task Reports_a_member_that_stores_a_token(string source) => RuleTest.CheckAsync<SCH3004TokenStored>(UsageDiagnostics.TokenStored.Id, source);

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
    public Task Does_not_report_other_members(string source) => RuleTest.CheckAsync<SCH3004TokenStored>(UsageDiagnostics.TokenStored.Id, source);

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
    public Task Reports_a_member_that_stores_a_lane(string source) => RuleTest.CheckAsync<SCH3004TokenStored>(UsageDiagnostics.TokenStored.Id, source);
}
