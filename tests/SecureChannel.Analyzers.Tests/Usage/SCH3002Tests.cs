using SecureChannel.Analyzers.Usage;

namespace SecureChannel.Analyzers.Tests.Usage;

public sealed class SCH3002Tests
{
    private static readonly TokenCases<SCH3002TokenReused> Flagged = new(
        ("used twice", "await ready.SendAsync(new Goodbye()); await {|error:ready.SendAsync|}(new Goodbye());"),
        ("received twice", "_ = await answering.ReceiveAsync(); _ = await {|error:answering.ReceiveAsync|}();"),
        ("a chain consumes its first token", "var (b, next) = await ready.SendAsync(new BalanceQuery(1)).ReceiveAsync(); await {|error:ready.SendAsync|}(new Goodbye());"),
        ("a copy is consumed as well", "var copy = ready; await copy.SendAsync(new Goodbye()); await {|error:ready.SendAsync|}(new Goodbye());"),
        ("the original of a used copy", "var old = ready; (_, ready) = await ready.SendAsync(new BalanceQuery(1)).ReceiveAsync(); await {|error:old.SendAsync|}(new Goodbye());"),
        ("one branch", "if (flag) await ready.SendAsync(new Goodbye()); await {|warning:ready.SendAsync|}(new Goodbye());"),
        ("both branches", "if (flag) await ready.SendAsync(new Goodbye()); else _ = await ready.SendAsync(new BalanceQuery(1)); await {|error:ready.SendAsync|}(new Goodbye());"),
        ("the other branch returns", "if (flag) await ready.SendAsync(new Goodbye()); else return; await {|error:ready.SendAsync|}(new Goodbye());"),
        ("while loop", "while (flag) await {|warning:ready.SendAsync|}(new Goodbye());"),
        ("for loop", "for (var i = 0; i < 3; i++) { _ = await {|warning:ready.SendAsync|}(new BalanceQuery(1)).ReceiveAsync(); }"),
        ("foreach loop", """foreach (var c in "abc") await {|warning:ready.SendAsync|}(new Goodbye());"""),
        ("do loop, and after it", "do { await {|warning:ready.SendAsync|}(new Goodbye()); } while (flag); await {|error:ready.SendAsync|}(new Goodbye());"),
        ("finally after a use", "try { await ready.SendAsync(new Goodbye()); } finally { await {|warning:ready.SendAsync|}(new Goodbye()); }"),
        ("after a swallowed failure", "try { await ready.SendAsync(new Goodbye()); } catch (OperationCanceledException) { } await {|warning:ready.SendAsync|}(new Goodbye());"),
        ("handler of a chain, whose first step may be done", "try { (_, ready) = await ready.SendAsync(new BalanceQuery(1)).ReceiveAsync(token); } catch (OperationCanceledException) { await {|warning:ready.SendAsync|}(new Goodbye()); }"),
        ("element of a tuple", "var r = await ready.SendAsync(new BalanceQuery(1)).ReceiveAsync(); await r.Next.SendAsync(new Goodbye()); await {|error:r.Next.SendAsync|}(new Goodbye());"),
        ("element of a tuple by its other name", "var r = await ready.SendAsync(new BalanceQuery(1)).ReceiveAsync(); var next = r.Next; await next.SendAsync(new Goodbye()); await {|error:r.Item2.SendAsync|}(new Goodbye());"),
        ("reply deconstructed twice", "var reply = await authenticating.ReceiveAsync(); if (reply is BankClient.Authenticating.LoginAccepted(_, var a)) await a.SendAsync(new Goodbye()); if (reply is BankClient.Authenticating.LoginAccepted(_, var b)) await {|warning:b.SendAsync|}(new Goodbye());"),
        ("property of a reply", "if (await authenticating.ReceiveAsync() is BankClient.Authenticating.LoginAccepted accepted) { await accepted.Next.SendAsync(new Goodbye()); await {|error:accepted.Next.SendAsync|}(new Goodbye()); }"),
        ("property pattern", "if (await authenticating.ReceiveAsync() is BankClient.Authenticating.LoginAccepted { Next: var next }) { await next.SendAsync(new Goodbye()); await {|error:next.SendAsync|}(new Goodbye()); }"),
        ("case of a switch", "switch (await authenticating.ReceiveAsync()) { case BankClient.Authenticating.LoginAccepted(_, var next): await next.SendAsync(new Goodbye()); await {|error:next.SendAsync|}(new Goodbye()); break; }"),
        ("before a switch over its reply", """switch (await start.SendAsync(new Login("a", "b")).ReceiveAsync()) { default: _ = await {|error:start.SendAsync|}(new Login("a", "b")); break; }"""),
        ("every section of a switch", "switch (number) { case 1: await ready.SendAsync(new Goodbye()); break; default: await ready.SendAsync(new Goodbye()); break; } await {|error:ready.SendAsync|}(new Goodbye());"),
        ("some sections of a switch", "switch (number) { case 1: await ready.SendAsync(new Goodbye()); break; } await {|warning:ready.SendAsync|}(new Goodbye());"),
        ("arm of a switch expression", "var r = number switch { 0 => await ready.SendAsync(new BalanceQuery(1)), _ => await ready.SendAsync(new BalanceQuery(1)) }; await {|error:ready.SendAsync|}(new Goodbye());"),
        ("conditional expression", "var r = flag ? await ready.SendAsync(new BalanceQuery(1)) : default; await {|warning:ready.SendAsync|}(new Goodbye());"),
        ("passed to a method without attributes", "await Helpers.PassAsync(ready); await {|warning:ready.SendAsync|}(new Goodbye());"),
        ("passed to a method that consumes", "await Helpers.UseAsync(ready); await {|error:ready.SendAsync|}(new Goodbye());"),
        ("receiver of an extension method", "ready.ThisAsync(); await {|error:ready.SendAsync|}(new Goodbye());"),
        ("used, then passed", "await ready.SendAsync(new Goodbye()); await Helpers.PassAsync({|error:ready|});"),
        ("used, then lent", "await ready.SendAsync(new Goodbye()); Helpers.Look({|error:ready|});"),
        ("inside a lambda", "Func<BankClient.Ready, Task> f = async r => { await r.SendAsync(new Goodbye()); await {|error:r.SendAsync|}(new Goodbye()); }; await f(ready);"),
        ("inside a local function", "await Local(ready); static async Task Local(BankClient.Ready r) { await r.SendAsync(new Goodbye()); await {|error:r.SendAsync|}(new Goodbye()); }"),
        ("returned after its use", "_ = await Local(ready); static async Task<BankClient.Ready> Local(BankClient.Ready r) { await r.SendAsync(new Goodbye()); return {|error:r|}; }"),
        ("a borrowed parameter consumed", "await Local(ready); static async Task Local([Borrows] BankClient.Ready r) => await {|error:r.SendAsync|}(new Goodbye());"),
        ("a parameter by in consumed", "Local(ready); static void Local(in BankClient.Ready r) => {|error:r.SendAsync|}(new Goodbye()).AsTask().Wait();"),
        ("token of Begin", """var s = BankClient.Begin(channel); _ = await s.SendAsync(new Login("a", "b")); _ = await {|error:s.SendAsync|}(new Login("a", "b"));"""),
        ("out argument", "Helpers.Take(out var r); await r.SendAsync(new Goodbye()); await {|error:r.SendAsync|}(new Goodbye());"),
        ("result of a method", "var r = await Helpers.TryAsync(channel); await r.SendAsync(new Goodbye()); await {|error:r.SendAsync|}(new Goodbye());"),
        ("tuple that may be null", "if (await Helpers.LogInAsync(channel) is var (account, r)) { await r.SendAsync(new Goodbye()); await {|error:r.SendAsync|}(new Goodbye()); }"),
        ("task in a local", "var t = ready.SendAsync(new Goodbye()); await t; await {|error:ready.SendAsync|}(new Goodbye());"),
        ("several tasks awaited at once", "await Task.WhenAll(ready.SendAsync(new Goodbye()).AsTask(), Task.Delay(0)); await {|error:ready.SendAsync|}(new Goodbye());"),
        ("without await", "ready.SendAsync(new Goodbye()).GetAwaiter().GetResult(); await {|error:ready.SendAsync|}(new Goodbye());"),
        ("configured await", "await ready.SendAsync(new Goodbye()).ConfigureAwait(false); await {|error:ready.SendAsync|}(new Goodbye());"),
        ("goto back", "again: await {|warning:ready.SendAsync|}(new Goodbye()); if (flag) goto again;"),
        ("after using", "await using (channel) { await ready.SendAsync(new Goodbye()); } await {|error:ready.SendAsync|}(new Goodbye());"),
        ("switch statement that misses a case", "while (flag) { switch (await {|warning:authenticating.ReceiveAsync|}()) { case BankClient.Authenticating.LoginAccepted(_, var next): await next.SendAsync(new Goodbye()); return; } }"),
        ("switch statement with a condition", "while (flag) { switch (await {|warning:authenticating.ReceiveAsync|}()) { case BankClient.Authenticating.LoginAccepted({ Account: 7 }, _): return; case BankClient.Authenticating.LoginRejected: return; } }"),
        ("conditions on two replies", "var a = await authenticating.ReceiveAsync(); if (flag) a = await Helpers.ReplyAsync(); if (a is BankClient.Authenticating.LoginAccepted) return; a = await Helpers.ReplyAsync(); if (a is BankClient.Authenticating.LoginRejected) return; _ = await {|error:authenticating.ReceiveAsync|}();"),
        ("token of a reply that a loop renews, kept outside", "var first = ready; var last = await first.SendAsync(new BalanceQuery(1)); while (flag) { (_, var next) = await last.ReceiveAsync(); last = await next.SendAsync(new BalanceQuery(1)); } await {|error:first.SendAsync|}(new Goodbye());"));

    private static readonly TokenCases<SCH3002TokenReused> LeftAlone = new(
        ("renewed in a loop", "for (var i = 0; i < 3; i++) (_, ready) = await ready.SendAsync(new BalanceQuery(1)).ReceiveAsync(); await ready.SendAsync(new Goodbye());"),
        ("renewed in a while loop, in two steps", "while (flag) { var a = await ready.SendAsync(new BalanceQuery(1)); (var b, ready) = await a.ReceiveAsync(); } await ready.SendAsync(new Goodbye());"),
        ("operation that stays", "await ready.SendAsync(new Ping()); await ready.SendAsync(new Ping()); await ready.SendAsync(new Goodbye());"),
        ("operation that stays in a loop", "while (flag) await ready.SendAsync(new Ping()); await ready.SendAsync(new Goodbye());"),
        ("operation that stays, chained", "var r = await ready.SendAsync(new BalanceQuery(1)).ReceiveAsync(); await r.Next.SendAsync(new Ping()); await r.Next.SendAsync(new Goodbye());"),
        ("one use in each branch", "if (flag) await ready.SendAsync(new Goodbye()); else _ = await ready.SendAsync(new BalanceQuery(1));"),
        ("early return", "if (flag) { await ready.SendAsync(new Goodbye()); return; } await ready.SendAsync(new Goodbye());"),
        ("early throw", "if (flag) { await ready.SendAsync(new Goodbye()); throw new IOException(); } await ready.SendAsync(new Goodbye());"),
        ("break after the use", "while (flag) { await ready.SendAsync(new Goodbye()); break; }"),
        ("renewed variable", "(_, ready) = await ready.SendAsync(new BalanceQuery(1)).ReceiveAsync(); await ready.SendAsync(new Goodbye());"),
        ("given back by a cancelled operation", "try { await ready.SendAsync(new Goodbye(), token); } catch (OperationCanceledException) { await ready.SendAsync(new Goodbye()); }"),
        ("given back to a loop that tries again", "while (true) { try { await ready.SendAsync(new Goodbye(), token); break; } catch (OperationCanceledException) { } }"),
        ("given back to a loop, with continue", "while (true) { try { await ready.SendAsync(new Goodbye(), token); } catch (OperationCanceledException) { continue; } break; }"),
        ("given back by an awaited local", "var t = ready.SendAsync(new Goodbye(), token); try { await t; } catch (OperationCanceledException) { await ready.SendAsync(new Goodbye()); }"),
        ("given back through a filter", "try { await ready.SendAsync(new Goodbye(), token); } catch (Exception e) when (e is OperationCanceledException) { await ready.SendAsync(new Goodbye()); }"),
        ("given back, then renewed", "try { var a = await ready.SendAsync(new BalanceQuery(1), token); (_, ready) = await a.ReceiveAsync(); } catch (IOException) { return; } await ready.SendAsync(new Goodbye());"),
        ("finally that does not use it", "try { await ready.SendAsync(new Goodbye()); } finally { Console.WriteLine(); }"),
        ("lent", "Helpers.Look(ready); await Helpers.LookAsync(ready); Helpers.Peek(ready); Helpers.Peek(in ready); await ready.SendAsync(new Goodbye());"),
        ("given on and taken back", "ready = await Helpers.OnAsync(ready); ready = await ready.ThisAsync(); await ready.SendAsync(new Goodbye());"),
        ("each case of a reply", "switch (await authenticating.ReceiveAsync()) { case BankClient.Authenticating.LoginAccepted(_, var next): await next.SendAsync(new Goodbye()); break; case BankClient.Authenticating.LoginRejected(var why, _): Console.WriteLine(why.Reason); break; }"),
        ("switch expression over a reply", "var left = await authenticating.ReceiveAsync() switch { BankClient.Authenticating.LoginAccepted(_, var next) => await next.SendAsync(new Goodbye()), BankClient.Authenticating.LoginRejected(_, var closed) => closed, _ => default };"),
        ("pattern", "if (await authenticating.ReceiveAsync() is BankClient.Authenticating.LoginAccepted(var a, var next)) await next.SendAsync(new Goodbye());"),
        ("pattern that did not match", "var reply = await authenticating.ReceiveAsync(); if (reply is not BankClient.Authenticating.LoginAccepted(_, var next)) return; await next.SendAsync(new Goodbye());"),
        ("tuple that may be null", "if (await Helpers.LogInAsync(channel) is var (account, r)) { (_, r) = await r.SendAsync(new BalanceQuery(1)).ReceiveAsync(); await r.SendAsync(new Goodbye()); }"),
        ("by ref", "Helpers.Renew(ref ready); await ready.SendAsync(new Goodbye()); Helpers.Renew(ref ready); await ready.SendAsync(new Goodbye());"),
        ("by out", "await ready.SendAsync(new Goodbye()); Helpers.Take(out ready); await ready.SendAsync(new Goodbye());"),
        ("field", "await Helpers.Field.SendAsync(new Goodbye()); await Helpers.Field.SendAsync(new Goodbye());"),
        ("captured by a lambda", "Func<Task> f = async () => await ready.SendAsync(new Goodbye()); await f(); ready = default; await ready.SendAsync(new Goodbye());"),
        ("lambda with its own", "Func<BankClient.Ready, Task> f = async r => await r.SendAsync(new Goodbye()); await f(ready);"),
        ("local function with its own", "await Local(ready); static async Task Local(BankClient.Ready r) => await r.SendAsync(new Goodbye());"),
        ("borrowed parameter that stays", "await Local(ready); await ready.SendAsync(new Goodbye()); static async Task Local([Borrows] BankClient.Ready r) { await r.SendAsync(new Ping()); await r.SendAsync(new Ping()); }"),
        ("returned", "_ = await Local(ready); static async Task<BankClient.Ready> Local(BankClient.Ready r) { await r.SendAsync(new Ping()); return r; }"),
        ("either of two", "var r = flag ? ready : Helpers.Field; await r.SendAsync(new Goodbye());"),
        ("two tokens", "var other2 = await Helpers.TryAsync(other); await ready.SendAsync(new Goodbye()); await other2.SendAsync(new Goodbye());"),
        ("each turn has its own", "while (flag) { var r = await Helpers.TryAsync(channel); await r.SendAsync(new Goodbye()); }"),
        ("boxed", "object o = ready; await ready.SendAsync(new Goodbye()); Console.WriteLine(o);"),
        ("members of every value", "await ready.SendAsync(new Goodbye()); Console.WriteLine(ready.ToString() + nameof(ready) + ready.GetHashCode());"),
        ("in a list", "var l = new List<BankClient.Ready> { ready }; await l[0].SendAsync(new Goodbye()); await ready.SendAsync(new Goodbye());"),
        ("generic method", "var same = await Task.FromResult(ready); await same.SendAsync(new Goodbye());"),
        ("unreachable", "await ready.SendAsync(new Goodbye()); return; await ready.SendAsync(new Goodbye());"),
        ("assigned from a default", "BankClient.Ready r = default; if (flag) r = ready; await r.SendAsync(new Goodbye());"),
        ("element of a literal tuple", "var (r, n) = (ready, 1); await r.SendAsync(new Goodbye());"),
        ("switch statement over each case, in a loop", "while (flag) { switch (await authenticating.ReceiveAsync()) { case BankClient.Authenticating.LoginAccepted(_, var next): await next.SendAsync(new Goodbye()); return; case BankClient.Authenticating.LoginRejected: return; } }"),
        ("switch statement over each case that renews a token", "while (true) { switch (await authenticating.ReceiveAsync()) { case BankClient.Authenticating.LoginAccepted(_, var next): ready = next; break; case BankClient.Authenticating.LoginRejected when flag: return; case BankClient.Authenticating.LoginRejected: authenticating = await Helpers.AgainAsync(); continue; } await ready.SendAsync(new Goodbye()); return; }"),
        ("switch statement over each case of a variable", "var reply = await authenticating.ReceiveAsync(); switch (reply) { case BankClient.Authenticating.LoginRejected or null: return; case not BankClient.Authenticating.LoginRejected: authenticating = await Helpers.AgainAsync(); break; } _ = await authenticating.ReceiveAsync();"),
        ("conditions one after the other", "while (flag) { var reply = await authenticating.ReceiveAsync(); if (reply is BankClient.Authenticating.LoginAccepted(_, var next)) { await next.SendAsync(new Goodbye()); return; } else if (reply is BankClient.Authenticating.LoginRejected) return; }"),
        ("condition that is negated", "while (flag) { var reply = await authenticating.ReceiveAsync(); if (reply is not BankClient.Authenticating.LoginAccepted(_, var next)) { if (reply is BankClient.Authenticating.LoginRejected(var why, _)) return; continue; } await next.SendAsync(new Goodbye()); return; }"),
        ("result in a condition", "if (await ready.SendAsync(new BalanceQuery(1)).ReceiveAsync() is ({ Cents: > 0 }, var next)) await next.SendAsync(new Goodbye());"));

    private static readonly TokenCases<SCH3002TokenReused> Lanes = new(LaneCases.UsedAgain);

    public static TheoryData<string> FlaggedNames => Flagged.Names;

    public static TheoryData<string> LeftAloneNames => LeftAlone.Names;

    /// <summary>The bodies of all cases, without the marks.</summary>
    public static IEnumerable<string> Bodies => Flagged.Bodies.Concat(LeftAlone.Bodies);

    public static TheoryData<string> LaneNames => Lanes.Names;

    [Theory]
    [MemberData(nameof(FlaggedNames))]
    public Task Reports_misuse(string name) => Flagged.CheckAsync(name);

    [Theory]
    [MemberData(nameof(LeftAloneNames))]
    public Task Does_not_report_correct_use(string name) => LeftAlone.CheckAsync(name);

    [Theory]
    [MemberData(nameof(LaneNames))]
    public Task Reports_a_lane_that_was_consumed_or_joined(string name) => Lanes.CheckAsync(name);
}
