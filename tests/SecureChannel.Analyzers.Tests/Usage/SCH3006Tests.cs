using SecureChannel.Analyzers.Usage;

namespace SecureChannel.Analyzers.Tests.Usage;

public sealed class SCH3006Tests
{
    private static readonly TokenCases<SCH3006OperationNotAwaited> Flagged = new(
        ("statement", "{|error:ready.SendAsync(new Goodbye())|};"),
        ("discarded", "_ = {|error:ready.SendAsync(new Goodbye())|};"),
        ("in a variable", "var t = {|error:ready.SendAsync(new Goodbye())|};"),
        ("end of a chain", "{|error:ready.SendAsync(new BalanceQuery(1)).ReceiveAsync()|};"),
        ("operation that stays", "{|error:ready.SendAsync(new Ping())|};"),
        ("receive", "{|error:answering.ReceiveAsync()|};"),
        ("awaited in one branch", "var t = {|warning:ready.SendAsync(new Goodbye())|}; if (flag) await t;"),
        ("awaited after an early return", "var t = {|warning:ready.SendAsync(new Goodbye())|}; if (flag) return; await t;"),
        ("awaited in one section", "var t = {|warning:ready.SendAsync(new Goodbye())|}; switch (number) { case 1: await t; break; }"),
        ("overwritten", "var t = {|error:ready.SendAsync(new Ping())|}; t = ready.SendAsync(new Ping()); await t;"),
        ("in a loop", "while (flag) { {|error:ready.SendAsync(new Ping())|}; }"),
        ("variable of a loop", "while (flag) { var t = {|error:ready.SendAsync(new Ping())|}; }"),
        ("in try", "try { {|error:ready.SendAsync(new Goodbye())|}; } catch (IOException) { }"),
        ("in finally", "try { Console.WriteLine(); } finally { _ = {|error:ready.SendAsync(new Goodbye())|}; }"),
        ("lambda that returns nothing", "Action f = () => {|error:ready.SendAsync(new Ping())|}; f();"),
        ("local function that returns nothing", "Local(); void Local() => {|error:ready.SendAsync(new Ping())|};"),
        ("awaited twice", "var t = ready.SendAsync(new Goodbye()); await t; await {|error:t|};"),
        ("awaited through a copy", "var t = ready.SendAsync(new Goodbye()); var c = t; await t; await {|error:c|};"),
        ("awaited in a loop", "var t = {|warning:ready.SendAsync(new Goodbye())|}; while (flag) await {|warning:t|};"),
        ("awaited again after a branch", "var t = ready.SendAsync(new Goodbye()); if (flag) await t; await {|warning:t|};"),
        ("awaited, then waited for", "var t = ready.SendAsync(new Goodbye()); await t; {|error:t.GetAwaiter().GetResult()|};"),
        ("awaited twice with configuration", "var t = ready.SendAsync(new Goodbye()); await t.ConfigureAwait(false); await {|error:t.ConfigureAwait(false)|};"),
        ("awaited, then chained", "var t = ready.SendAsync(new BalanceQuery(1)); _ = await t; _ = await {|error:t|}.ReceiveAsync();"),
        ("awaited, then given on", "var t = ready.SendAsync(new Ping()); await t; await Task.WhenAll({|error:t.AsTask()|});"),
        ("awaited in try and in catch", "var t = ready.SendAsync(new Goodbye()); try { await t; } catch (IOException) { await {|error:t|}; }"),
        ("awaited in finally again", "var t = ready.SendAsync(new Goodbye()); try { await t; } finally { await {|error:t|}; }"));

    private static readonly TokenCases<SCH3006OperationNotAwaited> LeftAlone = new(
        ("awaited", "await ready.SendAsync(new Goodbye());"),
        ("awaited with configuration", "await ready.SendAsync(new Goodbye()).ConfigureAwait(false);"),
        ("awaited later", "var t = ready.SendAsync(new Goodbye()); await Task.Yield(); await t;"),
        ("awaited in each branch", "var t = ready.SendAsync(new Goodbye()); if (flag) await t; else _ = await t;"),
        ("awaited in each section", "var t = ready.SendAsync(new Goodbye()); switch (number) { case 1: await t; break; default: await t; break; }"),
        ("chained", "_ = await ready.SendAsync(new BalanceQuery(1)).ReceiveAsync();"),
        ("chained later", "var t = ready.SendAsync(new BalanceQuery(1)); _ = await t.ReceiveAsync();"),
        ("chained to a method of one's own", "await Helpers.FinishAsync(new ValueTask<BankClient.Ready>(ready));"),
        ("returned from a local function", "_ = await Local(ready); static ValueTask<BankClient.Closed> Local(BankClient.Ready r) => r.SendAsync(new Goodbye());"),
        ("returned with a body", "_ = await Local(ready); static ValueTask<BankClient.Closed> Local(BankClient.Ready r) { var t = r.SendAsync(new Goodbye()); return t; }"),
        ("returned from a lambda", "Func<BankClient.Ready, ValueTask<BankClient.Closed>> f = r => r.SendAsync(new Goodbye()); await f(ready);"),
        ("async lambda", "Func<BankClient.Ready, Task> f = async r => await r.SendAsync(new Goodbye()); await f(ready);"),
        ("kept as a task", "var t = ready.SendAsync(new Goodbye()).AsTask(); await Task.WhenAny(t, Task.Delay(1)); await t;"),
        ("kept for more than one await", "var t = ready.SendAsync(new Ping()).Preserve(); await t; await t;"),
        ("several at once", "await Task.WhenAll(ready.SendAsync(new Ping()).AsTask(), Task.Delay(1));"),
        ("passed to a method", "var t = ready.SendAsync(new Ping()); await Helpers.BothAsync(t, default);"),
        ("added to a list", "var l = new List<ValueTask> { ready.SendAsync(new Ping()) }; await l[0];"),
        ("put in a field", "var t = ready.SendAsync(new Ping()); object o = t; Console.WriteLine(o);"),
        ("captured", "var t = ready.SendAsync(new Ping()); Func<Task> f = async () => await t; await f();"),
        ("result taken", "ready.SendAsync(new Goodbye()).GetAwaiter().GetResult();"),
        ("waited for as a task", "ready.SendAsync(new Goodbye()).AsTask().Wait();"),
        ("awaited in try, with a handler that returns", "var t = ready.SendAsync(new Goodbye(), token); try { await t; } catch (OperationCanceledException) { return; }"),
        ("awaited in finally", "var t = ready.SendAsync(new Goodbye()); try { Console.WriteLine(); } finally { await t; }"),
        ("a throw before the await", "var t = ready.SendAsync(new Goodbye()); if (flag) throw new IOException(); await t;"),
        ("a failure between", "try { var t = ready.SendAsync(new Goodbye()); Console.WriteLine(); await t; } catch (IOException) { }"),
        ("each turn its own", "while (flag) { var t = ready.SendAsync(new Ping()); await t; }"),
        ("element of a tuple", "var (t, n) = (ready.SendAsync(new Ping()), 1); await t;"),
        ("conditional", "await (flag ? ready.SendAsync(new Ping()) : default);"),
        ("reassigned after the await", "var t = ready.SendAsync(new Ping()); await t; t = ready.SendAsync(new Ping()); await t;"),
        ("tasks of others", "Helpers.OtherAsync(); _ = Helpers.LogInAsync(channel);"));

    private static readonly TokenCases<SCH3006OperationNotAwaited> Lanes = new(LaneCases.NotAwaited);

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
    public Task Reports_a_lane_operation_that_is_not_awaited_once(string name) => Lanes.CheckAsync(name);
}
