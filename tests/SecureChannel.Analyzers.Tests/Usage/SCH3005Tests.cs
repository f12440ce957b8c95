using SecureChannel.Analyzers.Usage;

namespace SecureChannel.Analyzers.Tests.Usage;

public sealed class SCH3005Tests
{
    private static readonly TokenCases<SCH3005ReplyNotHandled> Flagged = new(
        ("one arm missing", "var r = await authenticating.ReceiveAsync() {|warning:switch|} { BankClient.Authenticating.LoginAccepted(var a, _) => 1 };"),
        ("the other arm missing", "var r = await authenticating.ReceiveAsync() {|warning:switch|} { BankClient.Authenticating.LoginRejected(var a, _) => 1 };"),
        ("no arm", "var r = await authenticating.ReceiveAsync() {|warning:switch|} { null => 1 };"),
        ("an arm with a guard", "var r = await authenticating.ReceiveAsync() {|warning:switch|} { BankClient.Authenticating.LoginAccepted(var a, _) when a.Account > 0 => 1, BankClient.Authenticating.LoginRejected => 2 };"),
        ("an arm with a condition", "var r = await authenticating.ReceiveAsync() {|warning:switch|} { BankClient.Authenticating.LoginAccepted({ Account: > 0 }, _) => 1, BankClient.Authenticating.LoginRejected => 2 };"),
        ("an arm with a condition on a property", "var r = await authenticating.ReceiveAsync() {|warning:switch|} { BankClient.Authenticating.LoginAccepted { Message.Account: 7 } => 1, BankClient.Authenticating.LoginRejected => 2 };"),
        ("two conditions", "var r = await authenticating.ReceiveAsync() {|warning:switch|} { BankClient.Authenticating.LoginAccepted({ Account: 1 } or { Account: 2 }, _) => 1, BankClient.Authenticating.LoginRejected => 2 };"),
        ("and", "var r = await authenticating.ReceiveAsync() {|warning:switch|} { BankClient.Authenticating.LoginAccepted and { Message.Account: 7 } => 1, BankClient.Authenticating.LoginRejected => 2 };"),
        ("not", "var r = await authenticating.ReceiveAsync() {|warning:switch|} { not BankClient.Authenticating.LoginAccepted => 1 };"),
        ("default with a guard", "var r = await authenticating.ReceiveAsync() {|warning:switch|} { BankClient.Authenticating.LoginAccepted => 1, _ when flag => 2 };"),
        ("statement", "{|warning:switch|} (await authenticating.ReceiveAsync()) { case BankClient.Authenticating.LoginAccepted: break; }"),
        ("statement with a named case", "{|warning:switch|} (await authenticating.ReceiveAsync()) { case BankClient.Authenticating.LoginRejected(var why, _): Console.WriteLine(why); break; }"),
        ("statement with a guard", "{|warning:switch|} (await authenticating.ReceiveAsync()) { case BankClient.Authenticating.LoginAccepted: break; case BankClient.Authenticating.LoginRejected(var why, _) when flag: break; }"),
        ("statement without a section", "{|warning:switch|} (await authenticating.ReceiveAsync()) { }"),
        ("statement over a variable", "var reply = await authenticating.ReceiveAsync(); {|warning:switch|} (reply) { case BankClient.Authenticating.LoginAccepted: break; }"),
        ("after a chain", """var r = await start.SendAsync(new Login("a", "b")).ReceiveAsync() {|warning:switch|} { BankClient.Authenticating.LoginAccepted => 1 };"""),
        ("in a lambda", "Func<Task<int>> f = async () => await authenticating.ReceiveAsync() {|warning:switch|} { BankClient.Authenticating.LoginAccepted => 1 }; await f();"),
        ("in a local function", "await Local(authenticating); static async Task<int> Local(BankClient.Authenticating s) => await s.ReceiveAsync() {|warning:switch|} { BankClient.Authenticating.LoginAccepted => 1 };"),
        ("in a loop", "while (flag) { {|warning:switch|} (await authenticating.ReceiveAsync()) { case BankClient.Authenticating.LoginAccepted: return; } }"),
        ("in try", "try { {|warning:switch|} (await authenticating.ReceiveAsync()) { case BankClient.Authenticating.LoginAccepted: break; } } catch (IOException) { }"),
        ("nested", "var reply = await authenticating.ReceiveAsync(); var r = reply switch { BankClient.Authenticating.LoginAccepted => 1, _ => reply {|warning:switch|} { BankClient.Authenticating.LoginRejected => 2 } };"),
        ("null handled only", "{|warning:switch|} (await authenticating.ReceiveAsync()) { case null: break; case BankClient.Authenticating.LoginAccepted: break; }"));

    private static readonly TokenCases<SCH3005ReplyNotHandled> LeftAlone = new(
        ("each case", "var r = await authenticating.ReceiveAsync() switch { BankClient.Authenticating.LoginAccepted(var a, _) => 1, BankClient.Authenticating.LoginRejected(var b, _) => 2 };"),
        ("each case by its type", "var r = await authenticating.ReceiveAsync() switch { BankClient.Authenticating.LoginAccepted => 1, BankClient.Authenticating.LoginRejected => 2 };"),
        ("each case by a name", "var r = await authenticating.ReceiveAsync() switch { BankClient.Authenticating.LoginAccepted a => 1, BankClient.Authenticating.LoginRejected b => 2 };"),
        ("each case by a property", "var r = await authenticating.ReceiveAsync() switch { BankClient.Authenticating.LoginAccepted { Message: var a } => 1, BankClient.Authenticating.LoginRejected { Next: var b } => 2 };"),
        ("each case by typed elements", "var r = await authenticating.ReceiveAsync() switch { BankClient.Authenticating.LoginAccepted(LoginAccepted a, BankClient.Ready b) => 1, BankClient.Authenticating.LoginRejected(LoginRejected { Reason: var why }, _) => 2 };"),
        ("default", "var r = await authenticating.ReceiveAsync() switch { BankClient.Authenticating.LoginAccepted => 1, _ => 2 };"),
        ("var", "var r = await authenticating.ReceiveAsync() switch { BankClient.Authenticating.LoginAccepted => 1, var x => 2 };"),
        ("the abstract record", "var r = await authenticating.ReceiveAsync() switch { BankClient.Authenticating.LoginAccepted => 1, BankClient.Authenticating.Reply x => 2 };"),
        ("object", "var r = await authenticating.ReceiveAsync() switch { BankClient.Authenticating.LoginAccepted => 1, object => 2 };"),
        ("not null", "var r = await authenticating.ReceiveAsync() switch { not null => 1 };"),
        ("or", "var r = await authenticating.ReceiveAsync() switch { BankClient.Authenticating.LoginAccepted or BankClient.Authenticating.LoginRejected => 1 };"),
        ("not one of them", "var r = await authenticating.ReceiveAsync() switch { BankClient.Authenticating.LoginAccepted => 1, not BankClient.Authenticating.LoginAccepted => 2 };"),
        ("empty property pattern", "var r = await authenticating.ReceiveAsync() switch { BankClient.Authenticating.LoginAccepted => 1, { } => 2 };"),
        ("a condition and then the rest", "var r = await authenticating.ReceiveAsync() switch { BankClient.Authenticating.LoginAccepted({ Account: 7 }, _) => 1, BankClient.Authenticating.LoginAccepted => 2, BankClient.Authenticating.LoginRejected => 3 };"),
        ("a guard and then the rest", "var r = await authenticating.ReceiveAsync() switch { BankClient.Authenticating.LoginAccepted when flag => 1, BankClient.Authenticating.LoginAccepted => 2, BankClient.Authenticating.LoginRejected => 3 };"),
        ("a guard that always holds", "var r = await authenticating.ReceiveAsync() switch { BankClient.Authenticating.LoginAccepted when true => 2, BankClient.Authenticating.LoginRejected => 3 };"),
        ("statement", "switch (await authenticating.ReceiveAsync()) { case BankClient.Authenticating.LoginAccepted: break; case BankClient.Authenticating.LoginRejected: break; }"),
        ("statement with one section", "switch (await authenticating.ReceiveAsync()) { case BankClient.Authenticating.LoginAccepted: case BankClient.Authenticating.LoginRejected: break; }"),
        ("statement with default", "switch (await authenticating.ReceiveAsync()) { case BankClient.Authenticating.LoginAccepted(var a, _): break; default: break; }"),
        ("statement with names", "switch (await authenticating.ReceiveAsync()) { case BankClient.Authenticating.LoginAccepted(var a, _): break; case BankClient.Authenticating.LoginRejected(var b, _): break; }"),
        ("over a case", "if (await authenticating.ReceiveAsync() is BankClient.Authenticating.LoginAccepted a) { var r = a switch { { Message.Account: 7 } => 1, _ => 2 }; }"),
        ("over something else", "var r = number switch { 1 => 1 };"),
        ("over an object", "object o = await authenticating.ReceiveAsync(); switch (o) { case BankClient.Authenticating.LoginAccepted: break; }"),
        ("over the message", "var r = (await answering.ReceiveAsync()).Message switch { { Cents: 1 } => 1, _ => 2 };"),
        ("if", "if (await authenticating.ReceiveAsync() is BankClient.Authenticating.LoginAccepted) return;"));

    private static readonly TokenCases<SCH3005ReplyNotHandled> Lanes = new(LaneCases.NotExhausted);

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
    public Task Reports_a_switch_over_lanes_that_misses_a_case(string name) => Lanes.CheckAsync(name);
}
