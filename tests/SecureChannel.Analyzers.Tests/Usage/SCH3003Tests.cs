using SecureChannel.Analyzers.Usage;

namespace SecureChannel.Analyzers.Tests.Usage;

public sealed class SCH3003Tests
{
    private static readonly TokenCases<SCH3003TokenUnused> Flagged = new(
        ("awaited statement", "await {|warning:ready.SendAsync(new BalanceQuery(1))|};"),
        ("received reply", "await {|warning:authenticating.ReceiveAsync()|};"),
        ("received tuple", "await {|warning:answering.ReceiveAsync()|};"),
        ("configured await", "await {|warning:ready.SendAsync(new BalanceQuery(1))|}.ConfigureAwait(false);"),
        ("end of a chain", "await {|warning:ready.SendAsync(new BalanceQuery(1)).ReceiveAsync()|};"),
        ("begin", "{|warning:BankClient.Begin(channel)|};"),
        ("variable of a token", "var {|warning:next|} = await ready.SendAsync(new BalanceQuery(1));"),
        ("typed variable", "BankClient.Answering {|warning:next|} = await ready.SendAsync(new BalanceQuery(1));"),
        ("variable of a tuple", "var {|warning:r|} = await answering.ReceiveAsync();"),
        ("tuple of which only the message is read", "var {|warning:r|} = await answering.ReceiveAsync(); Console.WriteLine(r.Message.Cents);"),
        ("deconstructed", "var (b, {|warning:next|}) = await answering.ReceiveAsync(); Console.WriteLine(b);"),
        ("deconstructed into declared ones", "(Balance b, BankClient.Ready {|warning:next|}) = await answering.ReceiveAsync(); Console.WriteLine(b);"),
        ("assigned later", "BankClient.Answering {|warning:next|}; next = await ready.SendAsync(new BalanceQuery(1));"),
        ("assigned in a loop", "BankClient.Ready {|warning:last|}; while (flag) { (_, last) = await answering.ReceiveAsync(); break; }"),
        ("case of a switch", "switch (await authenticating.ReceiveAsync()) { case BankClient.Authenticating.LoginAccepted(var a, var {|warning:next|}): Console.WriteLine(a); break; }"),
        ("case by its name", "switch (await authenticating.ReceiveAsync()) { case BankClient.Authenticating.LoginAccepted {|warning:a|}: Console.WriteLine(a.Message); break; }"),
        ("pattern", "if (await authenticating.ReceiveAsync() is BankClient.Authenticating.LoginAccepted(_, var {|warning:next|})) return;"),
        ("property pattern", "if (await authenticating.ReceiveAsync() is BankClient.Authenticating.LoginAccepted { Next: var {|warning:next|} }) return;"),
        ("arm of a switch expression", "var account = await authenticating.ReceiveAsync() switch { BankClient.Authenticating.LoginAccepted(var a, var {|warning:next|}) => a.Account, _ => 0ul };"),
        ("reply in a variable", "var {|warning:reply|} = await authenticating.ReceiveAsync();"),
        ("in a branch", "if (flag) await {|warning:ready.SendAsync(new BalanceQuery(1))|}; else await ready.SendAsync(new Goodbye());"),
        ("in a loop", "while (flag) { await {|warning:ready.SendAsync(new BalanceQuery(1))|}; }"),
        ("in try and finally", "try { await {|warning:ready.SendAsync(new BalanceQuery(1))|}; } finally { await {|warning:answering.ReceiveAsync()|}; }"),
        ("in a lambda", "Func<Task> f = async () => { await {|warning:ready.SendAsync(new BalanceQuery(1))|}; }; await f();"),
        ("in a local function", "await Local(ready); static async Task Local(BankClient.Ready r) { await {|warning:r.SendAsync(new BalanceQuery(1))|}; }"),
        ("only its name is read", "var {|warning:next|} = await ready.SendAsync(new BalanceQuery(1)); Console.WriteLine(nameof(next));"));

    private static readonly TokenCases<SCH3003TokenUnused> LeftAlone = new(
        ("final state", "await ready.SendAsync(new Goodbye());"),
        ("final state in a variable", "var closed = await ready.SendAsync(new Goodbye());"),
        ("operation that stays", "await ready.SendAsync(new Ping());"),
        ("discarded", "_ = await ready.SendAsync(new BalanceQuery(1));"),
        ("discarded element", "var (b, _) = await answering.ReceiveAsync(); Console.WriteLine(b);"),
        ("discarded in a pattern", "if (await authenticating.ReceiveAsync() is BankClient.Authenticating.LoginAccepted(var a, _)) Console.WriteLine(a);"),
        ("discarded reply", "_ = await authenticating.ReceiveAsync();"),
        ("final case", "if (await authenticating.ReceiveAsync() is BankClient.Authenticating.LoginRejected(var why, var closed)) Console.WriteLine(why);"),
        ("final case by its name", "if (await authenticating.ReceiveAsync() is BankClient.Authenticating.LoginRejected why) Console.WriteLine(why.Message);"),
        ("used at once", "_ = await (await ready.SendAsync(new BalanceQuery(1))).ReceiveAsync();"),
        ("used later", "var next = await ready.SendAsync(new BalanceQuery(1)); _ = await next.ReceiveAsync();"),
        ("used in one branch", "var next = await ready.SendAsync(new BalanceQuery(1)); if (flag) _ = await next.ReceiveAsync();"),
        ("used in a lambda", "var next = await ready.SendAsync(new BalanceQuery(1)); Func<Task> f = async () => { _ = await next.ReceiveAsync(); }; await f();"),
        ("element used", "var r = await answering.ReceiveAsync(); await r.Next.SendAsync(new Goodbye());"),
        ("element used by its other name", "var r = await answering.ReceiveAsync(); await r.Item2.SendAsync(new Goodbye());"),
        ("deconstructed later", "var r = await answering.ReceiveAsync(); var (b, next) = r; await next.SendAsync(new Goodbye());"),
        ("reply matched later", "var reply = await authenticating.ReceiveAsync(); if (reply is BankClient.Authenticating.LoginAccepted(_, var next)) await next.SendAsync(new Goodbye());"),
        ("case used", "switch (await authenticating.ReceiveAsync()) { case BankClient.Authenticating.LoginAccepted a: await a.Next.SendAsync(new Goodbye()); break; }"),
        ("passed on", "var next = await Helpers.OnAsync(ready); await Helpers.PassAsync(next);"),
        ("returned", "_ = await Local(ready); static async Task<BankClient.Answering> Local(BankClient.Ready r) { var next = await r.SendAsync(new BalanceQuery(1)); return next; }"),
        ("returned task", "_ = await Local(ready); static ValueTask<BankClient.Answering> Local(BankClient.Ready r) => r.SendAsync(new BalanceQuery(1));"),
        ("renewed in a loop", "while (flag) (_, ready) = await ready.SendAsync(new BalanceQuery(1)).ReceiveAsync();"),
        ("last turn of a loop", "(_, ready) = await ready.SendAsync(new BalanceQuery(1)).ReceiveAsync();"),
        ("result of a method of one's own", "await Helpers.LogInAsync(channel); await Helpers.TryAsync(channel);"),
        ("parameter that is not used", "await Local(ready); static Task Local(BankClient.Ready r) => Task.CompletedTask;"),
        ("stored", "Helpers.Field = (await answering.ReceiveAsync()).Next;"),
        ("task that is kept", "var t = ready.SendAsync(new BalanceQuery(1)); _ = await t;"));

    private static readonly TokenCases<SCH3003TokenUnused> Lanes = new(LaneCases.Dropped);

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
    public Task Reports_an_unused_lane_with_messages_left_to_send(string name) => Lanes.CheckAsync(name);
}
