using SecureChannel.Analyzers.Usage;

namespace SecureChannel.Analyzers.Tests.Usage;

public sealed class SCH3007Tests
{
    private static readonly TokenCases<SCH3007ConcurrentOperations> Flagged = new(
        ("two tasks", "var a = ready.SendAsync(new Ping()); var b = {|error:ready.SendAsync|}(new Ping()); await a; await b;"),
        ("one that nobody awaits", "_ = ready.SendAsync(new Ping()); await {|error:ready.SendAsync|}(new Ping());"),
        ("a statement that is not awaited", "ready.SendAsync(new Ping()); await {|error:ready.SendAsync|}(new Goodbye());"),
        ("all of them", "await Task.WhenAll(ready.SendAsync(new Ping()).AsTask(), {|error:ready.SendAsync|}(new Ping()).AsTask());"),
        ("all of them in an array", "await Task.WhenAll(new[] { ready.SendAsync(new Ping()).AsTask(), {|error:ready.SendAsync|}(new Ping()).AsTask() });"),
        ("all of them in a collection", "await Task.WhenAll([ready.SendAsync(new Ping()).AsTask(), {|error:ready.SendAsync|}(new Ping()).AsTask()]);"),
        ("awaited in one branch", "var a = ready.SendAsync(new Ping()); if (flag) await a; await {|warning:ready.SendAsync|}(new Ping());"),
        ("begun in one branch", "ValueTask a = default; if (flag) a = ready.SendAsync(new Ping()); await {|warning:ready.SendAsync|}(new Ping()); await a;"),
        ("in a loop", "while (flag) { _ = {|warning:ready.SendAsync|}(new Ping()); }"),
        ("a chain under way", "var t = ready.SendAsync(new BalanceQuery(1)).ReceiveAsync(); await {|error:ready.SendAsync|}(new Ping()); _ = await t;"),
        ("passed on while busy", "var t = ready.SendAsync(new Ping()); await Helpers.PassAsync({|error:ready|}); await t;"),
        ("lent while busy", "var t = ready.SendAsync(new Ping()); Helpers.Look({|error:ready|}); await t;"),
        ("through a copy", "var copy = ready; var t = copy.SendAsync(new Ping()); await {|error:ready.SendAsync|}(new Ping()); await t;"),
        ("in try", "try { var t = ready.SendAsync(new Ping()); await {|error:ready.SendAsync|}(new Ping()); await t; } catch (IOException) { }"),
        ("in finally", "var t = ready.SendAsync(new Ping()); try { Console.WriteLine(); } finally { await {|error:ready.SendAsync|}(new Ping()); } await t;"),
        ("element of a tuple", "var r = await answering.ReceiveAsync(); var t = r.Next.SendAsync(new Ping()); await {|error:r.Next.SendAsync|}(new Ping()); await t;"),
        ("reply of a pattern", "if (await authenticating.ReceiveAsync() is BankClient.Authenticating.LoginAccepted(_, var r)) { var t = r.SendAsync(new Ping()); await {|error:r.SendAsync|}(new Ping()); await t; }"),
        ("in a lambda", "Func<BankClient.Ready, Task> f = async r => { var t = r.SendAsync(new Ping()); await {|error:r.SendAsync|}(new Ping()); await t; }; await f(ready);"),
        ("in a local function", "await Local(ready); static async Task Local(BankClient.Ready r) { var t = r.SendAsync(new Ping()); await {|error:r.SendAsync|}(new Ping()); await t; }"),
        ("arguments of one call", "await Helpers.BothAsync(ready.SendAsync(new Ping()), {|error:ready.SendAsync|}(new Ping()));"),
        ("elements of one tuple", "var (a, b) = (ready.SendAsync(new Ping()), {|error:ready.SendAsync|}(new Ping())); await a; await b;"),
        ("elements of one collection", "ValueTask[] all = [ready.SendAsync(new Ping()), {|error:ready.SendAsync|}(new Ping())]; await all[0];"),
        ("returned while busy", "Local(ready); static BankClient.Ready Local(BankClient.Ready r) { _ = r.SendAsync(new Ping()); return {|error:r|}; }"),
        ("two receives", "var a = answering.ReceiveAsync(); var b = {|error:answering.ReceiveAsync|}(); _ = await a; _ = await b;"),
        ("before goto", "again: var t = {|warning:ready.SendAsync|}(new Ping()); if (flag) goto again; await t;"),
        ("after a switch", "ValueTask t = default; switch (number) { case 1: t = ready.SendAsync(new Ping()); break; } await {|warning:ready.SendAsync|}(new Ping()); await t;"));

    private static readonly TokenCases<SCH3007ConcurrentOperations> LeftAlone = new(
        ("one after the other", "await ready.SendAsync(new Ping()); await ready.SendAsync(new Ping());"),
        ("awaited between", "var a = ready.SendAsync(new Ping()); await a; var b = ready.SendAsync(new Ping()); await b;"),
        ("waited for between", "ready.SendAsync(new Ping()).GetAwaiter().GetResult(); await ready.SendAsync(new Ping());"),
        ("waited for as a task", "ready.SendAsync(new Ping()).AsTask().Wait(); await ready.SendAsync(new Ping());"),
        ("in a loop", "while (flag) await ready.SendAsync(new Ping());"),
        ("in a loop, in two steps", "while (flag) { var t = ready.SendAsync(new Ping()); await t; }"),
        ("two tokens at once", "var r = await Helpers.TryAsync(other); await Task.WhenAll(ready.SendAsync(new Ping()).AsTask(), r.SendAsync(new Ping()).AsTask());"),
        ("after all of them", "await Task.WhenAll(ready.SendAsync(new Ping()).AsTask(), Task.Delay(1)); await ready.SendAsync(new Ping());"),
        ("each branch one", "if (flag) await ready.SendAsync(new Ping()); else await ready.SendAsync(new Goodbye());"),
        ("awaited in each branch", "var t = ready.SendAsync(new Ping()); if (flag) await t; else await t.ConfigureAwait(false); await ready.SendAsync(new Ping());"),
        ("other work meanwhile", "var t = ready.SendAsync(new Ping()); await Task.Delay(0); Console.WriteLine(); await t;"),
        ("after a failure", "try { await ready.SendAsync(new Ping()); } catch (IOException) { await ready.SendAsync(new Goodbye()); }"),
        ("after a failure of a local", "var t = ready.SendAsync(new Ping()); try { await t; } catch (IOException) { await ready.SendAsync(new Goodbye()); }"),
        ("chain", "_ = await ready.SendAsync(new BalanceQuery(1)).ReceiveAsync();"),
        ("reply and question", "var a = await ready.SendAsync(new BalanceQuery(1)); _ = await a.ReceiveAsync();"),
        ("task that is given away", "await Task.WhenAny(ready.SendAsync(new Ping()).AsTask(), Task.Delay(1)); await ready.SendAsync(new Ping());"),
        ("task in a list", "var l = new List<Task> { ready.SendAsync(new Ping()).AsTask() }; await l[0]; await ready.SendAsync(new Ping());"),
        ("task that is captured", "var t = ready.SendAsync(new Ping()); Func<Task> f = async () => await t; await f(); await ready.SendAsync(new Ping());"),
        ("conditional", "await (flag ? ready.SendAsync(new Ping()) : default); await ready.SendAsync(new Ping());"),
        ("renewed while a task is open", "var t = ready.SendAsync(new Ping()); ready = Helpers.Field; await ready.SendAsync(new Ping()); await t;"),
        ("in a lambda", "Func<BankClient.Ready, Task> f = async r => { await r.SendAsync(new Ping()); await r.SendAsync(new Goodbye()); }; await f(ready);"),
        ("configured", "await ready.SendAsync(new Ping()).ConfigureAwait(false); await ready.SendAsync(new Ping()).ConfigureAwait(false);"),
        ("field", "_ = Helpers.Field.SendAsync(new Ping()); await Helpers.Field.SendAsync(new Ping());"));

    private static readonly TokenCases<SCH3007ConcurrentOperations> Lanes = new(LaneCases.AtOnce);

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
    public Task Reports_two_operations_on_one_lane(string name) => Lanes.CheckAsync(name);
}
